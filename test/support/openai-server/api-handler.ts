import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, invalidKey } from './api-error.ts';
import { answerChat, type ChatRequest, readChatRequest } from './chat-completions.ts';
import { controlAnswer } from './control.ts';
import { renderTranscript } from './render-transcript.ts';
import { readBody } from './request-body.ts';
import { type ScriptedAnswer, scriptedError } from './scripted-answer.ts';
import { type Answer, half, sendAnswer, sendError, sendHalf } from './send-answer.ts';
import type { LimitKeeper, Usage } from './server-limits.ts';
import type { Arrival, ServerStats } from './server-stats.ts';
import { type Heard, type HeardAudio, MAX_FORM_BYTES, readTranscriptionRequest } from './transcriptions.ts';

export interface ApiHandlerOptions {
  apiKeys: readonly string[];
  models: readonly string[];
  latencyMs: number;
  transcribe: (audio: HeardAudio) => Heard | Promise<Heard>;
  complete: (request: ChatRequest) => string | Promise<string>;
  keeper: LimitKeeper;
}

/** A request that was read and checked: what it uses, and how to answer it. */
interface Work {
  usage: Usage;
  answer: () => Promise<Answer>;
}

/** Takes every HTTP request: key, limits, script, then the endpoint itself. */
export class ApiHandler {
  readonly scripted: ScriptedAnswer[] = [];
  standing: ScriptedAnswer | undefined;
  readonly keeper: LimitKeeper;
  readonly #options: ApiHandlerOptions;
  readonly #arrivals: Arrival[] = [];

  constructor(options: ApiHandlerOptions) {
    this.#options = options;
    this.keeper = options.keeper;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = Date.now();
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    try {
      if (path.startsWith('/_test/')) {
        const body = controlAnswer(this, path, await readBody(request, MAX_FORM_BYTES));
        return sendAnswer(response, { body, contentType: 'application/json' });
      }
      this.#checkKey(request);
      if (request.method === 'GET') return sendAnswer(response, this.#models(path));
      await this.#post(request, response, path, at);
    } catch (error) {
      // The refusal must not overtake the rest of the request, or the client sees a broken pipe instead.
      request.resume();
      sendError(response, error, this.keeper.headers(Date.now()));
    }
  }

  stats(): ServerStats {
    const statuses: Record<string, number> = {};
    for (const { status } of this.#arrivals) statuses[status] = (statuses[status] ?? 0) + 1;
    return {
      requests: this.#arrivals.length,
      statuses,
      overLimit: { ...this.keeper.overLimit },
      mostInAnyWindow: this.keeper.mostInAnyWindow(),
      mostConcurrent: this.keeper.mostConcurrent,
      arrivals: this.#arrivals.map((arrival) => ({ ...arrival })),
    };
  }

  async #post(request: IncomingMessage, response: ServerResponse, path: string, at: number): Promise<void> {
    const arrival: Arrival = { path, at, tokens: 0, audioSeconds: 0, status: 0 };
    const sentAt = Number(request.headers['x-sent-at']);
    if (sentAt > 0) arrival.sentAt = sentAt;
    this.#arrivals.push(arrival);
    response.once('finish', () => {
      arrival.status = response.statusCode;
    });
    const scripted = this.scripted.shift() ?? this.standing;
    const tooMany = this.keeper.begin();
    response.once('close', () => this.keeper.end());
    const work = await this.#read(request, path).catch((error: unknown) => {
      // What the API refuses to work on counts as a request as well.
      this.keeper.enter(at, arrival);
      throw error;
    });
    Object.assign(arrival, work.usage);
    await this.#answer(response, work, this.keeper.enter(at, work.usage) ?? tooMany, scripted);
  }

  async #answer(
    response: ServerResponse,
    work: Work,
    refusal: ApiError | undefined,
    scripted: ScriptedAnswer | undefined,
  ): Promise<void> {
    const error = (scripted && scriptedError(scripted)) ?? refusal;
    if (error) throw error;
    if (scripted?.kind === 'hang') return;
    if (scripted?.kind === 'dropped') return void response.destroy();
    await delay(this.#options.latencyMs + (scripted?.kind === 'slow' ? scripted.delayMs : 0));
    if (scripted?.kind === 'body') {
      return sendAnswer(response, { body: scripted.body, contentType: scripted.contentType ?? 'application/json' });
    }
    const answer = await work.answer();
    if (scripted?.kind === 'dropped-midway') return sendHalf(response, answer);
    sendAnswer(response, scripted?.kind === 'truncated-json' ? half(answer) : answer, this.keeper.headers(Date.now()));
  }

  async #read(request: IncomingMessage, path: string): Promise<Work> {
    const body = await readBody(request, MAX_FORM_BYTES);
    if (path === '/v1/audio/transcriptions') return this.#transcription(body, request.headers['content-type'] ?? '');
    if (path === '/v1/chat/completions') return this.#chat(body);
    throw notFound(path);
  }

  async #transcription(body: Buffer, contentType: string): Promise<Work> {
    const asked = await readTranscriptionRequest(body, contentType, this.#options.models);
    return {
      usage: { tokens: 0, audioSeconds: asked.audio.seconds },
      answer: async () => renderTranscript(asked, await this.#options.transcribe(asked.audio)),
    };
  }

  async #chat(body: Buffer): Promise<Work> {
    const asked = await readChatRequest(body, this.#options.models);
    const id = this.#arrivals.length;
    return {
      usage: { tokens: asked.promptTokens + asked.maxTokens, audioSeconds: 0 },
      answer: async () => ({
        body: await answerChat(asked, await this.#options.complete(asked), id),
        contentType: 'application/json',
      }),
    };
  }

  #models(path: string): Answer {
    if (path !== '/v1/models') throw notFound(path);
    const data = this.#options.models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'podline-test' }));
    return { body: JSON.stringify({ object: 'list', data }), contentType: 'application/json' };
  }

  #checkKey(request: IncomingMessage): void {
    const [, key] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (key === undefined || !this.#options.apiKeys.includes(key)) throw invalidKey();
  }
}

function notFound(path: string): ApiError {
  return new ApiError(404, `Invalid URL (${path})`);
}
