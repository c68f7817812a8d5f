import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImages } from '../images/build-images.mjs';
import { projectRoot } from '../setup/paths.mjs';
import { runCommand, runOrFail } from '../setup/run-command.mjs';
import { kitCommand, startCluster, whySkip } from './kit.mjs';

const TAG = 'test';
/** The name and tag of the chart's own default. */
const NATS_IMAGE = 'nats:2.15.2';

/**
 * Builds the images, starts a real cluster, and runs the Jest project `cluster` inside its network.
 *   --keep          leaves the cluster running
 *   --no-build      takes the images of the last run, which a kept cluster still has
 *   anything else   goes to Jest
 * @param {{ args: string[], env: NodeJS.ProcessEnv, signal: AbortSignal, say: (line: string) => void }} context
 * @returns {Promise<number>} the exit code
 */
export async function runClusterTests({ args, env, signal, say }) {
  const reason = whySkip({ platform: process.platform, uid: process.getuid?.() });
  if (reason !== undefined) {
    say(`The cluster tests are skipped: ${reason}.`);
    return 0;
  }
  say('starting Kubernetes');
  const inCluster = await startCluster(env, signal);
  try {
    if (!args.includes('--no-build')) await loadImages(inCluster, signal, say);
    return await runJest(
      args.filter((arg) => arg !== '--keep' && arg !== '--no-build'),
      inCluster,
      signal,
    );
  } finally {
    if (!args.includes('--keep')) await runCommand(kitCommand('down'), [], { env });
  }
}

/** @param {NodeJS.ProcessEnv} env @param {AbortSignal} signal @param {(line: string) => void} say */
async function loadImages(env, signal, say) {
  const builder = `${kitCommand('build-image')} --load`;
  await buildImages({ args: ['--tag', TAG], env: { ...env, PODLINE_IMAGE_BUILDER: builder }, signal, say });
  say(`building ${NATS_IMAGE}`);
  const folder = await mkdtemp(join(tmpdir(), 'podline-nats-'));
  try {
    const packed = join(projectRoot, '..', 'shared', 'bin', 'nats-server.xz');
    const unpack = 'xz -dc "$1" > "$2" && chmod 755 "$2"';
    await runOrFail('xz', 'sh', ['-c', unpack, 'sh', packed, join(folder, 'nats-server')], { env, signal });
    await copyFile(join(projectRoot, 'test', 'cluster', 'nats.Dockerfile'), join(folder, 'Dockerfile'));
    const build = ['-t', NATS_IMAGE, '--load', folder];
    await runOrFail(NATS_IMAGE, kitCommand('build-image'), build, { env, signal });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * In the cluster's network: names of services resolve, and pods reach the servers of the tests.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {AbortSignal} signal
 * @returns {Promise<number>} Jest's exit code
 */
async function runJest(args, env, signal) {
  const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  const node = [process.execPath, '--experimental-vm-modules', jest, '--selectProjects', 'cluster', '--runInBand'];
  const child = spawn(kitCommand('nsexec'), [...node, ...args], {
    cwd: projectRoot,
    env: { ...env, PODLINE_TEST_TAG: TAG },
    stdio: 'inherit',
  });
  signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  const [code] = await once(child, 'exit');
  return code ?? 1;
}
