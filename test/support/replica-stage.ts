import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from 'nats';
import type { ServiceName } from '../../apps/cli/src/stack/local-stack.ts';
import { type Client, openClient } from '#shared/client/open-client';
import { natsConfigSchema } from '#shared/config/common';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { connectNats } from '#shared/jetstream/connect';
import { prepareFakeEngine } from './fake-models.ts';
import { type MediaRoute, type MediaServer, startMediaServer } from './media-server.ts';
import { type NatsServer, startNatsServer } from './nats-server.ts';
import { type ServiceReplica, startReplica } from './service-replica.ts';

const FINISH_MS = 60_000;

/** What replicas need to be treated badly on: NATS, audio to fetch, an engine that is fake, and eyes on what they do. */
export interface ReplicaStage {
  /** For temporary files and logs. */
  folder: string;
  nats: NatsServer;
  media: MediaServer;
  client: Client;
  connection: NatsConnection;
  /** What a replica is started with. */
  env: Record<string, string>;
  /** The fake engine's log. */
  engineLog: string;
  /** Starts a replica, and resolves when it is ready. */
  launch: (name: ServiceName, more?: Record<string, string>) => Promise<ServiceReplica>;
  /** Resolves when the episode is done or has failed. @throws Error after a minute. */
  finished: (episodeId: string) => Promise<EpisodeState>;
  /** Kills what still runs. */
  close: () => Promise<void>;
}

export interface StageOptions {
  routes: Record<string, MediaRoute>;
  env?: Record<string, string>;
  nats?: NatsServer;
}

export async function openReplicaStage({ routes, env: more, nats: given }: StageOptions): Promise<ReplicaStage> {
  const folder = await mkdtemp(join(tmpdir(), 'podline-stage-'));
  const engineLog = join(folder, 'engine.jsonl');
  const nats = given ?? (await startNatsServer());
  const media = await startMediaServer(routes);
  const env = {
    NATS_URL: nats.url,
    ACK_WAIT_SECONDS: '3',
    AUDIO_MAX_BYTES: '1Gi',
    RESULTS_MAX_BYTES: '512Mi',
    MIN_CHUNK_SECONDS: '10',
    DOWNLOAD_ALLOW_HOSTS: media.host,
    WHISPER_WORKERS: '2',
    FAKE_WHISPER_LOG: engineLog,
    FAKE_WHISPER_SPEED: '30',
    WORK_DIR: folder,
    NODE_COMPILE_CACHE: join(tmpdir(), 'podline-compile-cache'),
    ...(await prepareFakeEngine(folder)),
    ...more,
  };
  const config = natsConfigSchema.parse({ NATS_URL: nats.url });
  const client = await openClient({ ...config, STREAM_REPLICAS: 1 });
  const connection = await connectNats(config, 'stage');
  const replicas: ServiceReplica[] = [];
  return {
    folder,
    nats,
    media,
    client,
    connection,
    env,
    engineLog,
    launch: async (name, extra = {}) => {
      const replica = startReplica(name, { ...env, ...extra }, join(folder, `${name}.log`));
      replicas.push(replica);
      await replica.ready;
      return replica;
    },
    finished: (episodeId) => finished(client, episodeId),
    close: async () => {
      for (const replica of replicas) replica.signal('SIGKILL');
      await Promise.all(replicas.map(({ ended }) => ended));
      await client.close();
      await connection.close();
      await nats.stop();
      await media.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function finished({ episodes }: Client, episodeId: string): Promise<EpisodeState> {
  const stop = AbortSignal.timeout(FINISH_MS);
  for await (const state of episodes.watch(episodeId, stop)) {
    if (state.status === 'done' || state.status === 'failed') return state;
  }
  const state = JSON.stringify(await episodes.get(episodeId));
  throw new Error(`Episode ${episodeId} was not finished within ${FINISH_MS / 1000} s: ${state}`);
}
