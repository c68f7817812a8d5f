import type { UsedSettings } from '#shared/contracts/chunk-transcript';
import type { CallCost } from '#shared/contracts/cost';
import type { TranscribeJob } from '#shared/contracts/jobs';
import type { Budget, Expense } from '#shared/rate-limit/budget';
import { callCost } from '#shared/rate-limit/call-cost';
import { callWithPermit } from '#shared/rate-limit/call-with-permit';
import { estimateCost } from '#shared/rate-limit/estimate-cost';
import { type Bill, payFor } from '#shared/rate-limit/pay-for';
import type { RateLimiter } from '#shared/rate-limit/rate-limiter';
import type { EngineAnswer } from '#shared/transcription/parse-verbose-json';
import type { TranscriptionClient, TranscriptionRequest } from '#shared/transcription/transcription-client';
import type { ChunkEngine, EngineAttempt, EngineCall } from '#shared/transcription/transcribe-completely';

/** Added to the longest a call can take until its money is taken for spent, in milliseconds. */
const SETTLING_MS = 60_000;

export interface OpenaiEngineOptions {
  client: TranscriptionClient;
  limiter: RateLimiter;
  budget: Budget;
  /** Longest wait for a permit, in milliseconds. */
  maxWaitMs: number;
  feedOf: (episodeId: string) => Promise<string | undefined>;
}

/** OpenAI's transcription API, or any server that speaks it. */
export class OpenaiEngine implements ChunkEngine {
  readonly name = 'openai';
  readonly #options: OpenaiEngineOptions;

  constructor(options: OpenaiEngineOptions) {
    this.#options = options;
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
    return payFor(this.#options.budget, await this.#expense(job, call), async (bill) => {
      const answer = await this.#send(request, call, bill);
      const cost = costOf(answer, job);
      bill.cost(cost);
      return { answer, cost };
    });
  }

  #send(request: TranscriptionRequest, call: EngineCall, bill: Bill): Promise<EngineAnswer> {
    const { client, limiter } = this.#options;
    const cost = { audioSeconds: request.seconds };
    return callWithPermit(limiter, cost, { signal: call.signal, callMs: call.timeoutMs }, ({ signal, heard }) => {
      bill.sent();
      return client.transcribe(request, {
        signal,
        timeoutMs: call.timeoutMs,
        onResponse: (headers, status) => {
          if (status >= 400) bill.refused();
          heard(status, headers);
        },
      });
    });
  }

  async #expense(job: TranscribeJob, call: EngineCall): Promise<Expense> {
    const { feedOf, maxWaitMs } = this.#options;
    return {
      model: job.model,
      dollars: estimateCost(job.model, { audioSeconds: Math.ceil(job.seconds) })?.dollars,
      feed: await feedOf(job.episodeId),
      lastsMs: maxWaitMs + call.timeoutMs + SETTLING_MS,
    };
  }
}

function costOf({ billedSeconds, inputTokens, outputTokens }: EngineAnswer, job: TranscribeJob): CallCost {
  return callCost(job.model, { audioSeconds: billedSeconds ?? job.seconds, inputTokens, outputTokens });
}
