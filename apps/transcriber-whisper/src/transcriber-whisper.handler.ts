import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { transcribeJobSchema } from '#shared/contracts/jobs';
import { parseMessage } from '#shared/contracts/parse-message';
import type { JobContext } from '#shared/jetstream/job-context';
import { type ChunkWork, transcribeChunk } from '#shared/transcription/transcribe-chunk';

export const CHUNK_WORK = Symbol('chunk-work');

@Controller()
export class TranscriberWhisperHandler {
  readonly #work: ChunkWork;

  constructor(@Inject(CHUNK_WORK) work: ChunkWork) {
    this.#work = work;
  }

  @EventPattern<string>('transcribe-whisper')
  async handle(@Payload() data: Uint8Array, @Ctx() context: JobContext): Promise<void> {
    await transcribeChunk(parseMessage(transcribeJobSchema, data), context, this.#work);
  }
}
