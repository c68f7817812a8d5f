import { setTimeout as delay } from 'node:timers/promises';
import type { Batch } from './batch.ts';
import type { Fleet } from './fleet.ts';

/** Ends one replica after the other with SIGTERM and waits for its successor, while episodes are at work. */
export async function rollingRestarts(rounds: number, batch: Batch, fleet: Fleet): Promise<{ restarts: number }> {
  let restarts = 0;
  const total = rounds * fleet.replicas.length;
  for (let round = 0; round < rounds; round++) {
    for (const replica of fleet.replicas) {
      await batch.publishUpTo(Math.ceil(((restarts + 1) / total) * batch.total));
      fleet.signal(replica, 'SIGTERM');
      await replica.ended;
      restarts++;
      while (fleet.replicas.includes(replica)) await delay(20);
      await fleet.untilReady();
    }
  }
  return { restarts };
}
