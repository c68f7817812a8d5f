import type { UsedSettings } from '#shared/contracts/chunk-transcript';
import type { TranscribeJob } from '#shared/contracts/jobs';
import { callWithPermit } from '#shared/rate-limit/call-with-permit';
import type { RateLimiter } from '#shared/rate-limit/rate-limiter';
import type { TranscriptionClient } from '#shared/transcription/transcription-client';
import type { ChunkEngine, EngineAttempt, EngineCall } from '#shared/transcription/transcribe-completely';

/** OpenAI's transcription API, or any server that speaks it. */
export class OpenaiEngine implements ChunkEngine {
  readonly name = 'openai';
  readonly #client: TranscriptionClient;
  readonly #limiter: RateLimiter;

  constructor(client: TranscriptionClient, limiter: RateLimiter) {
    this.#client = client;
    this.#limiter = limiter;
  }

  async attempt(
    audio: Uint8Array,
    job: TranscribeJob,
    settings: UsedSettings,
    call: EngineCall,
  ): Promise<EngineAttempt> {
    const request = {
      audio,
      fileName: job.audio.endsWith('.flac') ? 'chunk.flac' : 'chunk.ogg',
      seconds: job.seconds,
      model: job.model,
      language: settings.language,
      prompt: settings.prompt,
      temperature: settings.temperature,
      speech: job.speech,
    };
    const answer = await callWithPermit(
      this.#limiter,
      { audioSeconds: job.seconds },
      { signal: call.signal, callMs: call.timeoutMs },
      ({ signal, heard }) =>
        this.#client.transcribe(request, {
          signal,
          timeoutMs: call.timeoutMs,
          onResponse: (headers, status) => heard(status, headers),
        }),
    );
    return { answer };
  }
}
