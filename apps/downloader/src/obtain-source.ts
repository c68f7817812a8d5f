import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { uploadKey } from '#shared/contracts/artifact-keys';
import { uploadDigest } from '#shared/contracts/upload-url';
import { PermanentError } from '#shared/errors';
import type { JobContext } from '#shared/jetstream/job-context';
import type { EpisodeToCut } from './cut-episode.ts';
import type { DownloadWork } from './downloader.handler.ts';
import { fetchToFile } from './fetch/fetch-to-file.ts';
import { reportProgress } from './report-progress.ts';

export interface SourceFile {
  path: string;
  bytes: number;
  sha256: string;
  contentType?: string | undefined;
}

/** Brings an episode's audio into a file: from where it is published, or from what was uploaded. */
export async function obtainSource(
  episode: EpisodeToCut,
  path: string,
  context: JobContext,
  work: DownloadWork,
): Promise<SourceFile> {
  const { config, audio } = work.runtime;
  const report = reportProgress(episode.episodeId, work);
  const sha256 = uploadDigest(episode.url);
  if (sha256 === undefined) {
    const limits = { maxBytes: config.DOWNLOAD_MAX_BYTES, allowHosts: config.DOWNLOAD_ALLOW_HOSTS };
    const measured = work.metrics.download();
    const fetched = await fetchToFile(episode.url, path, limits, {
      signal: context.signal,
      onProgress: ({ bytes, total }) => {
        measured.received(bytes);
        report('download', bytes, total);
      },
    });
    measured.done(fetched.bytes);
    return { path, ...fetched };
  }
  const upload = await audio.open(uploadKey(sha256), { signal: context.signal });
  if (!upload) throw new PermanentError('upload-missing', `The upload ${sha256} is gone. Submit the file again.`);
  if (upload.info.size > config.DOWNLOAD_MAX_BYTES) {
    throw new PermanentError(
      'too-large',
      `The upload has ${upload.info.size} bytes; at most ${config.DOWNLOAD_MAX_BYTES} are taken (DOWNLOAD_MAX_BYTES).`,
    );
  }
  await pipeline(upload.bytes, createWriteStream(path), { signal: context.signal });
  return { path, bytes: (await stat(path)).size, sha256 };
}
