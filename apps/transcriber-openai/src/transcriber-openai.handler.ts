import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { transcribeJobSchema } from '#shared/contracts/jobs';
import { parseMessage } from '#shared/contracts/parse-message';
import type { JobContext } from '#shared/jetstream/job-context';
import { tellingBudget } from '#shared/service/tell-budget';
import { type ChunkWork, transcribeChunk } from '#shared/transcription/transcribe-chunk';

export const CHUNK_WORK = Symbol('chunk-work');

@Controller()
export class TranscriberOpenaiHandler {
  readonly #work: ChunkWork;

  constructor(@Inject(CHUNK_WORK) work: ChunkWork) {
    this.#work = work;
  }

  @EventPattern<string>('transcribe-openai')
  async handle(@Payload() data: Uint8Array, @Ctx() context: JobContext): Promise<void> {
    const job = parseMessage(transcribeJobSchema, data);
    await tellingBudget(this.#work.runtime, 'transcribe-openai', job, () => transcribeChunk(job, context, this.#work));
  }
}
