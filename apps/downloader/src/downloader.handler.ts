import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { DownloaderConfig } from '#shared/config/downloader';
import { type EpisodeRequest, episodeRequestSchema } from '#shared/contracts/episode-request';
import { type Acceptance, accepted, downloading, isFinished, uncut } from '#shared/contracts/episode-transitions';
import { manifestKey } from '#shared/contracts/artifact-keys';
import { cutOf, manifestSchema, type ResolvedOptions } from '#shared/contracts/manifest';
import { parseMessage } from '#shared/contracts/parse-message';
import { storedRequest } from '#shared/contracts/stored-request';
import { PermanentError, RetryableError } from '#shared/errors';
import type { JobContext } from '#shared/jetstream/job-context';
import type { ProgressReporter } from '#shared/jetstream/progress';
import { currentTraceparent } from '#shared/jetstream/trace-headers';
import type { Runtime } from '#shared/service/runtime';
import { readOrDrop } from '#shared/storage/read-or-drop';
import { continueEpisode, dropCut, forgetCut } from '#shared/transcription/continue-episode';
import { MAX_MANIFEST_BYTES } from '#shared/transcription/rebuild-state';
import { cutEpisode } from './cut-episode.ts';
import type { DownloadMetrics } from './download-metrics.ts';
import { handOnChunks } from './hand-on-chunks.ts';
import { type Adoption, adoptTranscript, isPublishers } from './publisher-transcript/adopt-transcript.ts';
import { resolveOptions } from './resolve-options.ts';
import { withWorkFolder } from './work-folder.ts';

export interface DownloadWork {
  runtime: Runtime<DownloaderConfig>;
  progress: ProgressReporter;
  metrics: DownloadMetrics;
}

export const DOWNLOAD_WORK = Symbol('download-work');

/**
 * Takes in an episode: checks the request, takes the publisher's transcript where there is a good one, else fetches and cuts
 * the audio, unless either was done before, and publishes the chunks.
 */
@Controller()
export class DownloaderHandler {
  readonly #work: DownloadWork;

  constructor(@Inject(DOWNLOAD_WORK) work: DownloadWork) {
    this.#work = work;
  }

  @EventPattern<string>('download')
  async handle(@Payload() data: Uint8Array, @Ctx() context: JobContext): Promise<void> {
    const { config, episodes, results, publisher } = this.#work.runtime;
    const { episodeId } = context.identity;
    const request = parseMessage(episodeRequestSchema, data);
    const stored = storedRequest(request);
    const lane = request.lane ?? context.lane;
    const now = new Date().toISOString();
    const acceptance = {
      request: stored,
      episodeId,
      lane,
      now,
      published: context.publishedAt,
      traceparent: currentTraceparent(),
    };
    const options = await this.#optionsOf(request, acceptance);
    let revived = false;
    const state = await episodes.update(episodeId, (known) => {
      revived = known?.status === 'failed';
      return accepted(known, acceptance);
    });
    if (state && isFinished(state.status)) {
      context.log.info({ status: state.status }, 'Episode was finished before; nothing to do');
      return;
    }
    await publisher.event({ v: 1, episodeId, type: 'accepted', at: now });
    const stores = { ...this.#work.runtime, log: context.log };
    // A repetition is dropped by the server, but for an episode that had failed: its dead jobs must come again.
    const round = `${context.streamSequence}${revived ? `.${context.delivery}` : ''}`;
    const known = await readOrDrop(results, manifestKey(episodeId), manifestSchema, MAX_MANIFEST_BYTES, context.log);
    if (known !== undefined) {
      if (known.episodeId !== episodeId) throw foreignManifest(episodeId, known.episodeId);
      if (await continueEpisode(known, stores, round, revived ? options : known.options)) return;
      context.log.warn({}, 'Audio of a chunk is missing; downloading the episode again');
      if (isPublishers(known)) await forgetCut(known, stores);
      // The same audio, cut the same way, goes on with its manifest; see `cutEpisode`.
      else await episodes.update(episodeId, (one) => one && uncut(one, cutOf(known)));
    }
    await episodes.update(episodeId, (one) => one && downloading(one, now));
    // An episode whose audio was cut before stays with its audio: what was transcribed of it is not thrown away.
    const adoptable = !request.options.alwaysTranscribe && (known === undefined || isPublishers(known));
    const adoption: Adoption = adoptable
      ? await adoptTranscript({ episodeId, request, stored, options }, context, this.#work.runtime)
      : { seen: [] };
    if (adoption.manifest) {
      if (await continueEpisode(adoption.manifest, stores, round)) return;
      const message = `Episode ${episodeId}: audio of a chunk was removed while the episode was being taken in.`;
      throw new RetryableError('audio-missing', message);
    }
    const episode = { episodeId, url: request.url, request: stored, options, refusedTranscripts: adoption.seen, known };
    await withWorkFolder(config.WORK_DIR, async (folder) => {
      const cut = await cutEpisode(episode, folder, context, this.#work);
      if (known !== undefined && cutOf(known) !== cutOf(cut.manifest)) await dropCut(known, stores);
      const asked = revived ? options : cut.manifest.options;
      await handOnChunks(cut, stores, { round, options: asked }, context, this.#work);
    });
  }

  /** What the episode asks for. Where that is refused, a new one is noted: who looks at it wants to know which it is. */
  async #optionsOf(request: EpisodeRequest, acceptance: Acceptance): Promise<ResolvedOptions> {
    const { config, episodes } = this.#work.runtime;
    try {
      return resolveOptions(request, acceptance.lane, config);
    } catch (error) {
      const { episodeId } = acceptance;
      // One that is known keeps its request and its chunks: it may be at work, or be tried again as it was.
      await episodes.update(episodeId, (known) =>
        known?.request === undefined ? accepted(known, acceptance) : undefined,
      );
      throw error;
    }
  }
}

/** Somebody has put it there: to follow it would be to work on another episode, and to leave this one where it is. */
function foreignManifest(episodeId: string, other: string): PermanentError {
  const key = manifestKey(episodeId);
  return new PermanentError(
    'invalid-artifact',
    `"${key}" is the manifest of another episode, "${other}". Delete it, and publish the episode again.`,
  );
}
