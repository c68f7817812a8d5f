import type { UsedSettings } from '#shared/contracts/chunk-transcript';
import type { TranscribeJob } from '#shared/contracts/jobs';
import type { TranscriptionClient } from '#shared/transcription/transcription-client';
import type { ChunkEngine, EngineAttempt, EngineCall } from '#shared/transcription/transcribe-completely';

/** Hands out the right to send one request; waits for it. Given back when the request is over. */
export interface RequestLimit {
  run<T>(signal: AbortSignal, request: () => Promise<T>): Promise<T>;
}

/** OpenAI's transcription API, or any server that speaks it. */
export class OpenaiEngine implements ChunkEngine {
  readonly name = 'openai';
  readonly #client: TranscriptionClient;
  readonly #limit: RequestLimit;

  constructor(client: TranscriptionClient, limit: RequestLimit) {
    this.#client = client;
    this.#limit = limit;
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
    const answer = await this.#limit.run(call.signal, () =>
      this.#client.transcribe(request, { signal: call.signal, timeoutMs: call.timeoutMs }),
    );
    return { answer };
  }
}
