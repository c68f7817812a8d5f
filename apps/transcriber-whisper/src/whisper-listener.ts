import type { TranscribeJob } from '#shared/contracts/jobs';
import { AUTO } from '#shared/transcription/language';
import type { Clip, LanguageListener } from '#shared/transcription/episode-language/episode-languages';
import { WHISPER_SERVER_MODEL } from '#shared/transcription/openai-models';
import { TranscriptionClient } from '#shared/transcription/transcription-client';
import { audioClip } from './readable-audio.ts';
import type { WhisperPool } from './whisper-pool.ts';

/** The part of the configuration it goes by. */
interface Limits {
  LANGUAGE_PROBES: number;
  CHUNK_TIMEOUT_PER_SECOND: number;
  CHUNK_TIMEOUT_CONSTANT_SECONDS: number;
}

/** whisper's own idea of a language: the encoder and one step of the decoder, no text. */
export class WhisperListener implements LanguageListener {
  readonly places: number;
  readonly #pool: WhisperPool;
  readonly #limits: Limits;

  constructor(pool: WhisperPool, limits: Limits) {
    this.#pool = pool;
    this.#limits = limits;
    this.places = limits.LANGUAGE_PROBES;
  }

  async listen(audio: Uint8Array, { from, seconds }: Clip, job: TranscribeJob, signal: AbortSignal) {
    const clip = await audioClip(audio, from, seconds, signal);
    return this.#pool.use(job.model, async (server) => {
      const client = new TranscriptionClient({ baseURL: server.baseUrl, describeModel: () => WHISPER_SERVER_MODEL });
      const { CHUNK_TIMEOUT_PER_SECOND: perSecond, CHUNK_TIMEOUT_CONSTANT_SECONDS: constant } = this.#limits;
      const { language, languageProbability = 0 } = await client.transcribe(
        {
          audio: clip,
          fileName: 'clip.wav',
          seconds,
          model: job.model,
          language: AUTO,
          extra: { detect_language: true, no_language_probabilities: false },
        },
        { signal, timeoutMs: 1000 * (constant + perSecond * seconds) },
      );
      return { language, probability: Math.round(languageProbability * 1000) / 1000 };
    });
  }
}
