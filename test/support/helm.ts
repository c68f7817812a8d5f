import { join } from 'node:path';
import { execa } from 'execa';
import { parseAllDocuments } from 'yaml';
import { ROOT, unpackedProgram } from './unpack.ts';

/** Why `helmBinary` has none to offer; fit for the title of a skipped test. */
export const NO_HELM = 'needs helm on PATH, or ../shared/k8s/bin/helm.xz beside the checkout and xz';

export const CHART = join(ROOT, 'deploy', 'helm', 'podline');

/** A rendered object, as far as the tests look into it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels: Record<string, string>; annotations?: Record<string, string> };
  // oxlint-disable-next-line typescript/no-explicit-any -- as many shapes as kinds; the API server knows them
  [part: string]: any;
}

/** Path of helm: the one on PATH, else one unpacked once into the temporary folder. Undefined where there is none. */
export async function helmBinary(): Promise<string | undefined> {
  const installed = await execa('helm', ['version'], { reject: false });
  if (!installed.failed) return 'helm';
  return unpackedProgram('k8s', 'bin', 'helm.xz');
}

/**
 * Renders the chart as release `podline` with these values.
 * @throws Error with helm's message where the values are refused.
 */
export async function render(helm: string, values: object = {}, files: readonly string[] = []): Promise<Manifest[]> {
  const args = ['template', 'podline', CHART, '--namespace', 'test', '--kube-version', '1.35.0'];
  const { stdout } = await execa(helm, [...args, ...files.flatMap((file) => ['--values', file]), '--values', '-'], {
    input: JSON.stringify(values),
  });
  return parseAllDocuments(stdout).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0] as Error;
    const manifest = document.toJS() as Manifest | null;
    return manifest === null ? [] : [manifest];
  });
}

export function find(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name === name);
  if (!found)
    throw new Error(
      `There is no ${kind} "${name}": ${manifests.map((one) => `${one.kind} ${one.metadata.name}`).join(', ')}`,
    );
  return found;
}
