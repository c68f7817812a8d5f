import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { boundToParent } from '#shared/process/bound-to-parent';
import { freePort } from '#shared/process/free-port';

/** NATS' usual port: a person's `nats` command finds the stack without being told. */
const USUAL_PORT = 4222;
/** NATS' usual port for its monitoring, which the runbooks ask. */
const USUAL_MONITORING_PORT = 8222;
const START_TIMEOUT_MS = 15_000;

export interface NatsProcess {
  url: string;
  /** Resolves when the server has ended. */
  ended: Promise<unknown>;
  stop: () => Promise<void>;
}

/** Starts the embedded nats-server, with JetStream's files in the state folder. */
export async function startNats(state: string, binary = 'nats-server'): Promise<NatsProcess> {
  await mkdir(join(state, 'logs'), { recursive: true });
  const port = (await isFree(USUAL_PORT)) ? USUAL_PORT : await freePort();
  const config = join(state, 'nats.conf');
  const monitoring = (await isFree(USUAL_MONITORING_PORT)) ? USUAL_MONITORING_PORT : await freePort();
  await writeFile(config, configuration(port, monitoring, join(state, 'nats')));
  const [file, args] = boundToParent(binary, ['--config', config], 'TERM');
  // A process group of its own: Ctrl-C at the terminal reaches only the CLI, which ends things in their order.
  const child = execa(file, args, { buffer: false, reject: false, stdin: 'ignore', detached: true, cleanup: true });
  child.stderr.pipe(createWriteStream(join(state, 'logs', 'nats-server.log'), { flags: 'a' }));
  await Promise.race([
    untilListening(port),
    child.then((result) =>
      Promise.reject(
        new Error(
          `nats-server ended at once (${result.shortMessage ?? result.exitCode}); see ${join(state, 'logs', 'nats-server.log')}`,
        ),
      ),
    ),
  ]);
  return {
    url: `nats://127.0.0.1:${port}`,
    ended: child,
    stop: async () => {
      child.kill('SIGTERM');
      await child;
    },
  };
}

function configuration(port: number, monitoring: number, store: string): string {
  return [
    'host: 127.0.0.1',
    `port: ${port}`,
    `http: 127.0.0.1:${monitoring}`,
    'server_name: podline-local',
    `jetstream { store_dir: ${JSON.stringify(store)}, max_memory_store: 256MB, max_file_store: 64GB }`,
    '',
  ].join('\n');
}

async function untilListening(port: number): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (await isFree(port)) {
    if (performance.now() > deadline) throw new Error(`nats-server does not listen on port ${port} after 15 s.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function isFree(port: number): Promise<boolean> {
  const socket = createConnection({ host: '127.0.0.1', port });
  try {
    return await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(false));
      socket.once('error', () => resolve(true));
    });
  } finally {
    socket.destroy();
  }
}
