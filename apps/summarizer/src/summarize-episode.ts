import { createHash } from 'node:crypto';
import { chaptersKey, manifestKey, summaryKey } from '#shared/contracts/artifact-keys';
import type { CallCost } from '#shared/contracts/cost';
import { summarized } from '#shared/contracts/episode-transitions';
import type { SummarizeJob } from '#shared/contracts/jobs';
import type { SummaryProviderName } from '#shared/contracts/names';
import { type Summary, summarySchema } from '#shared/contracts/summary';
import { manifestSchema } from '#shared/contracts/manifest';
import type { Transcript } from '#shared/contracts/transcript';
import { PermanentError, RetryableError } from '#shared/errors';
import type { JobContext } from '#shared/jetstream/job-context';
import { feedOf } from '#shared/service/feed-of';
import type { Runtime } from '#shared/service/runtime';
import type { BlobStore } from '#shared/storage/blob-store';
import { digestAt } from '#shared/storage/digest-at';
import { createJson, putJson } from '#shared/storage/json-blobs';
import { readOrDrop } from '#shared/storage/read-or-drop';
import { MAX_MANIFEST_BYTES } from '#shared/transcription/rebuild-state';
import { readTranscript, storeTranscript } from '#shared/transcription/store-transcript';
import { renderChapters } from './render/render-chapters.ts';
import { renderMarkdown } from './render/render-markdown.ts';
import { summarizeWithChain } from './strategy/summarize-with-chain.ts';
import type { SummaryProvider } from './summary-provider.ts';

/** How often another replica may replace the summary while its formats are made. */
const MAX_ROUNDS = 5;
const MAX_SUMMARY_BYTES = 16 * 1024 * 1024;

export interface SummarizeWork {
  runtime: Pick<Runtime, 'results' | 'episodes' | 'publisher' | 'observer'>;
  /** The providers to ask, in order, for a job that names this one. */
  chain: (provider: SummaryProviderName, model: string | undefined) => SummaryProvider[];
  /** Failures after which a job is dead-lettered. */
  maxDeliveries: number;
}

/**
 * Summarizes an episode once: a stored summary is never made again, unless the job replaces just that one, and every
 * format is made from it.
 */
export async function summarizeEpisode(job: SummarizeJob, context: JobContext, work: SummarizeWork): Promise<void> {
  const { results, episodes, publisher, observer } = work.runtime;
  if (await isWanted(job, results, context.log)) await makeSummary(job, context, work);
  const summary = await storeFormats(job.episodeId, results, context.log);
  const now = new Date().toISOString();
  // The state comes last: whoever sees "done" finds everything else in place.
  await publisher.event({ v: 1, episodeId: job.episodeId, type: 'summarized', at: now });
  let wasDone = false;
  const state = await episodes.update(job.episodeId, (current) => {
    wasDone = current?.status === 'done';
    return current && summarized(current, now, costOf(summary));
  });
  if (state?.status === 'done' && !wasDone) observer.finished('done', state, now);
  context.log.info({ provider: summary.provider }, 'Episode done');
}

async function isWanted(job: SummarizeJob, results: BlobStore, log: JobContext['log']): Promise<boolean> {
  const key = summaryKey(job.episodeId, 'json');
  if (job.replaces !== undefined && (await digestAt(results, key)) === job.replaces) return true;
  return (await readOrDrop(results, key, summarySchema, MAX_SUMMARY_BYTES, log)) === undefined;
}

async function makeSummary(job: SummarizeJob, context: JobContext, work: SummarizeWork): Promise<void> {
  const { results } = work.runtime;
  const transcript = await findTranscript(job.episodeId, { results, log: context.log });
  const { draft, steps } = await summarizeWithChain(work.chain(job.provider, job.model), transcript, {
    signal: context.signal,
    sentences: job.sentences,
    feed: await feedOf(work.runtime.episodes, job.episodeId),
    retriesLeft: work.maxDeliveries - context.delivery,
  });
  const summary: Summary = { v: 1, episodeId: job.episodeId, ...draft, steps };
  const key = summaryKey(job.episodeId, 'json');
  // Looked at again: a model took minutes, and another replica may have been faster. Its summary is the one that counts.
  if (job.replaces !== undefined && (await digestAt(results, key)) === job.replaces)
    await putJson(results, key, summarySchema, summary);
  else await createJson(results, key, summarySchema, summary);
}

/** Makes every format of the stored summary, whatever they were made of before. @returns the summary. */
async function storeFormats(episodeId: string, results: BlobStore, log: JobContext['log']): Promise<Summary> {
  const key = summaryKey(episodeId, 'json');
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const digest = await digestAt(results, key);
    const summary = await readOrDrop(results, key, summarySchema, MAX_SUMMARY_BYTES, log);
    if (summary === undefined) break;
    await storeText(results, summaryKey(episodeId, 'md'), renderMarkdown(summary));
    await storeText(results, chaptersKey(episodeId), renderChapters(summary));
    // Replaced meanwhile by another replica: what was made here may have come after what that one made.
    if ((await digestAt(results, key)) === digest) return summary;
  }
  throw new RetryableError(
    'summary-changed',
    `The summary of episode ${episodeId} changes or goes while it is written.`,
  );
}

async function storeText(results: BlobStore, key: string, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  const digest = createHash('sha256').update(bytes).digest('hex');
  if ((await digestAt(results, key)) !== digest) await results.put(key, bytes);
}

/** Of the calls the summary is made of; undefined where no model was asked, or one that costs nothing. */
function costOf({ provider, figures, dollars }: Summary): CallCost | undefined {
  if (provider !== 'openai' || figures.calls === 0) return undefined;
  const { calls, promptTokens: inputTokens, completionTokens: outputTokens } = figures;
  return { calls, audioSeconds: 0, inputTokens, outputTokens, ...(dollars === undefined ? {} : { dollars }) };
}

/** The transcript; one that is lost or damaged is merged again, where its chunks are there. */
async function findTranscript(
  episodeId: string,
  stores: Pick<Runtime, 'results'> & Pick<JobContext, 'log'>,
): Promise<Transcript> {
  const { results, log } = stores;
  const stored = await readTranscript(episodeId, stores);
  if (stored !== undefined) return stored;
  const manifest = await readOrDrop(results, manifestKey(episodeId), manifestSchema, MAX_MANIFEST_BYTES, log);
  const merged = manifest && (await storeTranscript(manifest, stores));
  if (merged !== undefined) return merged;
  throw new PermanentError('transcript-missing', `Episode ${episodeId} has no transcript. Publish the episode again.`);
}
