import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { LEAN_ENV, LEAN_FLAGS } from '#shared/process/lean-memory';

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
}

const START_TIMEOUT_MS = 60_000;

/** Starts one service as a process of its own and resolves when it says that it is ready. */
export async function startService(options: ServiceProcessOptions): Promise<ServiceProcess> {
  const { name, root, logs, env } = options;
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
  child.all.pipe(createWriteStream(logFile, { flags: 'a' }));
  const ready = child.getOneMessage({
    filter: (message) => typeof message === 'object' && message !== null && 'ready' in message,
  });
  ready.catch(() => undefined);
  const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
  const message = await Promise.race([
    ready,
    child.then((result) =>
      Promise.reject(new Error(`${name} ended while starting (${result.exitCode ?? result.signal}); see ${logFile}`)),
    ),
    new Promise<never>((_, reject) =>
      timeout.addEventListener('abort', () => reject(new Error(`${name} was not ready within 60 s; see ${logFile}`))),
    ),
  ]);
  return {
    name,
    pid: child.pid ?? 0,
    url: (message as { url: string }).url,
    ended: child,
    stop: async () => {
      child.kill('SIGTERM');
      await child;
    },
  };
}
