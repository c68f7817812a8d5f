import type { ChunkTranscript } from '#shared/contracts/chunk-transcript';
import { figuresOf } from '#shared/contracts/chunk-transcript';
import { sumCosts } from '#shared/contracts/cost';
import { type Manifest, SAMPLE_RATE } from '#shared/contracts/manifest';
import type { Coverage, Gap, Transcript, TranscriptSegment } from '#shared/contracts/transcript';
import { PermanentError } from '#shared/errors';
import { coverageOf } from './coverage.ts';
import { UNDETERMINED } from './language.ts';
import { type PlacedChunk, placeChunk, segmentsOf } from './placed-chunk.ts';
import { reconcileOverlap } from './reconcile-overlap.ts';
import { difference, intersectionOf, lengthOf, type Span, toMilliseconds } from './spans.ts';

/** What of a manifest the merge needs. */
export type MergePlan = Pick<
  Manifest,
  'episodeId' | 'request' | 'source' | 'options' | 'samples' | 'speech' | 'chunks'
>;

/** A gap is listed from this much speech on, in seconds; below it lies the uncertainty of the times. */
const LISTED_GAP = 3;

/**
 * Merges the transcripts of an episode's chunks into one: each word once and in order, segments that neither overlap nor
 * go back, inside the episode. Pure: the same input gives the same transcript, in whatever order the chunks come.
 * @param chunks one for each chunk that was transcribed; a missing one, unless it is silent, becomes a gap.
 * @throws PermanentError `invalid-artifact` for a chunk that is not of this episode, or there twice.
 */
export function mergeTranscript(plan: MergePlan, chunks: readonly (ChunkTranscript | undefined)[]): Transcript {
  const transcripts = byIndex(plan, chunks);
  const seconds = toMilliseconds(plan.samples / SAMPLE_RATE);
  const placed = plan.chunks
    .toSorted((a, b) => a.index - b.index)
    .map((chunk) => {
      const transcript = transcripts.get(chunk.index);
      return transcript && placeChunk(chunk, transcript);
    });
  const segments = inOrder(joined(placed), seconds);
  const known = [...transcripts.values()].toSorted((a, b) => a.chunk - b.chunk);
  const { request, source } = plan;
  const title = request.title ?? source.title;
  return {
    v: 1,
    episodeId: plan.episodeId,
    ...(title === undefined ? {} : { title }),
    url: request.url,
    language: languageOf(known),
    seconds,
    providers: distinct(known.map(({ provider }) => provider)),
    models: distinct(known.map(({ model }) => model)),
    segments,
    coverage: coverage(plan, segments, placed),
    figures: sumFigures(known),
    ...(request.metadata === undefined ? {} : { metadata: request.metadata }),
  };
}

function byIndex(plan: MergePlan, chunks: readonly (ChunkTranscript | undefined)[]): Map<number, ChunkTranscript> {
  const indexes = new Set(plan.chunks.map(({ index }) => index));
  const transcripts = new Map<number, ChunkTranscript>();
  for (const chunk of chunks) {
    if (!chunk) continue;
    const fits = chunk.episodeId === plan.episodeId && indexes.has(chunk.chunk) && !transcripts.has(chunk.chunk);
    if (!fits) {
      const found = `chunk ${chunk.chunk} of episode ${chunk.episodeId}`;
      throw new PermanentError(
        'invalid-artifact',
        `Episode ${plan.episodeId} can't use ${found}: it is another's, or there twice.`,
      );
    }
    transcripts.set(chunk.chunk, chunk);
  }
  return transcripts;
}

/** All segments, what two neighbours both heard taken once. */
function joined(chunks: readonly (PlacedChunk | undefined)[]): TranscriptSegment[] {
  const from = chunks.map(() => 0);
  const to = chunks.map((chunk) => chunk?.words.length ?? 0);
  chunks.forEach((right, index) => {
    const left = chunks[index - 1];
    if (!left || !right || right.plan.startSample >= left.plan.endSample) return;
    const overlap = { start: right.plan.startSample / SAMPLE_RATE, end: left.plan.endSample / SAMPLE_RATE };
    const { keepLeft, skipRight } = reconcileOverlap(left.words, right.words, overlap);
    to[index - 1] = keepLeft;
    from[index] = skipRight;
  });
  return chunks.flatMap((chunk, index) => (chunk ? segmentsOf(chunk, from[index] ?? 0, to[index] ?? 0) : []));
}

