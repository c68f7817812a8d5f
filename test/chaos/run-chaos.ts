import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { NatsConnection } from 'nats';
import { SECOND } from '#shared/config/defaults';
import { QUEUES } from '#shared/contracts/names';
import { jobStream } from '#shared/contracts/subjects';
import { findPaths } from '../../apps/cli/src/paths.ts';
import { SERVICES } from '../../apps/cli/src/stack/local-stack.ts';
import type { OpenaiServer } from '../support/openai-server/openai-server.ts';
import { openReplicaStage, type ReplicaStage } from '../support/replica-stage.ts';
import { until } from '../support/until.ts';
import { AckTap } from './ack-tap.ts';
import { Batch, type ChaosEpisode, episodes, routes } from './batch.ts';
import type { ChaosOptions } from './chaos-options.ts';
import { CreationAudit } from './creation-audit.ts';
import { Dice } from './dice.ts';
import { type EngineFigures, engineFigures, readEngineLog } from './engine-log.ts';
import { callsOf, fakeApiEnv, startFakeApi } from './fake-api.ts';
import { Fleet } from './fleet.ts';
import { type AbsenceFigures, longAbsence } from './long-absence.ts';
import { rollingRestarts } from './rolling-restarts.ts';
import { storm, type StormFigures } from './storm.ts';
import { type Verdict, verifyEpisodes } from './verify-episodes.ts';
import { Watch } from './watch.ts';

const REPLICAS = 2;
const SETTLE_MS = 180_000;

export interface ChaosReport {
  options: ChaosOptions;
  storm: StormFigures & { deliveriesAtMost: number; timeouts: number; givenBack: number };
  away: AbsenceFigures | undefined;
  rolling: { restarts: number; timeouts: number; givenBack: number; jobs: number; timedOut: string[] };
  engine: EngineFigures;
  /** Calls that reached the API, and chunks it was needed for. */
  api: { calls: number; chunks: number };
  /** Alerts that fired, by the part of the run; undefined where nobody watched. */
  alerts: { storm: string[]; away: string[]; rolling: string[] } | undefined;
  /** The most series each panel's queries have found at a look. */
  panels: readonly { panel: string; series: number }[];
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
  api: OpenaiServer;
}

/** Storms the real services with SIGKILLs, restarts them by SIGTERM, and looks what became of every episode. */
export async function runChaos(options: ChaosOptions, say: (line: string) => void): Promise<ChaosReport> {
  const stormy = episodes(0, options.episodes, options);
  const calm = episodes(options.episodes, options.rollingEpisodes);
  const lonely = episodes(
    options.episodes + options.rollingEpisodes,
    options.awaySeconds > 0 ? options.awayEpisodes : 0,
  );
  const stage = await openStage([...stormy, ...calm, ...lonely]);
  let watch: Watch | undefined;
  try {
    if (options.watched) watch = await Watch.open(stage.fleet, stage.folder);
    return await play(options, { ...stage, watch }, { stormy, calm, lonely }, say);
  } finally {
    await watch?.close();
    await closeStage(stage);
  }
}

async function play(
  options: ChaosOptions,
  stage: Stage & { watch: Watch | undefined },
  { stormy, calm, lonely }: Record<'stormy' | 'calm' | 'lonely', ChaosEpisode[]>,
  say: (line: string) => void,
): Promise<ChaosReport> {
  const { client, connection, fleet, nats, media, api, watch } = stage;
  await fleet.start(SERVICES, REPLICAS);
  const audit = await CreationAudit.start(connection);
  const tap = new AckTap(connection, Number(stage.env['ACK_WAIT_SECONDS']) * SECOND);

  say(`Storm: ${options.kills} kills over ${stormy.length} episodes`);
  const batch = new Batch(stormy, client, media.url);
  const kills = await storm(options, batch, fleet, nats, new Dice(options.seed), say);
  say(`Stormed; at work: ${batch.ids.join(', ')}`);
  const left = await batch.untilFinished(SETTLE_MS);
  if (left.length > 0) say(`Not finished: ${left.join(', ')}`);
  await fleet.untilReady();
  const wild = { deliveriesAtMost: tap.mostDeliveries, timeouts: tap.timeouts, givenBack: tap.givenBack };

  await untilQueuesAreEmpty(connection);
  const inStorm = await watch?.fired();
  await watch?.lookAtPanels();
  if (options.awaySeconds > 0) say(`NATS is away for ${options.awaySeconds} s, with ${lonely.length} episodes at work`);
  const lonelyBatch = new Batch(lonely, client, media.url);
  const away =
    options.awaySeconds > 0 ? await longAbsence(options.awaySeconds, lonelyBatch, fleet, nats, SETTLE_MS) : undefined;

  await untilQueuesAreEmpty(connection);
  const whileAway = await watch?.fired();
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

  const inRestarts = await watch?.fired();
  await watch?.lookAtPanels();

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
    api: { calls: callsOf(api), chunks: verdict.apiChunks },
    alerts: watch && { storm: inStorm ?? [], away: whileAway ?? [], rolling: inRestarts ?? [] },
    panels: watch?.panels ?? [],
    verdict,
    ...audited,
    deadLetters,
    crashes: fleet.crashes,
  };
}

/**
 * An episode is done a moment before its last job is acked; what a killed server has stranded is queued again a minute
 * later. @throws Error for a job nobody takes.
 */
async function untilQueuesAreEmpty(connection: NatsConnection): Promise<void> {
  const jsm = await connection.jetstreamManager();
  const jobs = async (): Promise<number> => {
    const infos = await Promise.all(QUEUES.map((queue) => jsm.streams.info(jobStream(queue))));
    return infos.reduce((sum, { state }) => sum + state.messages, 0);
  };
  await until(async () => (await jobs()) === 0, 'every queue to be empty', SETTLE_MS);
}

async function openStage(all: readonly ChaosEpisode[]): Promise<Stage> {
  const fixtures = join(findPaths().root, 'test', 'fixtures');
  const api = await startFakeApi();
  const stage = await openReplicaStage({ routes: routes(all, fixtures), env: fakeApiEnv(api) });
  return { ...stage, api, fixtures, fleet: new Fleet(stage.env, stage.folder) };
}

async function closeStage({ folder, fleet, api, close }: Stage): Promise<void> {
  await fleet.stop();
  const keep = process.env['CHAOS_KEEP_LOGS'];
  if (keep) await cp(folder, keep, { recursive: true });
  await close();
  await api.close();
}
