import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { chart, createNamespace } from './release.ts';
import { helm, kubectl } from './run-tool.ts';

jest.setTimeout(120_000);

const NAMESPACE = 'podline-scenarios';
const KUBERNETES = '1.35.0';
const folder = join(chart(), 'ci');
const scenarios = readdirSync(folder).filter((name) => name.endsWith('-values.yaml'));

beforeAll(() => createNamespace(NAMESPACE));
afterAll(() => kubectl('delete', 'namespace', NAMESPACE, '--wait=false'));

/** The API server checks every field, and the CRDs of KEDA and of the Prometheus operator are there. */
test.each(scenarios)('the API server takes every resource of ci/%s', async (scenario) => {
  const values = ['--values', join(folder, scenario)];
  // Helm itself doesn't ask the cluster what it is when it only renders.
  const version = ['--kube-version', KUBERNETES];
  const rendered = await helm('template', 'podline', chart(), '--namespace', NAMESPACE, ...version, ...values);
  const { stdout } = await execa(
    'kubectl',
    ['apply', '--server-side', '--dry-run=server', '--validate=strict', '--namespace', NAMESPACE, '-f', '-'],
    { input: rendered },
  );
  expect(stdout.split('\n').length).toBeGreaterThan(5);
});
