import { z } from 'zod';
import { serviceVariables } from './common.ts';
import { DEFAULTS } from './defaults.ts';
import { accountVariables, transcriptionLimitVariables } from './rate-limit.ts';
import { integer, positive } from './variables.ts';

/** What both transcribers understand. */
const transcriberVariables = {
  ...serviceVariables,
  CHUNK_TIMEOUT_PER_SECOND: positive(500)
    .default(DEFAULTS.transcribe.timeoutPerSecond)
    .describe('Time a chunk may take, per second of its audio; the engine is restarted after that'),
  CHUNK_TIMEOUT_CONSTANT_SECONDS: integer(1, 3600)
    .default(DEFAULTS.transcribe.timeoutConstantSeconds)
    .describe('Time added to that, in seconds'),
  INCOMPLETE_CHUNK: z
    .enum(['gap', 'fail'], { error: 'expected gap or fail' })
    .default('gap')
    .describe('What becomes of a chunk whose speech has no text after every attempt: a listed gap, or a dead letter'),
  FALLBACK_TRANSCRIBE_MODEL: z
    .string()
    .optional()
    .describe('Model of the other provider that is asked before that; unset: nobody is'),
};

export const whisperConfigSchema = z.object({
  ...transcriberVariables,
  WHISPER_MAX_ACK_PENDING: integer(1, 100_000)
    .default(DEFAULTS.transcribe.whisperMaxAckPending)
    .describe('Chunks the whole cluster transcribes with whisper at once, per turn of each lane'),
  PODLINE_WHISPER_SERVER: z.string().default('whisper-server').describe('Path of whisper.cpp’s whisper-server'),
  WHISPER_MODELS_DIR: z.string().default('models').describe('Folder with the models, named ggml-<model>.bin'),
  WHISPER_MODEL: z
    .string()
    .default(DEFAULTS.transcribe.whisperModel)
    .describe('Model that is loaded at start; another one is loaded when a job asks for it'),
  LANGUAGE_PROBES: integer(0, 20)
    .default(DEFAULTS.transcribe.languageProbes)
    .describe(
      'Places of an episode that are listened to for its language, at most, where nobody named it; 0: each chunk finds its own',
    ),
  WHISPER_WORKERS: integer(1, 256)
    .optional()
    .describe('Engines of this replica, each a slot with the model in memory; unset: as many as CPU and memory allow'),
  WHISPER_THREADS: integer(1, 256).optional().describe('Threads of each engine; unset: CPUs / workers'),
});

export const openaiTranscriberConfigSchema = z.object({
  ...transcriberVariables,
  OPENAI_API_KEY: z.string().optional().describe('API key; without one the service waits, not ready'),
  OPENAI_BASE_URL: z.url().default('https://api.openai.com/v1').describe('Any OpenAI-compatible API'),
  ...accountVariables,
  ...transcriptionLimitVariables,
  OPENAI_TRANSCRIBE_MAX_ACK_PENDING: integer(1, 100_000)
    .default(DEFAULTS.transcribe.openaiMaxAckPending)
    .describe('Chunks the whole cluster sends at once, per turn of each lane'),
});
