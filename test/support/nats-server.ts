import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { z } from 'zod';
import { freePort } from './free-port.ts';

const START_TIMEOUT_MS = 20_000;
const POLL_MS = 15;
const KEPT_LOG_LINES = 40;

export interface NatsServerOptions {
  /** Path of the nats-server to run; the one on PATH where unset. */
  binary?: string | undefined;
  /** Kept by `stop()`; a temporary one, deleted by `stop()`, where unset. */
  storeDir?: string | undefined;
  /** Appended to the configuration file, so it can also replace a block written before it. */
  extraConfig?: string | undefined;
}

/** A real nats-server with JetStream on 127.0.0.1, which dies with this process. */
export interface NatsServer {
  url: string;
  port: number;
  monitorPort: number;
  /** Of the process that runs now: another one after `restart()`. */
  readonly pid: number;
  storeDir: string;
  /** Sends the signal; resolves when the process is gone, at once for SIGSTOP, SIGCONT and SIGHUP. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same ports and store, after a SIGTERM where it still runs. */
  restart(): Promise<void>;
  /** Kills it and deletes what was made for it. */
  stop(): Promise<void>;
}

/**
 * Starts a nats-server on free ports; resolves when it accepts connections and JetStream answers.
 * @throws Error with the end of the server's log when it does not come up within 20 s.
 */
export async function startNatsServer(options: NatsServerOptions = {}): Promise<NatsServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startNatsServerOn({ port: await freePort(), monitorPort: await freePort() }, options);
    } catch (error) {
      // Someone else may have taken the port between the look and the start.
      if (attempt === 3 || !(error instanceof Error) || !error.message.includes('address already in use')) throw error;
    }
  }
}

/** The ports a server listens on. */
export interface NatsServerPorts {
  port: number;
  monitorPort: number;
}

/** As `startNatsServer`, on ports the caller chose. */
export async function startNatsServerOn(ports: NatsServerPorts, options: NatsServerOptions): Promise<NatsServer> {
  const directory = await mkdtemp(join(tmpdir(), 'podline-nats-'));
  const storeDir = options.storeDir ?? join(directory, 'store');
  const configFile = join(directory, 'nats-server.conf');
  await writeFile(configFile, configText(ports, storeDir, options.extraConfig));

  const run = () => runServer(options.binary ?? 'nats-server', configFile, ports);
  let running = await run().catch(async (error: unknown) => {
    await rm(directory, { recursive: true, force: true });
    throw error;
  });
  return {
    url: `nats://127.0.0.1:${ports.port}`,
    ...ports,
    storeDir,
    get pid() {
      return running.pid;
    },
    kill: (signal) => running.kill(signal),
    restart: async () => {
      await running.kill('SIGTERM');
      running = await run();
    },
    stop: async () => {
      await running.kill('SIGKILL');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function configText(ports: NatsServerPorts, storeDir: string, extraConfig = ''): string {
  return `
listen: "127.0.0.1:${ports.port}"
http: "127.0.0.1:${ports.monitorPort}"
jetstream {
  store_dir: ${JSON.stringify(storeDir)}
  max_memory_store: 256MB
  max_file_store: 8GB
}
${extraConfig}
`;
}

interface Running {
  pid: number;
  kill(signal: NodeJS.Signals): Promise<void>;
}

const LEAVES_IT_RUNNING = new Set<NodeJS.Signals>(['SIGSTOP', 'SIGCONT', 'SIGHUP']);

async function runServer(binary: string, configFile: string, ports: NatsServerPorts): Promise<Running> {
  const child = spawnServer(binary, configFile, await hasSetpriv());
  const log: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log.push(text);
    if (log.length > KEPT_LOG_LINES) log.shift();
  });
  let exited = false;
  const exit = child.finally(() => {
    exited = true;
  });

  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!((await accepts(ports.port)) && (await isHealthy(ports.monitorPort)))) {
    if (exited || Date.now() > deadline) {
      child.kill('SIGKILL');
      await exit;
      throw new Error(`${binary} did not come up on ${configFile}. The end of its log:\n${log.join('')}`);
    }
    await delay(POLL_MS);
  }
  return {
    pid: child.pid ?? 0,
    kill: async (signal) => {
      child.kill(signal);
      if (!LEAVES_IT_RUNNING.has(signal)) await exit;
      else if (signal === 'SIGSTOP') await untilFrozen(child.pid ?? 0);
    },
  };
}

/** A signal is only sent when kill() returns: on a busy machine the process answers a few more requests before it stops. */
async function untilFrozen(pid: number): Promise<void> {
  const isFrozen = async (): Promise<boolean> => {
    const threads = await readdir(`/proc/${pid}/task`);
    const stats = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8')));
    return stats.every((stat) => /\) [Tt] /.test(stat));
  };
  // Where there is no /proc there is nothing to wait for.
  while (!(await isFrozen().catch(() => true))) await delay(POLL_MS);
}

function spawnServer(binary: string, configFile: string, diesWithParent: boolean) {
  const [file, ...before] = diesWithParent ? ['setpriv', '--pdeathsig', 'KILL', binary] : [binary];
  // execa's own clean-up covers an ordinary exit of this process; pdeathsig covers a killed one.
  return execa(file, [...before, '-c', configFile], {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    forceKillAfterDelay: false,
  });
}

let setpriv: Promise<boolean> | undefined;

function hasSetpriv(): Promise<boolean> {
  setpriv ??= execa('setpriv', ['--pdeathsig', 'KILL', 'true'], { reject: false }).then((result) => !result.failed);
  return setpriv;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

const health = z.object({ status: z.string() });

/** Whether JetStream is up and, in a cluster, in contact with the others and its streams recovered. */
async function isHealthy(monitorPort: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${monitorPort}/healthz`, { signal: AbortSignal.timeout(2000) });
    return response.ok && health.parse(await response.json()).status === 'ok';
  } catch {
    return false;
  }
}
