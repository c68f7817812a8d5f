import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from 'nats';
import { QUEUES } from '#shared/contracts/names';
import { jobStream } from '#shared/contracts/subjects';
import { findPaths } from '../../apps/cli/src/paths.ts';
import { openReplicaStage, type ReplicaStage } from '../support/replica-stage.ts';
import { AckTap } from './ack-tap.ts';
import { Batch, type ChaosEpisode, episodes, routes } from './batch.ts';
import type { ChaosOptions } from './chaos-options.ts';
import { CreationAudit } from './creation-audit.ts';
import { Dice } from './dice.ts';
import { type EngineFigures, engineFigures, readEngineLog } from './engine-log.ts';
import { Fleet } from './fleet.ts';
import { type AbsenceFigures, longAbsence } from './long-absence.ts';
import { rollingRestarts } from './rolling-restarts.ts';
import { storm, type StormFigures } from './storm.ts';
import { type Verdict, verifyEpisodes } from './verify-episodes.ts';

const SERVICES = ['downloader', 'transcriber-whisper', 'summarizer'] as const;
const REPLICAS = 2;
const SETTLE_MS = 180_000;

export interface ChaosReport {
  options: ChaosOptions;
  storm: StormFigures & { deliveriesAtMost: number; timeouts: number; givenBack: number };
  away: AbsenceFigures | undefined;
  rolling: { restarts: number; timeouts: number; givenBack: number; jobs: number; timedOut: string[] };
  engine: EngineFigures;
  verdict: Verdict;
  results: number;
  events: number;
  doubled: string[];
  deadLetters: string[];
  crashes: string[];
}

interface Stage extends ReplicaStage {
  fixtures: string;
  fleet: Fleet;
}

/** Storms the real services with SIGKILLs, restarts them by SIGTERM, and looks what became of every episode. */
export async function runChaos(options: ChaosOptions, say: (line: string) => void): Promise<ChaosReport> {
  const stormy = episodes(0, options.episodes, options.real);
  const calm = episodes(options.episodes, options.rollingEpisodes, 0);
  const lonely = episodes(
    options.episodes + options.rollingEpisodes,
    options.awaySeconds > 0 ? options.awayEpisodes : 0,
    0,
  );
  const stage = await openStage([...stormy, ...calm, ...lonely]);
  try {
    return await play(options, stage, { stormy, calm, lonely }, say);
  } finally {
    await closeStage(stage);
  }
}

async function play(
  options: ChaosOptions,
  stage: Stage,
  { stormy, calm, lonely }: Record<'stormy' | 'calm' | 'lonely', ChaosEpisode[]>,
  say: (line: string) => void,
): Promise<ChaosReport> {
  const { client, connection, fleet, nats, media } = stage;
  await fleet.start(SERVICES, REPLICAS);
  const audit = await CreationAudit.start(connection);
  const tap = new AckTap(connection);

  say(`Storm: ${options.kills} kills over ${stormy.length} episodes`);
  const batch = new Batch(stormy, client, media.url);
  const kills = await storm(options, batch, fleet, nats, new Dice(options.seed), say);
  say(`Stormed; at work: ${batch.ids.join(', ')}`);
  const left = await batch.untilFinished(SETTLE_MS);
  if (left.length > 0) say(`Not finished: ${left.join(', ')}`);
  await fleet.untilReady();
  const wild = { deliveriesAtMost: tap.mostDeliveries, timeouts: tap.timeouts, givenBack: tap.givenBack };

  await untilQueuesAreEmpty(connection);
  if (options.awaySeconds > 0) say(`NATS is away for ${options.awaySeconds} s, with ${lonely.length} episodes at work`);
  const lonelyBatch = new Batch(lonely, client, media.url);
  const away =
    options.awaySeconds > 0 ? await longAbsence(options.awaySeconds, lonelyBatch, fleet, nats, SETTLE_MS) : undefined;

  await untilQueuesAreEmpty(connection);
  tap.clear();
  say(`Rolling restarts: ${options.rolls} rounds over ${calm.length} episodes`);
  const next = new Batch(calm, client, media.url);
  const { restarts } = await rollingRestarts(options.rolls, next, fleet);
  await next.publishUpTo(next.total);
  await next.untilFinished(SETTLE_MS);
  const rolling = {
    restarts,
    timeouts: tap.timeouts,
    givenBack: tap.givenBack,
    jobs: tap.jobs,
    timedOut: tap.timedOut,
  };

  say('Looking at the results');
  const verdict = await verifyEpisodes([...stormy, ...calm, ...lonely], client, stage.fixtures, stage.folder);
  const deadLetters: string[] = [];
  for await (const { letter } of client.deadLetters.list()) {
    deadLetters.push(`${letter.queue} ${letter.jobKey}: ${letter.reason}, ${letter.deliveries} deliveries`);
  }
  const audited = await audit.read();
  await audit.stop();
  return {
    options,
    storm: { ...kills, ...wild },
    away,
    rolling,
    engine: engineFigures(await readEngineLog(stage.engineLog), kills.kills),
    verdict,
    ...audited,
    deadLetters,
    crashes: fleet.crashes,
  };
}

/** An episode is done a moment before its last job is acked. */
async function untilQueuesAreEmpty(connection: NatsConnection): Promise<void> {
  const jsm = await connection.jetstreamManager();
  for (const queue of QUEUES) {
    while ((await jsm.streams.info(jobStream(queue))).state.messages > 0) await delay(100);
  }
}

async function openStage(all: readonly ChaosEpisode[]): Promise<Stage> {
  const fixtures = join(findPaths().root, 'test', 'fixtures');
  const stage = await openReplicaStage({ routes: routes(all, fixtures) });
  return { ...stage, fixtures, fleet: new Fleet(stage.env, stage.folder) };
}

async function closeStage({ folder, fleet, close }: Stage): Promise<void> {
  await fleet.stop();
  const keep = process.env['CHAOS_KEEP_LOGS'];
  if (keep) await cp(folder, keep, { recursive: true });
  await close();
}
