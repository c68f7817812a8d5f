import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** @type {NodeJS.Signals[]} */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGWINCH'];

/**
 * npm passes a terminal's Ctrl-C on to a child that got it from the terminal already. Two of the same signal within this
 * time are one; a person pressing twice takes longer.
 */
const SAME_SIGNAL_MS = 300;

/**
 * The environment of podline's own processes: the project's Node first on PATH, the tools' folders on it too, and
 * whisper-server's path unless the user gave one.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} root
 * @param {Record<string, string>} components paths by name
 * @returns {NodeJS.ProcessEnv}
 */
export function programEnvironment(env, root, components) {
  const { 'whisper-server': whisperServer, model: _model, ...tools } = components;
  const present = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const folders = [
    join(root, 'node_modules', '.bin'),
    ...present,
    ...Object.values(tools).map((path) => dirname(path)),
  ];
  return {
    ...env,
    PATH: [...new Set(folders)].join(delimiter),
    ...(whisperServer !== undefined && { PODLINE_WHISPER_SERVER: env['PODLINE_WHISPER_SERVER'] || whisperServer }),
  };
}

/**
 * Whether a signal is to be passed on: not when it repeats the last one at once.
 * @param {{ name: string, at: number } | undefined} last
 * @param {string} name
 * @param {number} now milliseconds
 */
export function isNewSignal(last, name, now) {
  return last === undefined || last.name !== name || now - last.at > SAME_SIGNAL_MS;
}

/**
 * Runs podline in place of this process, as far as its caller can tell: same terminal, its exit code, each signal once.
 * The child gets a session of its own, so that the terminal's Ctrl-C reaches it through this process only.
 * @param {string} root
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code
 */
export async function launch(root, args, env) {
  const node = join(root, 'node_modules', '.bin', 'node');
  const main = join(root, 'dist', 'apps', 'cli', 'src', 'main.js');
  const child = spawn(node, [main, ...args], { env, stdio: 'inherit', detached: true });
  /** @type {{ name: string, at: number } | undefined} */
  let last;
  for (const name of FORWARDED) {
    process.on(name, () => {
      const at = performance.now();
      if (isNewSignal(last, name, at)) child.kill(name);
      last = { name, at };
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
}