/** No segment begins before the one before it ends, none ends after the episode; words stay inside their segment. */
function inOrder(segments: readonly TranscriptSegment[], seconds: number): TranscriptSegment[] {
  let earliest = 0;
  return segments.map((segment) => {
    const start = Math.min(seconds, Math.max(earliest, segment.start));
    const end = Math.min(seconds, Math.max(start, segment.end));
    earliest = end;
    const inside = (time: number): number => Math.min(end, Math.max(start, time));
    const words = segment.words?.map((word) => ({ ...word, start: inside(word.start), end: inside(word.end) }));
    return { ...segment, start, end, ...(words ? { words } : {}) };
  });
}

function coverage(
  plan: MergePlan,
  segments: TranscriptSegment[],
  placed: readonly (PlacedChunk | undefined)[],
): Coverage {
  const sounds = placed.flatMap((chunk) => chunk?.sounds ?? []);
  const texts = segments.map(({ chunk: _, ...segment }) => segment);
  const { speechSeconds, coveredSeconds, share, holes, explained } = coverageOf(plan.speech, [...texts, ...sounds]);
  const missing: Span[] = plan.chunks
    .filter((chunk) => !chunk.silent && !placed.some((other) => other?.plan.index === chunk.index))
    .map((chunk) => [chunk.cutSample / SAMPLE_RATE, chunk.endSample / SAMPLE_RATE]);
  const gap = (reason: Gap['reason'], spans: readonly Span[]): Gap[] =>
    spans.map(([start, end]) => ({ start: toMilliseconds(start), end: toMilliseconds(end), reason }));
  const unheard = holes.map(({ start, end }): Span => [start, end]);
  const long = (spans: readonly Span[]): Span[] =>
    spans.filter((span) => lengthOf(intersectionOf([span], plan.speech)) >= LISTED_GAP);
  return {
    speechSeconds: toMilliseconds(speechSeconds),
    coveredSeconds: toMilliseconds(coveredSeconds),
    share: Math.round(share * 1e4) / 1e4,
    gaps: [
      ...gap('chunk-missing', missing),
      ...gap('no-text', long(difference(unheard, missing))),
      ...gap('non-speech', long(explained)),
    ].toSorted((a, b) => a.start - b.start || a.end - b.end),
  };
}

/** The language most of the text is in. */
function languageOf(chunks: readonly ChunkTranscript[]): string {
  const letters = new Map<string, number>();
  for (const { language, segments } of chunks) {
    const count = segments.reduce((sum, { text, nonSpeech }) => sum + (nonSpeech ? 0 : text.length), 0);
    if (language !== UNDETERMINED) letters.set(language, (letters.get(language) ?? 0) + count);
  }
  return [...letters].toSorted((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))[0]?.[0] ?? UNDETERMINED;
}

function sumFigures(chunks: readonly ChunkTranscript[]): Transcript['figures'] {
  const sum = (of: (chunk: ChunkTranscript) => number): number => chunks.reduce((total, chunk) => total + of(chunk), 0);
  const cost = sumCosts(chunks.map(({ figures }) => figures.cost));
  const peaks = chunks.flatMap(({ figures }) => figures.peakMemoryBytes ?? []);
  return {
    ...figuresOf(
      sum(({ figures }) => figures.audioSeconds),
      sum(({ figures }) => figures.workSeconds),
      peaks.length === 0 ? undefined : Math.max(...peaks),
    ),
    ...(cost === undefined ? {} : { cost }),
    chunks: chunks.map(({ chunk, provider, model, settings, figures }) => ({
      ...figures,
      chunk,
      provider,
      model,
      attempt: settings.attempt,
    })),
  };
}

function distinct<T extends string>(values: readonly T[]): T[] {
  return [...new Set(values)].toSorted();
}
