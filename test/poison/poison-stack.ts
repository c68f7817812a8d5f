import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type NatsConnection } from 'nats';
import { layoutSchema } from '#shared/rate-limit/window-layout';
import { SERVICES } from '../../apps/cli/src/stack/local-stack.ts';
import { FAKE_MODEL, prepareFakeEngine } from '../support/fake-models.ts';
import { type MediaRoute, type MediaServer, startMediaServer } from '../support/media-server.ts';
import { startOpenaiServer, TEST_API_KEY } from '../support/openai-server/openai-server.ts';
import { type ServiceStack, startServiceStack } from '../support/service-stack.ts';
import { uniqueTranscript } from '../support/unique-words.ts';

export interface PoisonStack extends ServiceStack {
  raw: NatsConnection;
  media: MediaServer;
  /** Names of services whose process has ended. Nobody starts them again, so an empty list means unchanged pids. */
  crashed: string[];
}

/** All services, with engines that answer at once, and a web server with these routes. */
export async function startPoisonStack(routes: Record<string, MediaRoute>): Promise<PoisonStack> {
  const folder = await mkdtemp(join(tmpdir(), 'podline-poison-'));
  const media = await startMediaServer(routes);
  const api = await startOpenaiServer({ transcribe: uniqueTranscript });
  const engine = await prepareFakeEngine(folder);
  const env = {
    ...engine,
    WHISPER_MODELS: FAKE_MODEL,
    FAKE_WHISPER_SPEED: '500',
    DOWNLOAD_ALLOW_HOSTS: media.host,
    DOWNLOAD_MAX_BYTES: '32Mi',
    DOWNLOAD_MAX_HOURS: '0.2',
    OPENAI_BASE_URL: api.baseUrl,
    OPENAI_API_KEY: TEST_API_KEY,
    OPENAI_TRANSCRIBE_REQUESTS_PER_MINUTE: '60000',
    CHUNK_TIMEOUT_CONSTANT_SECONDS: '20',
    CHUNK_TIMEOUT_PER_SECOND: '1',
    MAX_DELIVERIES: '2',
  };
  const stack = await startServiceStack(env, []);
  const stop = async (): Promise<void> => {
    await stack.stop();
    await api.close();
    await media.close();
    await rm(folder, { recursive: true, force: true });
  };
  const crashed: string[] = [];
  try {
    for (const service of await Promise.all(SERVICES.map((name) => stack.start(name)))) {
      void service.ended.then(() => crashed.push(service.name));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const layout = { ...layoutSchema.parse({}), windowMs: 2000, guardMs: 500, slots: 10 };
  await stack.client.limits.set('openai.transcription', { layout });
  const raw = await connect({ servers: stack.nats.url });
  return {
    ...stack,
    raw,
    media,
    crashed,
    stop: async () => {
      await raw.close();
      await stop();
    },
  };
}
