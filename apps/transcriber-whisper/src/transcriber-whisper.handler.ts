import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { transcribeJobSchema } from '#shared/contracts/jobs';
import { parseMessage } from '#shared/contracts/parse-message';
import type { JobContext } from '#shared/jetstream/job-context';
import { type ChunkWork, transcribeChunk } from '#shared/transcription/transcribe-chunk';
import type { EnginePlaces } from './engine-places.ts';

export interface WhisperWork extends Omit<ChunkWork, 'place'> {
  places: Pick<EnginePlaces, 'withPlace'>;
}

export const WHISPER_WORK = Symbol('whisper-work');

@Controller()
export class TranscriberWhisperHandler {
  readonly #work: WhisperWork;

  constructor(@Inject(WHISPER_WORK) work: WhisperWork) {
    this.#work = work;
  }

  @EventPattern<string>('transcribe-whisper')
  async handle(@Payload() data: Uint8Array, @Ctx() context: JobContext): Promise<void> {
    const job = parseMessage(transcribeJobSchema, data);
    await this.#work.places.withPlace((place) => transcribeChunk(job, context, { ...this.#work, place }));
  }
}
