import { createServer, type Server } from 'node:http';
import { ApiHandler } from './api-handler.ts';
import { type ChatRequest, steadyAnswer } from './chat-completions.ts';
import type { ScriptedAnswer } from './scripted-answer.ts';
import { LimitKeeper, type ServerLimits } from './server-limits.ts';
import type { ServerStats } from './server-stats.ts';
import { steadyTranscript } from './steady-transcript.ts';
import type { Heard, HeardAudio } from './transcriptions.ts';

export const TEST_API_KEY = 'test-key';

const MODELS = [
  'whisper-1',
  'gpt-transcribe',
  'gpt-4o-transcribe',
  'gpt-4o-mini-transcribe',
  'gpt-4o-mini',
  'gpt-4o',
  'gpt-4.1-mini',
  'gpt-5-mini',
];

export interface OpenaiServerOptions {
  /** Free port where 0 or unset. */
  port?: number | undefined;
  /** Where it listens; 127.0.0.1 where unset. */
  address?: string | undefined;
  /** Keys that are let in; `TEST_API_KEY` where unset. */
  apiKeys?: readonly string[] | undefined;
  models?: readonly string[] | undefined;
  /** Enforced by a strict sliding window; nothing is limited where unset. */
  limits?: ServerLimits | undefined;
  /** How long every answer takes, in milliseconds. */
  latencyMs?: number | undefined;
  /** What is heard in the audio; one word every 0.4 s where unset. */
  transcribe?: ((audio: HeardAudio) => Heard | Promise<Heard>) | undefined;
  /** The model's answer; the smallest that fits the asked-for schema where unset. */
  complete?: ((request: ChatRequest) => string | Promise<string>) | undefined;
}

/**
 * An OpenAI-compatible HTTP server for tests and benches, checking requests as the real API does.
 *
 * In a test:
 *
 *     const api = await startOpenaiServer({ limits: { windowMs: 60_000, requests: 50 } });
 *     const client = new OpenAI({ baseURL: api.baseUrl, apiKey: TEST_API_KEY, maxRetries: 0 });
 *     api.script({ kind: 'rate-limit', retryAfterMs: 2000 }, { kind: 'dropped' }); // the next two answers
 *     // ...
 *     expect(api.stats().overLimit.requests).toBe(0);
 *     await api.close();
 *
 * As a process of its own: `main.ts` beside this file; `control.ts` has what it answers to over HTTP.
 */
export interface OpenaiServer {
  /** For `OPENAI_BASE_URL`: `http://127.0.0.1:<port>/v1`. */
  baseUrl: string;
  port: number;
  /** The next answers, one a request, in this order; after them it answers properly again. */
  script(...answers: ScriptedAnswer[]): void;
  /** Answers every request like this until called with undefined; `script()`ed answers go first. */
  always(answer: ScriptedAnswer | undefined): void;
  setLimits(limits: ServerLimits): void;
  stats(): ServerStats;
  /** Cuts open connections, too. */
  close(): Promise<void>;
}

export async function startOpenaiServer(options: OpenaiServerOptions = {}): Promise<OpenaiServer> {
  const handler = new ApiHandler({
    apiKeys: options.apiKeys ?? [TEST_API_KEY],
    models: options.models ?? MODELS,
    latencyMs: options.latencyMs ?? 0,
    transcribe: options.transcribe ?? steadyTranscript,
    complete: options.complete ?? steadyAnswer,
    keeper: new LimitKeeper(options.limits ?? { windowMs: 60_000 }),
  });
  const server = createServer((request, response) => void handler.handle(request, response));
  const port = await listen(server, options.port ?? 0, options.address ?? '127.0.0.1');
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    port,
    script: (...answers) => void handler.scripted.push(...answers),
    always: (answer) => {
      handler.standing = answer;
    },
    setLimits: (limits) => {
      handler.keeper.limits = limits;
    },
    stats: () => handler.stats(),
    close: () => close(server),
  };
}

function listen(server: Server, port: number, where: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, where, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
