import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPaths } from '../../apps/cli/src/paths.ts';
import { TranscriptionClient } from '#shared/transcription/transcription-client';
import { TEST_API_KEY } from '../../test/support/openai-server/openai-server.ts';
import { startApiProcess } from '../limiter/api-process.ts';
import { type Load, measured, type OpenaiResult } from './run-replicas.ts';

const CALL_TIMEOUT_MS = 120_000;

/**
 * One client that sends a request when the last one is answered: what a simple script does.
 * @param calls made; the time is scaled to all episodes.
 */
export async function runSequentially(load: Load, calls: number): Promise<OpenaiResult> {
  const limits = { windowMs: 60_000, requests: load.requestsPerMinute };
  const api = await startApiProcess({ latencyMs: load.latencyMs, limits });
  try {
    const audio = await readFile(join(findPaths().root, 'test', 'fixtures', 'speech-12s.flac'));
    const client = new TranscriptionClient({ baseURL: api.baseUrl, apiKey: TEST_API_KEY });
    const request = { audio, fileName: 'chunk.flac', seconds: 12, model: 'whisper-1' };
    const { signal } = new AbortController();
    const started = performance.now();
    for (let call = 0; call < calls; call++) {
      await client.transcribe(request, { signal, timeoutMs: CALL_TIMEOUT_MS });
    }
    const seconds = ((performance.now() - started) / 1000) * (load.episodes / calls);
    return measured('sequential client', seconds, await api.stats(), load, 0);
  } finally {
    await api.stop();
  }
}
