import { type DynamicModule, Module } from '@nestjs/common';
import { DOWNLOAD_WORK, DownloaderHandler, type DownloadWork } from './downloader.handler.ts';

@Module({})
export class DownloaderModule {
  static with(work: DownloadWork): DynamicModule {
    return {
      module: DownloaderModule,
      controllers: [DownloaderHandler],
      providers: [{ provide: DOWNLOAD_WORK, useValue: work }],
    };
  }
}
