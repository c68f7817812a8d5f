import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPaths } from '../../apps/cli/src/paths.ts';
import { SERVICES, type ServiceName } from '../../apps/cli/src/stack/local-stack.ts';
import { type ServiceProcess, startService } from '../../apps/cli/src/stack/service-process.ts';
import { type Client, openClient } from '#shared/client/open-client';
import { natsConfigSchema } from '#shared/config/common';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { type NatsServer, startNatsServer } from './nats-server.ts';
import { whisperServerBinary } from './whisper-server.ts';

export interface ServiceStack {
  nats: NatsServer;
  client: Client;
  /** Folder with the services' logs. */
  logs: string;
  start: (name: ServiceName, env?: Record<string, string>) => Promise<ServiceProcess>;
  /** Resolves when the episode is done or has failed. */
  finished: (episodeId: string) => Promise<EpisodeState>;
  stop: () => Promise<void>;
}

/** Real services as processes of their own (built by `npm run build`), over a real nats-server. */
export async function startServiceStack(
  env: Record<string, string>,
  services: readonly ServiceName[] = SERVICES,
): Promise<ServiceStack> {
  const { root, models } = findPaths();
  const nats = await startNatsServer();
  const logs = await mkdtemp(join(tmpdir(), 'podline-test-'));
  const running: ServiceProcess[] = [];
  const start = async (name: ServiceName, more: Record<string, string> = {}): Promise<ServiceProcess> => {
    const service = await startService({
      name,
      root,
      logs,
      env: {
        NATS_URL: nats.url,
        HTTP_HOST: '127.0.0.1',
        HTTP_PORT: '0',
        WHISPER_MODELS_DIR: models,
        ACK_WAIT_SECONDS: '3',
        // The test server promises no more than the disk has.
        AUDIO_MAX_BYTES: '1Gi',
        RESULTS_MAX_BYTES: '512Mi',
        PODLINE_WHISPER_SERVER: whisperServerBinary(),
        ...env,
        ...more,
      },
    });
    running.push(service);
    return service;
  };
  const stopAll = async (): Promise<void> => {
    await Promise.all(running.map((service) => service.stop()));
    await nats.stop();
    await rm(logs, { recursive: true, force: true });
  };
  try {
    await Promise.all(services.map((name) => start(name)));
  } catch (error) {
    await stopAll();
    throw error;
  }
  const client = await openClient({ ...natsConfigSchema.parse({ NATS_URL: nats.url }), STREAM_REPLICAS: 1 });
  return {
    nats,
    client,
    logs,
    start,
    finished: (episodeId) => finished(client, episodeId),
    stop: async () => {
      await client.close();
      await stopAll();
    },
  };
}

async function finished(client: Client, episodeId: string): Promise<EpisodeState> {
  const stop = AbortSignal.timeout(120_000);
  for await (const state of client.episodes.watch(episodeId, stop)) {
    if (state.status === 'done' || state.status === 'failed') return state;
  }
  throw new Error(
    `Episode ${episodeId} was not finished within 120 s: ${JSON.stringify(await client.episodes.get(episodeId))}`,
  );
}
