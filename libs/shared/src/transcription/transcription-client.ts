import OpenAI from 'openai';
import { asError, CancelledError, PermanentError, PodlineError, RetryableError } from '#shared/errors';
import { apiError } from './api-errors.ts';
import { cleanText } from './clean-text.ts';
import { AUTO, engineLanguage } from './language.ts';
import { longFetch } from './long-fetch.ts';
import { multipart } from './multipart.ts';
import { type TranscriptionModel, transcriptionModel } from './openai-models.ts';
import { type EngineAnswer, parseVerboseJson } from './parse-verbose-json.ts';
import type { Span } from './spans.ts';

export interface TranscriptionClientOptions {
  /** Where the API is, up to and with `/v1`. */
  baseURL: string;
  /** Unset for a server that asks for none. */
  apiKey?: string | undefined;
  /** What a model takes and gives; by default OpenAI's models. */
  describeModel?: (model: string) => TranscriptionModel;
}

export interface TranscriptionRequest {
  audio: Uint8Array;
  /** With the extension of the format: the API tells formats by it. */
  fileName: string;
  /** Length of the audio, in seconds. */
  seconds: number;
  model: string;
  /** ISO 639-1 code; unset or "auto" to detect it. */
  language?: string | undefined;
  prompt?: string | undefined;
  temperature?: number | undefined;
  /** Stretches that are not silence, in seconds: where the words of an answer without times go. */
  speech?: readonly Span[] | undefined;
  /** Fields only some servers know: `beam_size`, `best_of`, `temperature_inc`, `max_context` of whisper.cpp's. */
  extra?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
}

export interface TranscriptionCall {
  signal: AbortSignal;
  /** Time for the whole call, in milliseconds. */
  timeoutMs: number;
  /** Sees each HTTP answer before it is read, so that a limiter can learn from its headers. */
  onResponse?: ((headers: Headers, status: number) => void) | undefined;
}

/** The transcription API of OpenAI, and of everything that speaks it: whisper.cpp's server above all. */
export class TranscriptionClient {
  readonly #client: OpenAI;
  readonly #secret: string;
  readonly #describe: (model: string) => TranscriptionModel;

  constructor({ baseURL, apiKey = '', describeModel = transcriptionModel }: TranscriptionClientOptions) {
    this.#secret = apiKey;
    this.#describe = describeModel;
    // Whatever is unset here, the SDK would read from the environment.
    this.#client = new OpenAI({
      baseURL,
      apiKey: apiKey === '' ? 'none' : apiKey,
      organization: null,
      project: null,
      webhookSecret: null,
      logLevel: 'off',
      maxRetries: 0,
      fetch: longFetch,
    });
  }

  /**
   * Sends one chunk and reads the answer.
   * @throws PermanentError `audio-too-large`, `audio-too-long`, `rejected-by-api`, `bad-api-key`, `unknown-model`
   * @throws RetryableError `rate-limited`, `quota-exhausted`, `api-failed`, `api-busy`, `connection`, `timeout`, `invalid-answer`
   * @throws CancelledError when the signal aborts
   */
  async transcribe(request: TranscriptionRequest, call: TranscriptionCall): Promise<EngineAnswer> {
    const model = this.#describe(request.model);
    checkLimits(request, model);
    const timeout = AbortSignal.timeout(Math.ceil(call.timeoutMs));
    const text = await this.#send(request, model, { ...call, signal: AbortSignal.any([call.signal, timeout]) }).catch(
      (error: unknown) => {
        throw meaningOf(error, request, call, timeout, this.#secret);
      },
    );
    const answer = parseVerboseJson(parseJson(text), request.seconds, request.speech);
    return cutOff(answer, model) ?? answer;
  }

  async #send(request: TranscriptionRequest, model: TranscriptionModel, call: TranscriptionCall): Promise<string> {
    const { signal, timeoutMs, onResponse } = call;
    const { body, contentType } = multipart(fieldsOf(request, model), { ...request, name: 'file' });
    try {
      // Not the typed method: it takes a File, which is a copy of the audio that the garbage collector knows nothing of.
      const options = { body, headers: { 'content-type': contentType }, signal, timeout: Math.ceil(timeoutMs) };
      const response = await this.#client.post('/audio/transcriptions', options).asResponse();
      onResponse?.(response.headers, response.status);
      return await response.text();
    } catch (error) {
      if (error instanceof OpenAI.APIError && error.headers && error.status) onResponse?.(error.headers, error.status);
      throw error;
    }
  }
}

type Fields = Omit<OpenAI.Audio.TranscriptionCreateParamsNonStreaming, 'file'>;

function fieldsOf(request: TranscriptionRequest, model: TranscriptionModel): [name: string, value: string][] {
  const { language = AUTO, prompt, temperature, extra = {} } = request;
  const fields = {
    model: request.model,
    response_format: model.responseFormat,
    ...(language === AUTO && !model.saysAuto ? {} : { language: engineLanguage(language) }),
    ...(prompt === undefined || !model.prompt ? {} : { prompt }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(model.timestamps === 'word' ? { timestamp_granularities: ['word', 'segment'] } : {}),
    ...(model.responseFormat === 'diarized_json' ? { chunking_strategy: 'auto' } : {}),
  } satisfies Fields;
  return Object.entries({ ...extra, ...fields })
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) =>
      Array.isArray(value) ? value.map((item): [string, string] => [`${name}[]`, item]) : [[name, String(value)]],
    );
}

/** What the API would refuse is not sent: the upload takes time, and a request counts against the limit. */
function checkLimits({ audio, seconds, model }: TranscriptionRequest, limits: TranscriptionModel): void {
  const bytes = audio.byteLength;
  if (bytes > limits.maxBytes) {
    const message = `The audio has ${bytes} bytes; ${model} takes at most ${limits.maxBytes}. Use shorter chunks.`;
    throw new PermanentError('audio-too-large', message);
  }
  if (seconds > (limits.maxSeconds ?? Infinity)) {
    const message = `The audio lasts ${seconds} s; ${model} takes at most ${limits.maxSeconds} s. Use shorter chunks.`;
    throw new PermanentError('audio-too-long', message);
  }
}

function meaningOf(
  thrown: unknown,
  { model, seconds }: TranscriptionRequest,
  { signal, timeoutMs }: TranscriptionCall,
  timeout: AbortSignal,
  secret: string,
): PodlineError {
  if (signal.aborted) return signal.reason instanceof PodlineError ? signal.reason : new CancelledError();
  if (timeout.aborted) {
    const message = `No answer within ${Math.round(timeoutMs / 1000)} s for ${Math.round(seconds)} s of audio.`;
    return new RetryableError('timeout', message);
  }
  return apiError(thrown, model, secret);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = `The engine's answer of ${text.length} characters is not JSON, or was cut off: ${asError(error).message}`;
    throw new RetryableError('invalid-answer', cleanText(message).slice(0, 300), { cause: error });
  }
}

/** An answer as long as the model's limit stopped in the middle; the API does not say so. */
function cutOff(answer: EngineAnswer, { maxOutputTokens }: TranscriptionModel): EngineAnswer | undefined {
  if (maxOutputTokens === undefined || (answer.outputTokens ?? 0) < maxOutputTokens) return undefined;
  const message = `the answer stops at the model's limit of ${maxOutputTokens} tokens; use shorter chunks`;
  return { ...answer, warnings: [...answer.warnings, { reason: 'truncated', message }] };
}
