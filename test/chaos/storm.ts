import { setTimeout as delay } from 'node:timers/promises';
import type { NatsServer } from '../support/nats-server.ts';
import type { Batch } from './batch.ts';
import type { ChaosOptions } from './chaos-options.ts';
import type { Dice } from './dice.ts';
import type { Kill } from './engine-log.ts';
import type { Fleet } from './fleet.ts';

/** Episodes at work at once, at most: enough that nobody is idle. */
const CROWD = 24;
/** How long NATS stays away, in milliseconds, at most. */
const LONGEST_ABSENCE_MS = 3000;
const REPORT_EVERY = 50;

export interface StormFigures {
  kills: (Kill & { name: string })[];
  natsKills: number;
  /** Episodes that had finished when it ended. */
  finished: number;
  seconds: number;
}

/**
 * Kills random replicas and engines, and NATS now and then, while episodes come in at the same rate as the
 * kills.
 */
export async function storm(
  options: ChaosOptions,
  batch: Batch,
  fleet: Fleet,
  nats: NatsServer,
  dice: Dice,
  say: (line: string) => void,
): Promise<StormFigures> {
  const started = performance.now();
  const figures: StormFigures = { kills: [], natsKills: 0, finished: 0, seconds: 0 };
  while (figures.kills.length < options.kills) {
    await delay(dice.pause(options.paceMs));
    const victim = dice.pick(await fleet.victims());
    if (victim === undefined) continue;
    victim.kill();
    figures.kills.push({ name: victim.name, pid: victim.pid, at: Date.now() });
    const share = figures.kills.length / options.kills;
    if (figures.natsKills < Math.floor(share * (options.natsKills + 1)) && figures.natsKills < options.natsKills) {
      figures.natsKills++;
      await nats.kill('SIGKILL');
      await delay(dice.roll() * LONGEST_ABSENCE_MS);
      await nats.restart();
    }
    await batch.look();
    await batch.publishUpTo(Math.min(Math.ceil(share * batch.total), batch.finished + CROWD));
    if (figures.kills.length % REPORT_EVERY === 0) say(progress(figures, batch, started));
  }
  figures.finished = batch.finished;
  await batch.publishUpTo(batch.total);
  figures.seconds = (performance.now() - started) / 1000;
  return figures;
}

function progress({ kills, natsKills }: StormFigures, batch: Batch, started: number): string {
  const seconds = Math.round((performance.now() - started) / 1000);
  return `${seconds} s: ${kills.length} kills, ${natsKills} of NATS; ${batch.finished} of ${batch.total} episodes finished, ${batch.atWork} at work`;
}
