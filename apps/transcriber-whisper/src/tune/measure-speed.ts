import { TranscriptionClient } from '#shared/transcription/transcription-client';
import type { Log } from '#shared/observability/log';
import type { PoolSize } from '../pool-size.ts';
import { WhisperServer } from '../whisper-server.ts';

export interface Speech {
  audio: Uint8Array;
  fileName: string;
  seconds: number;
}

export interface EngineSettings {
  binary: string;
  modelFile: string;
  log: Log;
}

const CALL_TIMEOUT_MS = 300_000;

/**
 * Has as many engines as there are workers hear the speech again and again, all at once, for about this time.
 * @returns seconds of audio a second, all engines together.
 */
export async function measureSpeed(
  { workers, threads }: PoolSize,
  speech: Speech,
  settings: EngineSettings,
  budgetMs: number,
): Promise<number> {
  const engines = await Promise.all(
    Array.from({ length: workers }, () => WhisperServer.start({ ...settings, threads })),
  );
  try {
    const started = performance.now();
    const rounds = await Promise.all(engines.map((engine) => hearFor(engine, speech, started + budgetMs)));
    const heard = rounds.reduce((sum, count) => sum + count, 0) * speech.seconds;
    return heard / ((performance.now() - started) / 1000);
  } finally {
    for (const engine of engines) engine.kill();
  }
}

/** At least once. @returns how often it was heard. */
async function hearFor({ baseUrl }: WhisperServer, speech: Speech, until: number): Promise<number> {
  const client = new TranscriptionClient({ baseURL: baseUrl });
  const call = { signal: new AbortController().signal, timeoutMs: CALL_TIMEOUT_MS };
  let rounds = 0;
  for (; rounds === 0 || performance.now() < until; rounds++)
    await client.transcribe({ ...speech, model: 'whisper-1', language: 'en', temperature: 0 }, call);
  return rounds;
}
