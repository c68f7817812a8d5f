import { type DynamicModule, Module } from '@nestjs/common';
import type { ChunkWork } from '#shared/transcription/transcribe-chunk';
import { CHUNK_WORK, TranscriberWhisperHandler } from './transcriber-whisper.handler.ts';

@Module({})
export class TranscriberWhisperModule {
  static with(work: ChunkWork): DynamicModule {
    return {
      module: TranscriberWhisperModule,
      controllers: [TranscriberWhisperHandler],
      providers: [{ provide: CHUNK_WORK, useValue: work }],
    };
  }
}
