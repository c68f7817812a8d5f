import { type DynamicModule, Module } from '@nestjs/common';
import type { ChunkWork } from '#shared/transcription/transcribe-chunk';
import { CHUNK_WORK, TranscriberOpenaiHandler } from './transcriber-openai.handler.ts';

@Module({})
export class TranscriberOpenaiModule {
  static with(work: ChunkWork): DynamicModule {
    return {
      module: TranscriberOpenaiModule,
      controllers: [TranscriberOpenaiHandler],
      providers: [{ provide: CHUNK_WORK, useValue: work }],
    };
  }
}
