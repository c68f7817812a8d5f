import { createHash } from 'node:crypto';
import { type OpenaiServer, startOpenaiServer, TEST_API_KEY } from '../support/openai-server/openai-server.ts';
import { audioDuration } from '../support/openai-server/audio-duration.ts';
import type { Heard } from '../support/openai-server/transcriptions.ts';
import { fakeAnswer, type HeardAudio } from '../support/fake-hearing.ts';

const LATENCY_MS = 500;
const TRANSCRIPTIONS = '/v1/audio/transcriptions';

/** An API that hears tones as the fake engine does: its words follow from the bytes. */
export async function startFakeApi(): Promise<OpenaiServer> {
  return startOpenaiServer({ latencyMs: LATENCY_MS, transcribe: ({ bytes }) => answer(bytes) });
}

/** What transcriber-openai needs to reach it; the limits are none that anybody waits for. */
export function fakeApiEnv({ baseUrl }: OpenaiServer): Record<string, string> {
  return {
    ALLOWED_PROVIDERS: 'whisper,openai',
    OPENAI_BASE_URL: baseUrl,
    OPENAI_API_KEY: TEST_API_KEY,
    OPENAI_TRANSCRIBE_REQUESTS_PER_MINUTE: '600',
  };
}

/** Calls for a transcript that arrived. */
export function callsOf(api: OpenaiServer): number {
  return api.stats().arrivals.filter(({ path }) => path === TRANSCRIPTIONS).length;
}

/** What the API knows of a file. */
export async function hearForApi(bytes: Buffer): Promise<HeardAudio> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { sha256, seconds: (await audioDuration(bytes, 'ogg')) ?? 0 };
}

async function answer(bytes: Buffer): Promise<Heard> {
  const { sha256, seconds } = await hearForApi(bytes);
  const { text, segments } = fakeAnswer(sha256, seconds);
  return { text, segments, words: segments.flatMap(({ words }) => words) };
}
