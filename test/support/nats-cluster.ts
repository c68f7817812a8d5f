import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { freePort } from './free-port.ts';
import type { NatsServer } from './nats-server.ts';
import { startNatsServerOn } from './nats-server.ts';

const LEADER_TIMEOUT_MS = 20_000;
const POLL_MS = 50;

/** Servers that form one JetStream cluster on 127.0.0.1. */
export interface NatsCluster {
  /** One URL a server, for a client's list of servers. */
  urls: string[];
  servers: NatsServer[];
  stop(): Promise<void>;
}

/**
 * Starts a cluster; resolves when JetStream has elected a leader, so that streams can be created at once.
 * @throws Error when no leader was elected within 20 s.
 */
export async function startNatsCluster(
  size: number,
  options: { binary?: string | undefined } = {},
): Promise<NatsCluster> {
  const nodes = await Promise.all(
    Array.from({ length: size }, async () => ({
      ports: { port: await freePort(), monitorPort: await freePort() },
      routePort: await freePort(),
    })),
  );
  const routes = nodes.map(({ routePort }) => `"nats://127.0.0.1:${routePort}"`).join(', ');
  const starts = await Promise.allSettled(
    nodes.map(({ ports, routePort }, index) =>
      startNatsServerOn(ports, {
        ...options,
        extraConfig: `
server_name: "node-${index + 1}"
cluster { name: "podline-test", listen: "127.0.0.1:${routePort}", routes: [${routes}] }
`,
      }),
    ),
  );
  const servers = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const stop = async () => void (await Promise.all(servers.map((server) => server.stop())));
  try {
    for (const start of starts) if (start.status === 'rejected') throw start.reason;
    await leaderElected(servers);
  } catch (error) {
    await stop();
    throw error;
  }
  return { urls: servers.map(({ url }) => url), servers, stop };
}

async function leaderElected(servers: NatsServer[]): Promise<void> {
  const deadline = Date.now() + LEADER_TIMEOUT_MS;
  for (;;) {
    const leaders = await Promise.all(servers.map(leaderSeenBy));
    if (leaders.every((leader) => leader !== '' && leader === leaders[0])) return;
    if (Date.now() > deadline) throw new Error(`No JetStream leader in 20 s: the servers see ${leaders.join(', ')}.`);
    await delay(POLL_MS);
  }
}

const jsz = z.object({ meta_cluster: z.object({ leader: z.string().optional() }).optional() });

async function leaderSeenBy(server: NatsServer): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${server.monitorPort}/jsz`);
  return jsz.parse(await response.json()).meta_cluster?.leader ?? '';
}
