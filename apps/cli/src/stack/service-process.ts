import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { orAborted } from '#shared/parallel/or-aborted';
import { LEAN_ENV, LEAN_FLAGS } from '#shared/process/lean-memory';
import { plainText } from '../plain-text.ts';
import { UnreachableError, UsageError } from '../usage-error.ts';

export interface ServiceProcess {
  name: string;
  pid: number;
  /** URL of /healthz, /readyz and /metrics. */
  url: string;
  ended: Promise<unknown>;
  stop: () => Promise<void>;
}

export interface ServiceProcessOptions {
  name: string;
  root: string;
  /** Folder of the service's log. */
  logs: string;
  env: Record<string, string>;
  /** Ends it while it starts. */
  signal?: AbortSignal;
}

const NEVER = new AbortController().signal;
const START_TIMEOUT_MS = 60_000;
/** Of what a service says before it ends while starting, so many lines are shown. */
const SHOWN_LINES = 12;

/**
 * Starts one service as a process of its own and resolves when it says that it is ready.
 * @throws UsageError, UnreachableError with what it said last; nothing of it runs then.
 */
export async function startService(options: ServiceProcessOptions): Promise<ServiceProcess> {
  const { name, root, logs, env, signal: stopping } = options;
  const entry = join(root, 'dist', 'apps', name, 'src', 'main.js');
  const logFile = join(logs, `${name}.log`);
  const child = execa(process.execPath, [...LEAN_FLAGS, entry], {
    cwd: root,
    env: { ...LEAN_ENV, ...env },
    buffer: false,
    reject: false,
    stdin: 'ignore',
    all: true,
    ipc: true,
    // Ctrl-C reaches only the CLI; when the CLI dies, the channel closes and the service ends by itself.
    detached: true,
    cleanup: true,
  });
  const lines = lastLines(child.all);
  const told = (what: string): string => [what, ...lines(), `All of its log: ${logFile}`].join('\n');
  child.all.pipe(createWriteStream(logFile, { flags: 'a' }));
  const ready = child.getOneMessage({
    filter: (message) => typeof message === 'object' && message !== null && 'ready' in message,
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await child;
  };
  try {
    const message = await Promise.race([
      // Without a message the process has ended, which is told below, with its reason.
      ready.catch(() => new Promise<never>(() => undefined)),
      child.then(({ exitCode, signal }) => {
        throw new UsageError(told(`${name} ended while starting (${exitCode ?? signal}):`));
      }),
      orAborted(delay(START_TIMEOUT_MS, undefined, { ref: false }), stopping ?? NEVER).then(() => {
        throw new UnreachableError(told(`${name} was not ready within ${START_TIMEOUT_MS / 1000} s:`));
      }),
    ]);
    return { name, pid: child.pid ?? 0, url: (message as { url: string }).url, ended: child, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Keeps the end of what a process says. */
function lastLines(stream: Readable): () => string[] {
  let end = '';
  stream.on('data', (data: Buffer) => {
    end = (end + data.toString()).slice(-4096);
  });
  return () =>
    end
      .trimEnd()
      .split('\n')
      .slice(-SHOWN_LINES)
      .map((line) => plainText(line, 600));
}
