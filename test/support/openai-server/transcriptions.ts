import { ApiError, unknownModel } from './api-error.ts';
import { audioDuration } from './audio-duration.ts';
import { sniffFormat } from './audio-format.ts';

/** Largest file, in bytes: 25 MB as the API counts them. */
export const MAX_FILE_BYTES = 25 * 1024 * 1024;
/** Longest audio of the gpt-4o transcribe models, in seconds. */
export const MAX_GPT_4O_SECONDS = 1400;
const MIN_SECONDS = 0.1;
/** Room for the other fields of the form. */
export const MAX_FORM_BYTES = MAX_FILE_BYTES + 64 * 1024;

/** What a transcription function is told. */
export interface HeardAudio {
  seconds: number;
  bytes: Buffer;
  model: string;
  language: string | undefined;
  prompt: string | undefined;
}

/** A transcript, times in seconds. */
export interface Heard {
  text: string;
  words: { word: string; start: number; end: number }[];
  segments: { start: number; end: number; text: string }[];
  language?: string;
}

export interface TranscriptionRequest {
  audio: HeardAudio;
  format: ResponseFormat;
  granularities: readonly string[];
}

const WHISPER_FORMATS = ['json', 'text', 'srt', 'verbose_json', 'vtt'] as const;
export type ResponseFormat = (typeof WHISPER_FORMATS)[number];
const PLAIN_FORMATS: readonly ResponseFormat[] = ['json', 'text'];

/** Reads and checks the form as the real API does. */
export async function readTranscriptionRequest(
  body: Buffer,
  contentType: string,
  models: readonly string[],
): Promise<TranscriptionRequest> {
  const form = await readForm(body, contentType);
  const text = (name: string): string | undefined => {
    const value = form.get(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const model = text('model');
  if (model === undefined) throw new ApiError(400, 'you must provide a model parameter');
  if (!models.includes(model)) throw unknownModel(model);
  if (text('stream') === 'true') throw new ApiError(400, 'This test server does not stream.', { param: 'stream' });
  const granularities = form.getAll('timestamp_granularities[]').filter((value) => typeof value === 'string');
  const format = checkFormat(text('response_format') ?? 'json', model, granularities);
  const bytes = await readFile(form.get('file'));
  const seconds = await measure(bytes, model);
  return {
    audio: { seconds, bytes, model, language: text('language'), prompt: text('prompt') },
    format,
    granularities: granularities.length > 0 ? granularities : ['segment'],
  };
}

async function readForm(body: Buffer, contentType: string): Promise<FormData> {
  if (body.length > MAX_FORM_BYTES) {
    throw new ApiError(413, `Maximum content size limit (${MAX_FILE_BYTES}) exceeded (${body.length} bytes read)`, {
      type: 'server_error',
    });
  }
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw new ApiError(400, 'Could not parse multipart form');
  }
}

function checkFormat(format: string, model: string, granularities: readonly string[]): ResponseFormat {
  const allowed: readonly ResponseFormat[] = model.startsWith('whisper') ? WHISPER_FORMATS : PLAIN_FORMATS;
  const known = allowed.find((name) => name === format);
  if (known === undefined) {
    throw new ApiError(
      400,
      `response_format '${format}' is not compatible with model '${model}'. Use one of ${allowed.join(', ')} instead.`,
      {
        param: 'response_format',
        code: 'unsupported_value',
      },
    );
  }
  if (granularities.some((name) => name !== 'word' && name !== 'segment')) {
    throw new ApiError(400, `Invalid value for timestamp_granularities: ${granularities.join(', ')}.`, {
      param: 'timestamp_granularities',
    });
  }
  if (granularities.length > 0 && known !== 'verbose_json') {
    throw new ApiError(400, "timestamp_granularities need response_format 'verbose_json'.", {
      param: 'timestamp_granularities',
    });
  }
  return known;
}

async function readFile(file: ReturnType<FormData['get']>): Promise<Buffer> {
  if (file === null || typeof file === 'string')
    throw new ApiError(400, "Missing 'file' in the form.", { param: 'file' });
  if (file.size > MAX_FILE_BYTES) {
    throw new ApiError(413, `Maximum content size limit (${MAX_FILE_BYTES}) exceeded (${file.size} bytes read)`, {
      type: 'server_error',
    });
  }
  return Buffer.from(await file.arrayBuffer());
}

async function measure(bytes: Buffer, model: string): Promise<number> {
  if (bytes.length === 0) throw new ApiError(400, 'Audio file is empty.', { param: 'file', code: 'invalid_value' });
  const format = sniffFormat(bytes);
  if (format === undefined) {
    throw new ApiError(
      400,
      "Invalid file format. Supported formats: ['flac', 'm4a', 'mp3', 'mp4', 'mpeg', 'mpga', 'oga', 'ogg', 'wav', 'webm']",
      { param: 'file' },
    );
  }
  const seconds = await audioDuration(bytes, format);
  if (seconds === undefined) {
    throw new ApiError(400, 'Audio file might be corrupted or unsupported', { param: 'file', code: 'invalid_value' });
  }
  if (seconds < MIN_SECONDS) {
    throw new ApiError(400, `Audio file is too short. Minimum audio length is ${MIN_SECONDS} seconds.`, {
      param: 'file',
      code: 'audio_too_short',
    });
  }
  if (isGpt4o(model) && seconds > MAX_GPT_4O_SECONDS) {
    throw new ApiError(
      400,
      `audio duration ${seconds} seconds is longer than ${MAX_GPT_4O_SECONDS} seconds which is the maximum for this model`,
      { param: 'file', code: 'invalid_value' },
    );
  }
  return seconds;
}

export function isGpt4o(model: string): boolean {
  return /^gpt-4o.*-transcribe/.test(model);
}
