import { languageKey, manifestKey } from '#shared/contracts/artifact-keys';
import { type LanguageDecision, languageDecisionSchema, type LanguageProbe } from '#shared/contracts/language-decision';
import type { TranscribeJob } from '#shared/contracts/jobs';
import { cutOf, type Manifest, manifestSchema, SAMPLE_RATE } from '#shared/contracts/manifest';
import { PodlineError } from '#shared/errors';
import type { JobContext } from '#shared/jetstream/job-context';
import { inSpan } from '#shared/observability/spans';
import type { Runtime } from '#shared/service/runtime';
import { createJson } from '#shared/storage/json-blobs';
import { readBytesOrDrop, readOrDrop } from '#shared/storage/read-or-drop';
import { audioKey } from '../continue-episode.ts';
import { AUTO } from '../language.ts';
import { MAX_MANIFEST_BYTES } from '../rebuild-state.ts';
import { toMilliseconds } from '../spans.ts';
import { placeProbes, type ProbePlace } from './place-probes.ts';
import { isSettled, weighProbes } from './weigh-probes.ts';

/** Some twenty probes are 2 KB. */
const MAX_DECISION_BYTES = 64 * 1024;
const MAX_AUDIO_BYTES = 64 * 1024 * 1024;

/** Part of a chunk's audio, in seconds from its start. */
export interface Clip {
  from: number;
  seconds: number;
}

/** Who tells the language of a piece of audio. */
export interface LanguageListener {
  /** Places of an episode it listens to at most; 0: it is not asked. */
  places: number;
  listen(
    audio: Uint8Array,
    clip: Clip,
    job: TranscribeJob,
    signal: AbortSignal,
  ): Promise<Pick<LanguageProbe, 'language' | 'probability'>>;
}

type Stores = Pick<Runtime, 'audio' | 'results'>;

/**
 * The language of episodes nobody named one for: decided by listening in several places, once for an episode, and stored, so
 * that all replicas and all later attempts transcribe in the same one.
 */
export class EpisodeLanguages {
  readonly #stores: Stores;
  readonly #listener: LanguageListener | undefined;
  readonly #running = new Map<string, Promise<string>>();

  /** @param listener undefined for a transcriber that can't tell languages: it goes by what others have decided. */
  constructor(stores: Stores, listener?: LanguageListener) {
    this.#stores = stores;
    this.#listener = listener;
  }

  /** @returns what to tell the engine: a code, or "auto" where each chunk has to find its own. */
  async languageOf(job: TranscribeJob, context: JobContext): Promise<string> {
    if (job.language !== AUTO) return job.language;
    const key = languageKey(job.episodeId, job.cut);
    // Other chunks of the episode may be at it here: one of them listens for all.
    const other = this.#running.get(key);
    if (other) {
      try {
        return await other;
      } catch {
        // Its failure is its job's; this one tries for itself.
      }
    }
    const own = this.#decide(job, key, context);
    this.#running.set(key, own);
    try {
      return await own;
    } finally {
      if (this.#running.get(key) === own) this.#running.delete(key);
    }
  }

  async #decide(job: TranscribeJob, key: string, context: JobContext): Promise<string> {
    const { results } = this.#stores;
    const known = await readOrDrop(results, key, languageDecisionSchema, MAX_DECISION_BYTES, context.log);
    if (known) return known.language;
    const listener = this.#listener;
    if (!listener || listener.places === 0) return AUTO;
    const manifest = await readOrDrop(
      results,
      manifestKey(job.episodeId),
      manifestSchema,
      MAX_MANIFEST_BYTES,
      context.log,
    );
    if (manifest === undefined || cutOf(manifest) !== job.cut) return AUTO;
    const decision = await inSpan('language', {}, () => this.#listen(job, manifest, listener, context));
    const { created } = await createJson(results, key, languageDecisionSchema, decision);
    context.log.info(
      { language: decision.language, share: decision.share, probes: decision.probes.length },
      'Language decided',
    );
    if (created) return decision.language;
    const first = await readOrDrop(results, key, languageDecisionSchema, MAX_DECISION_BYTES, context.log);
    return (first ?? decision).language;
  }

  async #listen(
    job: TranscribeJob,
    manifest: Manifest,
    listener: LanguageListener,
    context: JobContext,
  ): Promise<LanguageDecision> {
    const probes: LanguageProbe[] = [];
    for (const place of placeProbes(manifest, listener.places)) {
      context.signal.throwIfAborted();
      const heard = await this.#hear(place, job, manifest, listener, context);
      if (heard) probes.push({ start: toMilliseconds(place.start), end: toMilliseconds(place.end), ...heard });
      if (isSettled(probes)) break;
    }
    return { v: 1, episodeId: job.episodeId, ...weighProbes(probes), model: job.model, probes };
  }

  /** @returns undefined where the place can't be listened to: that alone fails no chunk. */
  async #hear(
    { chunk, start, end }: ProbePlace,
    job: TranscribeJob,
    manifest: Manifest,
    listener: LanguageListener,
    { signal, log }: JobContext,
  ) {
    const plan = manifest.chunks.find(({ index }) => index === chunk);
    if (!plan) return undefined;
    const audio = await readBytesOrDrop(this.#stores.audio, audioKey(manifest, plan), MAX_AUDIO_BYTES, log);
    if (audio === undefined) return undefined;
    try {
      const clip = { from: start - plan.startSample / SAMPLE_RATE, seconds: end - start };
      return await listener.listen(audio, clip, job, signal);
    } catch (error) {
      if (!(error instanceof PodlineError) || error.retryable || signal.aborted) throw error;
      log.warn({ reason: error.reason, start }, 'The language could not be told in one place');
      return undefined;
    }
  }
}
