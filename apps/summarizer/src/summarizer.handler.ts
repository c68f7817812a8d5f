import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { summarizeJobSchema } from '#shared/contracts/jobs';
import { parseMessage } from '#shared/contracts/parse-message';
import type { JobContext } from '#shared/jetstream/job-context';
import { tellingBudget } from '#shared/service/tell-budget';
import { summarizeEpisode, type SummarizeWork } from './summarize-episode.ts';

export const SUMMARIZE_WORK = Symbol('summarize-work');

@Controller()
export class SummarizerHandler {
  readonly #work: SummarizeWork;

  constructor(@Inject(SUMMARIZE_WORK) work: SummarizeWork) {
    this.#work = work;
  }

  @EventPattern<string>('summarize')
  async handle(@Payload() data: Uint8Array, @Ctx() context: JobContext): Promise<void> {
    const job = parseMessage(summarizeJobSchema, data);
    await tellingBudget(this.#work.runtime, 'summarize', job, () => summarizeEpisode(job, context, this.#work));
  }
}
