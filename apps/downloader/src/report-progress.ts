import type { DownloadWork } from './downloader.handler.ts';

/** Tells how far a step of an episode is: bytes for `download`, seconds of audio for the others. */
export function reportProgress(episodeId: string, work: Pick<DownloadWork, 'progress'>) {
  return (stage: 'download' | 'normalise' | 'cut', done: number, total: number | undefined): void =>
    work.progress.report({
      v: 1,
      episodeId,
      stage,
      done,
      ...(total === undefined ? {} : { total: Math.max(total, done) }),
    });
}
