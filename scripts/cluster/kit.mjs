import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../setup/paths.mjs';
import { runOrFail } from '../setup/run-command.mjs';

/** Beside the checkout: scripts that start a real Kubernetes on one machine, build images without a registry, and so on. */
const KIT = join(projectRoot, '..', 'shared', 'k8s');

/** @param {string} name one of the kit's commands */
export function kitCommand(name) {
  return join(KIT, name);
}

/**
 * Why the cluster tests can't run here; undefined where they can.
 * @param {{ platform: string, uid: number | undefined }} machine
 */
export function whySkip({ platform, uid }, folder = KIT) {
  if (!existsSync(join(folder, 'up'))) return `there is no Kubernetes kit at ${folder}`;
  if (platform !== 'linux') return `the Kubernetes kit needs Linux, and this is ${platform}`;
  return uid === 0 ? undefined : 'the Kubernetes kit needs root';
}

/**
 * The variables that `up` prints as `export NAME=value`, laid over the environment.
 * @param {string} printed
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function clusterEnvironment(printed, env) {
  const exports = [...printed.matchAll(/^export ([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [
    name,
    value.replace('$PATH', env['PATH'] ?? ''),
  ]);
  return { ...env, ...Object.fromEntries(exports) };
}

/**
 * Starts the cluster, or finds it running.
 * @param {NodeJS.ProcessEnv} env
 * @param {AbortSignal} signal
 * @returns {Promise<NodeJS.ProcessEnv>} the environment in which kubectl and helm reach it
 */
export async function startCluster(env, signal) {
  return clusterEnvironment(await runOrFail('shared/k8s/up', kitCommand('up'), ['--crds'], { env, signal }), env);
}
