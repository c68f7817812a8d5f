import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { findPaths } from '../../apps/cli/src/paths.ts';
import type { ServiceName } from '../../apps/cli/src/stack/local-stack.ts';
import { boundToParent } from '#shared/process/bound-to-parent';
import { LEAN_ENV, LEAN_FLAGS } from '#shared/process/lean-memory';

export interface ServiceReplica {
  name: ServiceName;
  pid: number;
  /** URL of /healthz, /readyz and /metrics; resolves when it says that it is ready, rejects when it ends before. */
  ready: Promise<string>;
  ended: Promise<void>;
  alive: () => boolean;
  /** Sends a signal to the process and to nobody else. */
  signal: (signal: NodeJS.Signals) => void;
}

/** One replica of a service (built by `npm run build`), to be treated badly. Dies with this process. */
export function startReplica(name: ServiceName, env: Record<string, string>, logFile: string): ServiceReplica {
  const { root } = findPaths();
  // Without source maps: a thousand replicas are started in a storm, and reading the maps takes a fifth of a start.
  const [file, args] = boundToParent(process.execPath, [
    ...LEAN_FLAGS,
    join(root, 'dist', 'apps', name, 'src', 'main.js'),
  ]);
  const child = execa(file, args, {
    cwd: root,
    env: { ...LEAN_ENV, HTTP_HOST: '127.0.0.1', HTTP_PORT: '0', ...env },
    buffer: false,
    reject: false,
    stdin: 'ignore',
    all: true,
    forceKillAfterDelay: false,
  });
  let alive = true;
  const ready = Promise.withResolvers<string>();
  ready.promise.catch(() => undefined);
  let tail = '';
  child.all.on('data', (data: Buffer) => {
    appendFileSync(logFile, data);
    tail = (tail + data.toString('utf8')).slice(-4000);
    const url = /"url":"(http[^"]+)".*"msg":"Ready"/.exec(tail)?.[1];
    if (url !== undefined) ready.resolve(url);
  });
  const ended = child.then((result) => {
    alive = false;
    appendFileSync(logFile, `${name} ${child.pid} ended: ${result.signal ?? result.exitCode}\n`);
    ready.reject(new Error(`${name} ended before it was ready; see ${logFile}. Its last words:\n${tail}`));
  });
  const pid = child.pid ?? 0;
  return {
    name,
    pid,
    ready: ready.promise,
    ended,
    alive: () => alive,
    signal: (signal) => void child.kill(signal),
  };
}
