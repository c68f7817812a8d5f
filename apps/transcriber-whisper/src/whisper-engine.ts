import type { UsedSettings } from '#shared/contracts/chunk-transcript';
import type { TranscribeJob } from '#shared/contracts/jobs';
import { PermanentError, RetryableError } from '#shared/errors';
import { WHISPER_SERVER_MODEL } from '#shared/transcription/openai-models';
import { TranscriptionClient } from '#shared/transcription/transcription-client';
import type { ChunkEngine, EngineAttempt, EngineCall } from '#shared/transcription/transcribe-completely';
import { readableAudio } from './readable-audio.ts';
import type { WhisperPool } from './whisper-pool.ts';
import type { WhisperServer } from './whisper-server.ts';

/** How long after a broken connection the end of the process may become known. */
const DEATH_NOTICE_MS = 1000;

/** whisper.cpp on this machine: borrows one of the resident engines for each attempt. */
export class WhisperEngine implements ChunkEngine {
  readonly name = 'whisper.cpp';
  readonly #pool: WhisperPool;

  constructor(pool: WhisperPool) {
    this.#pool = pool;
  }

  async attempt(
    audio: Uint8Array,
    job: TranscribeJob,
    settings: UsedSettings,
    call: EngineCall,
  ): Promise<EngineAttempt> {
    const readable = await readableAudio(audio, call.signal);
    return this.#pool.use(job.model, async (server) => {
      server.onProgress(call.onProgress);
      try {
        const answer = await ask(server, readable, job, settings, call);
        return { answer, peakMemoryBytes: await server.peakMemoryBytes() };
      } catch (error) {
        throw await explain(error, server);
      } finally {
        server.onProgress(undefined);
      }
    });
  }
}

function ask(server: WhisperServer, audio: Uint8Array, job: TranscribeJob, settings: UsedSettings, call: EngineCall) {
  const client = new TranscriptionClient({ baseURL: server.baseUrl, describeModel: () => WHISPER_SERVER_MODEL });
  const request = {
    audio,
    fileName: `chunk-${job.chunk}.flac`,
    seconds: job.seconds,
    model: job.model,
    language: settings.language,
    prompt: settings.prompt,
    temperature: settings.temperature,
    speech: job.speech,
    extra: {
      beam_size: settings.beamSize,
      best_of: settings.bestOf,
      temperature_inc: settings.temperatureIncrement,
      max_context: settings.noContext ? 0 : undefined,
      // Else the prompt is the first window's context only, and forgotten after a minute.
      carry_initial_prompt: settings.prompt === undefined ? undefined : true,
    },
  };
  return client.transcribe(request, { signal: call.signal, timeoutMs: call.timeoutMs });
}

/** A broken connection to an engine means that it died; and it is our engine, so nothing it refuses is the API's word. */
async function explain(error: unknown, server: WhisperServer): Promise<unknown> {
  const broken = error instanceof RetryableError && error.reason === 'connection';
  if (broken && (await server.endsWithin(DEATH_NOTICE_MS))) {
    return new RetryableError(
      'engine-died',
      `The whisper engine died while it worked: ${server.lastWords || 'it said nothing'}`,
      { cause: error },
    );
  }
  if (error instanceof PermanentError && error.reason === 'rejected-by-api') {
    return new PermanentError('engine-refused', `The whisper engine refused the chunk: ${error.message}`, {
      cause: error,
    });
  }
  return error;
}
