import {
  type NatsConfig,
  type StorageConfig,
  storageConfigSchema,
  type StreamConfig,
  streamConfigSchema,
} from '#shared/config/common';
import type { LogLevelAnswer, LogLevelRequest } from '#shared/contracts/log-level';
import { connectNats } from '#shared/jetstream/connect';
import { askLogLevel } from '#shared/jetstream/log-control';
import { readQueueStats } from '#shared/jetstream/queue-stats';
import { Publisher } from '#shared/jetstream/publish';
import type { BlobStore } from '#shared/storage/blob-store';
import { EpisodeStore } from '#shared/storage/episode-store';
import { FeedStore } from '#shared/storage/feed-store';
import { openBlobStores } from '#shared/storage/open-blob-stores';
import { DeadLetterBox } from '#shared/jetstream/dead-letter-box';
import { WaitingJobs } from '#shared/jetstream/waiting-jobs';
import { budgetClient, type BudgetClient } from './budget-client.ts';
import { limitsClient, type LimitsClient } from './limits-client.ts';
import { type EpisodeFeed, openEpisodeFeed } from './episode-feed.ts';

/** What a command needs of a running podline: to publish episodes, to watch them, and to read their results. */
export interface Client {
  publisher: Publisher;
  episodes: EpisodeStore;
  feeds: FeedStore;
  audio: BlobStore;
  results: BlobStore;
  deadLetters: DeadLetterBox;
  waitingJobs: WaitingJobs;
  limits: LimitsClient;
  budget: BudgetClient;
  /** Progress and state changes of episodes, as they happen. */
  follow: (episodeId: string, signal: AbortSignal) => EpisodeFeed;
  /** Episodes that wait for their download, also those published with `nats pub`, of which nothing else is known yet. */
  queued: () => Promise<number>;
  /** Has replicas log at another level for a while. @returns those that said they do. */
  setLogLevel: (request: Omit<LogLevelRequest, 'v'>, waitMs: number) => Promise<LogLevelAnswer[]>;
  close: () => Promise<void>;
}

/** @throws Error when no server answers: a command, unlike a service, does not wait for ever. */
export async function openClient(config: NatsConfig & Partial<StorageConfig & StreamConfig>): Promise<Client> {
  const connection = await connectNats(config, 'podline-cli');
  const episodes = new EpisodeStore(connection);
  const settings = { ...streamConfigSchema.parse({}), ...storageConfigSchema.parse({}), ...config };
  const { audio, results } = await openBlobStores(connection, settings);
  return {
    publisher: new Publisher(connection.jetstream()),
    episodes,
    feeds: new FeedStore(connection),
    audio,
    results,
    deadLetters: new DeadLetterBox(connection, episodes),
    waitingJobs: new WaitingJobs(connection),
    limits: limitsClient(connection, settings.STREAM_REPLICAS),
    budget: budgetClient(connection, settings.STREAM_REPLICAS),
    follow: (episodeId, signal) => openEpisodeFeed(connection, episodes, episodeId, signal),
    queued: async () => {
      const stats = await readQueueStats(await connection.jetstreamManager({ checkAPI: false }), 'download');
      return stats?.lanes.reduce((sum, { waiting }) => sum + waiting, 0) ?? 0;
    },
    setLogLevel: (request, waitMs) => askLogLevel(connection, { v: 1, ...request }, waitMs),
    close: () => connection.drain(),
  };
}
