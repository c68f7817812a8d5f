import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError } from './setup-error.mjs';

const TIMEOUT_MS = 60_000;
const POLL_MS = 50;

/**
 * The words that do not occur in a transcript, regardless of case and punctuation.
 * @param {string} text
 * @param {readonly string[]} words
 */
export function missingWords(text, words) {
  const heard = new Set(text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []);
  return words.filter((word) => !heard.has(word.toLowerCase()));
}

/**
 * Starts a whisper-server on a free loopback port, has it transcribe a clip, and ends it.
 * @param {{ binary: string, model: string, clip: string, inferencePath: string, words: readonly string[], signal?: AbortSignal | undefined }} options
 * @returns {Promise<string>} the transcript
 * @throws SetupError when it does not start, dies, or does not hear the words
 */
export async function transcribeCheck({ binary, model, clip, inferencePath, words, signal }) {
  const origin = `http://127.0.0.1:${await freePort()}`;
  const port = new URL(origin).port;
  const args = ['-m', model, '--host', '127.0.0.1', '--port', port, '--inference-path', inferencePath, '-t', '1'];
  const child = spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const stop = new AbortController();
  const ended = watch(child, binary);
  ended.catch((error) => stop.abort(error));
  const giveUp = AbortSignal.any([stop.signal, AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])]);
  try {
    await untilReady(origin, giveUp);
    const text = await transcribe(origin + inferencePath, clip, giveUp);
    const missing = missingWords(text, words);
    if (missing.length === 0) return text;
    throw new SetupError(`${binary} heard "${text}" in ${basename(clip)}, without the words ${missing.join(', ')}.`);
  } catch (error) {
    // A dead server shows as a broken connection first; its own last words say more.
    await Promise.race([ended.catch(() => undefined), sleep(200)]);
    throw stop.signal.aborted ? stop.signal.reason : describe(error, binary);
  } finally {
    await end(child);
  }
}

/** @param {unknown} error @param {string} binary */
function describe(error, binary) {
  if (error instanceof SetupError) return error;
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new SetupError(`${binary} did not transcribe a clip of three seconds within ${TIMEOUT_MS / 1000} s.`);
  }
  return new SetupError(`${binary} did not transcribe: ${error instanceof Error ? error.message : String(error)}.`, {
    cause: error,
  });
}

/**
 * Rejects when the server ends by itself, with what it said last.
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} binary
 * @returns {Promise<never>}
 */
function watch(child, binary) {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-4000)));
  return new Promise((_, reject) => {
    child.once('error', (cause) =>
      reject(new SetupError(`${binary} could not be started: ${cause.message}.`, { cause })),
    );
    child.once('exit', (code, signal) => {
      const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
      reject(new SetupError(`${binary} ${how} instead of transcribing.`, { detail: said.trim() }));
    });
  });
}

/** @param {string} origin @param {AbortSignal} signal */
async function untilReady(origin, signal) {
  for (;;) {
    signal.throwIfAborted();
    const answer = await fetch(`${origin}/health`, { signal }).catch(() => undefined);
    await answer?.arrayBuffer().catch(() => undefined);
    if (answer?.ok) return;
    await sleep(POLL_MS);
  }
}

/** @param {string} url @param {string} clip @param {AbortSignal} signal */
async function transcribe(url, clip, signal) {
  const form = new FormData();
  form.set('file', new Blob([await readFile(clip)]), basename(clip));
  form.set('response_format', 'json');
  const answer = await fetch(url, { method: 'POST', body: form, signal });
  const body = await answer.text();
  if (!answer.ok) throw new SetupError(`whisper-server answered ${answer.status}: ${body.slice(0, 200)}`);
  return String(JSON.parse(body).text ?? '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** @param {import('node:child_process').ChildProcess} child */
async function end(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** @returns {Promise<number>} a TCP port on the loopback address that nobody listens on now */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}
