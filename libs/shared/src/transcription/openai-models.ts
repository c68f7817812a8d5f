/** What one model of the transcription API takes and gives. */
export interface TranscriptionModel {
  /** Largest request, in bytes. */
  maxBytes: number;
  /** Longest audio of one request, in seconds; undefined where only the bytes count. */
  maxSeconds?: number;
  /** Longest answer, in tokens; a longer one is cut off without an error. */
  maxOutputTokens?: number;
  /** Longest chunk to send, in seconds, with every limit above in mind. */
  chunkSeconds: number;
  /** The format to ask for, the most telling the model has. */
  responseFormat: 'verbose_json' | 'diarized_json' | 'json';
  /** What the answer times. */
  timestamps: 'word' | 'segment' | 'none';
  /** Whether a prompt may be sent. */
  prompt: boolean;
  /** Wants "auto" said to detect the language; others detect it when none is given. */
  saysAuto?: boolean;
  /** List price, in US dollars a minute of audio; an estimate for models billed by tokens. */
  dollarsPerMinute?: number;
  /** Day the API stops serving the model, as announced. */
  shutdown?: string;
}

/** Upload limit of the API: 25 MB (developers.openai.com/api/docs/guides/speech-to-text). Decimal, to be on the safe side. */
const MAX_BYTES = 25_000_000;

/** The API answers 400 "longer than 1400 seconds which is the maximum for this model" above this. */
const GPT_4O_SECONDS = 1400;

/**
 * 2,000 tokens (the models' pages) are about 1,500 words: 8 minutes of a fast talker, at 190 words a minute. Longer chunks
 * would be cut off in silence.
 */
const GPT_4O = {
  maxOutputTokens: 2000,
  chunkSeconds: 480,
  maxSeconds: GPT_4O_SECONDS,
  shutdown: '2027-02-26',
} as const;

/**
 * The models of OpenAI's API. Prices, formats and limits: the models' pages at developers.openai.com/api/docs/models/<model>,
 * the guide at .../guides/speech-to-text and the API's own errors; shutdown days: .../deprecations. Read on 2026-11-21.
 */
export const OPENAI_MODELS: Readonly<Record<string, TranscriptionModel>> = {
  'gpt-transcribe': {
    maxBytes: MAX_BYTES,
    // No limit is documented; that of its predecessors is kept, and so is the length their answers are complete for.
    maxSeconds: GPT_4O_SECONDS,
    chunkSeconds: 480,
    responseFormat: 'json',
    timestamps: 'none',
    prompt: true,
    dollarsPerMinute: 0.0045,
  },
  'whisper-1': {
    maxBytes: MAX_BYTES,
    chunkSeconds: 1200,
    responseFormat: 'verbose_json',
    timestamps: 'word',
    prompt: true,
    dollarsPerMinute: 0.006,
    shutdown: '2027-02-26',
  },
  'gpt-4o-transcribe': {
    ...GPT_4O,
    maxBytes: MAX_BYTES,
    responseFormat: 'json',
    timestamps: 'none',
    prompt: true,
    dollarsPerMinute: 0.006,
  },
  'gpt-4o-mini-transcribe': {
    ...GPT_4O,
    maxBytes: MAX_BYTES,
    responseFormat: 'json',
    timestamps: 'none',
    prompt: true,
    dollarsPerMinute: 0.003,
  },
  'gpt-4o-transcribe-diarize': {
    ...GPT_4O,
    maxBytes: MAX_BYTES,
    responseFormat: 'diarized_json',
    timestamps: 'segment',
    prompt: false,
    dollarsPerMinute: 0.006,
  },
};

/** What is assumed of models nobody has described, such as those of other OpenAI-compatible servers: whisper's ways. */
const UNKNOWN: TranscriptionModel = {
  maxBytes: MAX_BYTES,
  chunkSeconds: 1200,
  responseFormat: 'verbose_json',
  timestamps: 'word',
  prompt: true,
};

/** The limits of a model; dated snapshots ("gpt-4o-mini-transcribe-2025-12-15") have those of their model. */
export function transcriptionModel(name: string): TranscriptionModel {
  const model = name.replace(/-\d{4}-\d{2}-\d{2}$/, '');
  return Object.hasOwn(OPENAI_MODELS, model) ? (OPENAI_MODELS[model] ?? UNKNOWN) : UNKNOWN;
}

/** whisper.cpp's server, whatever model it has loaded: only its owner sets limits. Without a language it assumes English. */
export const WHISPER_SERVER_MODEL: TranscriptionModel = {
  saysAuto: true,
  maxBytes: Infinity,
  chunkSeconds: 300,
  responseFormat: 'verbose_json',
  timestamps: 'word',
  prompt: true,
};
