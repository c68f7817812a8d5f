import { existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { findPaths } from '../../apps/cli/src/paths.ts';
import { freePort } from './free-port.ts';

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 20;
const KEPT_LOG_CHARACTERS = 2000;

/** A real whisper-server on 127.0.0.1, which dies with this process. */
export interface TestWhisperServer {
  /** What an OpenAI client takes as its base URL. */
  baseURL: string;
  pid: number;
  /** Sends the signal and, unless it only freezes or thaws, waits for the end. */
  kill(signal: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The engine's binary: `PODLINE_WHISPER_SERVER`, or the one the set-up has built last.
 * @throws Error saying how to get one.
 */
export function whisperServerBinary(): string {
  const given = process.env['PODLINE_WHISPER_SERVER'];
  if (given) return given;
  const cache =
    process.env['PODLINE_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'podline');
  const folders = existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith('whisper-server-')) : [];
  const binaries = folders.map((name) => join(cache, name, 'whisper-server')).filter((path) => existsSync(path));
  // Earlier versions of the build leave theirs.
  const [newest] = binaries.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (newest !== undefined) return newest;
  throw new Error(`No whisper-server in ${cache}: run \`npm run setup\`, or set PODLINE_WHISPER_SERVER to one.`);
}

/** The embedded model's file. */
export function embeddedModel(): string {
  return join(findPaths().models, 'ggml-tiny.en-q8_0.bin');
}

/**
 * Starts whisper-server with one thread, as the transcriber runs it; resolves when its model is loaded.
 * @throws Error with the end of its log when it does not come up within a minute.
 */
export async function startWhisperServer(model: string = embeddedModel()): Promise<TestWhisperServer> {
  const port = await freePort();
  const args = ['-m', model, '-t', '1', '-nlp', '-sow', '--host', '127.0.0.1', '--port', String(port)];
  const path = ['--inference-path', '/v1/audio/transcriptions'];
  const child = execa(whisperServerBinary(), [...args, ...path], {
    stdin: 'ignore',
    stdout: 'ignore',
    buffer: false,
    reject: false,
    env: { OMP_WAIT_POLICY: 'passive' },
  });
  let log = '';
  let ended = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-KEPT_LOG_CHARACTERS);
  });
  const end = child.then(() => {
    ended = true;
  });
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await isHealthy(port))) {
    if (ended || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`whisper-server did not come up. The end of its log:\n${log}`);
    }
    await delay(POLL_MS);
  }
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await end;
  };
  return { baseURL: `http://127.0.0.1:${port}/v1`, pid: child.pid ?? 0, kill, stop: () => kill('SIGKILL') };
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
