import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPaths } from '../../apps/cli/src/paths.ts';
import { apply, helm, kubectl, kubectlJson } from './run-tool.ts';

const NAME = 'podline';
const INSTALL_TIMEOUT = '8m';

export type Values = Record<string, unknown>;

/** The chart, installed in a namespace of its own that enforces the restricted Pod Security Standard. */
export interface Release {
  name: string;
  namespace: string;
  /** Milliseconds from `helm install` to all pods ready. */
  readyAfterMs: number;
  kubectl: (...args: string[]) => Promise<string>;
  kubectlJson: <T>(...args: string[]) => Promise<T>;
  /** `helm upgrade` to these values, which replace those before. */
  upgrade: (values: Values, options?: { wait?: boolean }) => Promise<void>;
  /** `helm upgrade` as docs/operating.md tells it, without naming the values again. */
  upgradeKeepingValues: () => Promise<void>;
  /** `helm test`. @returns its output. */
  test: () => Promise<string>;
  remove: () => Promise<void>;
}

export const chart = (): string => join(findPaths().root, 'deploy', 'helm', 'podline');

/** @param prepare makes what the values refer to, once the namespace is there. */
export async function installRelease(
  namespace: string,
  values: Values,
  prepare: (namespace: string) => Promise<void> = async () => undefined,
): Promise<Release> {
  const folder = await mkdtemp(join(tmpdir(), 'podline-cluster-'));
  const inNamespace = ['--namespace', namespace];
  const valuesFile = async (content: Values): Promise<string[]> => {
    const path = join(folder, 'values.json');
    await writeFile(path, JSON.stringify(content));
    return ['--values', path];
  };
  await createNamespace(namespace);
  await prepare(namespace);
  const began = performance.now();
  const wait = ['--wait', '--timeout', INSTALL_TIMEOUT];
  await helm('install', NAME, chart(), ...inNamespace, ...(await valuesFile(values)), ...wait);
  const readyAfterMs = performance.now() - began;
  return {
    name: NAME,
    namespace,
    readyAfterMs,
    kubectl: (...args) => kubectl(...inNamespace, ...args),
    kubectlJson: (...args) => kubectlJson(...inNamespace, ...args),
    upgrade: async (changed, { wait: waits = true } = {}) => {
      await helm('upgrade', NAME, chart(), ...inNamespace, ...(await valuesFile(changed)), ...(waits ? wait : []));
    },
    upgradeKeepingValues: async () => {
      await helm('upgrade', NAME, chart(), ...inNamespace, ...wait, '--reset-then-reuse-values');
    },
    test: () => helm('test', NAME, ...inNamespace, '--logs', '--timeout', INSTALL_TIMEOUT),
    remove: async () => {
      await helm('uninstall', NAME, ...inNamespace, '--wait', '--timeout', INSTALL_TIMEOUT);
      await kubectl('delete', 'namespace', namespace, '--wait=true');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A namespace where the API server refuses every pod that is not restricted. */
export async function createNamespace(name: string): Promise<void> {
  const labels = {
    'pod-security.kubernetes.io/enforce': 'restricted',
    'pod-security.kubernetes.io/enforce-version': 'latest',
  };
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
}
