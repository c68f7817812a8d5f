import { setTimeout as delay } from 'node:timers/promises';
import type { NatsServer } from '../support/nats-server.ts';
import type { Batch } from './batch.ts';
import type { Fleet } from './fleet.ts';

export interface AbsenceFigures {
  seconds: number;
  /** Milliseconds from the server's return to the next finished episode; undefined where none finished. */
  recoveredMs: number | undefined;
}

/** Takes NATS away in the middle of the work, for long, and looks how soon the work goes on by itself afterwards. */
export async function longAbsence(
  seconds: number,
  batch: Batch,
  fleet: Fleet,
  nats: NatsServer,
  stallMs: number,
): Promise<AbsenceFigures> {
  await fleet.untilReady();
  await batch.publishUpTo(batch.total);
  await nats.kill('SIGKILL');
  await delay(1000 * seconds);
  await nats.restart();
  const back = performance.now();
  const before = batch.finished;
  const deadline = back + stallMs;
  while (batch.finished === before && performance.now() < deadline) {
    await batch.look();
    await delay(100);
  }
  const recoveredMs = batch.finished === before ? undefined : performance.now() - back;
  await batch.untilFinished(stallMs);
  return { seconds, recoveredMs };
}
