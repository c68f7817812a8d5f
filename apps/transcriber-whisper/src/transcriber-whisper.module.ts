import { type DynamicModule, Module } from '@nestjs/common';
import { TranscriberWhisperHandler, WHISPER_WORK, type WhisperWork } from './transcriber-whisper.handler.ts';

@Module({})
export class TranscriberWhisperModule {
  static with(work: WhisperWork): DynamicModule {
    return {
      module: TranscriberWhisperModule,
      controllers: [TranscriberWhisperHandler],
      providers: [{ provide: WHISPER_WORK, useValue: work }],
    };
  }
}
