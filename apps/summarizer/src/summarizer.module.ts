import { type DynamicModule, Module } from '@nestjs/common';
import type { SummarizeWork } from './summarize-episode.ts';
import { SUMMARIZE_WORK, SummarizerHandler } from './summarizer.handler.ts';

@Module({})
export class SummarizerModule {
  static with(work: SummarizeWork): DynamicModule {
    return {
      module: SummarizerModule,
      controllers: [SummarizerHandler],
      providers: [{ provide: SUMMARIZE_WORK, useValue: work }],
    };
  }
}
