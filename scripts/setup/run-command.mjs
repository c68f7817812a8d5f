import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { SetupError, SetupInterrupted } from './setup-error.mjs';

const KEPT_LINES = 200;
const KILL_AFTER_MS = 3000;

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {AbortSignal | undefined} [signal] ends the command and everything it started
 * @property {(line: string) => void} [onLine] called with every line of output
 */

/**
 * Runs a command to its end, stdout and stderr taken together. It gets a process group of its own, so that Ctrl-C
 * reaches it through `signal` alone (a package manager must not be torn off), and so that its own children end with it.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<{ code: number, output: string }>} the exit code (128 and more: killed) and the last 200 lines
 * @throws SetupError when it can't be started, SetupInterrupted when `signal` ended it
 */
export async function runCommand(file, args, options = {}) {
  const { cwd, env, signal, onLine } = options;
  if (signal?.aborted) throw new SetupInterrupted();
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const stop = () => killGroup(child);
  signal?.addEventListener('abort', stop, { once: true });
  /** @type {string[]} */
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      onLine?.(line);
    });
  }
  try {
    const code = await exitCode(child, file);
    if (signal?.aborted) throw new SetupInterrupted();
    return { code, output: lines.join('\n') };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/**
 * As `runCommand`, but anything but success is an error.
 * @param {string} what said in the message, such as "npm ci"
 * @param {string} file
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<string>} the output
 */
export async function runOrFail(what, file, args, options) {
  const { code, output } = await runCommand(file, args, options);
  if (code !== 0) throw new SetupError(`${what} failed with exit code ${code}.`, { detail: lastLines(output, 30) });
  return output;
}

/** @param {string} text @param {number} count */
export function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} file
 * @returns {Promise<number>}
 */
function exitCode(child, file) {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new SetupError(`${file} could not be started: ${cause.message}.`, { cause })),
    );
    child.once('close', (code) => resolve(code ?? 128));
  });
}

/** @param {import('node:child_process').ChildProcess} child */
function killGroup(child) {
  const send = (/** @type {NodeJS.Signals} */ name) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // The group is gone already.
    }
  };
  send('SIGTERM');
  setTimeout(() => send('SIGKILL'), KILL_AFTER_MS).unref();
}
