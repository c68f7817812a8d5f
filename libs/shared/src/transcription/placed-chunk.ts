import type { ChunkTranscript, Segment, Word } from '#shared/contracts/chunk-transcript';
import { type ChunkPlan, SAMPLE_RATE } from '#shared/contracts/manifest';
import type { TranscriptSegment } from '#shared/contracts/transcript';
import type { HeardWord } from './align-words.ts';
import { toMilliseconds } from './spans.ts';
import { spokenWords } from './spoken-words.ts';
import { bareWord, joinWords } from './words.ts';

/** Engines time words to a few tenths of a second. */
const WORD_SPREAD = 0.5;
/** A time that was only spread over a segment is off by a part of the segment's length. */
const SEGMENT_SPREAD = 0.1;
/** A time that was spread over the whole chunk is off by seconds, even near its border. */
const ESTIMATED_SPREAD = 3;

/** A word at its place in the episode, and the segment it belongs to. */
interface PlacedWord extends HeardWord {
  word: Word;
  segment: number;
}

/** A chunk's transcript on the episode's clock. */
export interface PlacedChunk {
  plan: ChunkPlan;
  /** What somebody said; descriptions of sounds are in `sounds`. */
  segments: readonly Segment[];
  sounds: readonly Segment[];
  words: readonly PlacedWord[];
}

/** Moves a chunk's transcript to its place. Samples are exact; only the sum is rounded, to milliseconds. */
export function placeChunk(plan: ChunkPlan, transcript: ChunkTranscript): PlacedChunk {
  const all = transcript.segments.map((segment) => shifted(segment, plan.startSample));
  const segments = all.filter(({ nonSpeech }) => !nonSpeech);
  return {
    plan,
    segments,
    sounds: all.filter(({ nonSpeech }) => nonSpeech),
    words: segments.flatMap((segment, index) =>
      spokenWords([segment]).map((word) => ({
        word,
        segment: index,
        start: word.start,
        end: word.end,
        bare: bareWord(word.word),
        spread: spreadOf(segment),
      })),
    ),
  };
}

/** The segments of a chunk, of which only the words from `from` up to `to` count. */
export function segmentsOf(chunk: PlacedChunk, from: number, to: number): TranscriptSegment[] {
  const words = bySegment(chunk.words);
  const wanted = bySegment(chunk.words.slice(from, Math.max(from, to)));
  return chunk.segments.flatMap((segment, index) => {
    const all = words.get(index) ?? [];
    const kept = wanted.get(index) ?? [];
    const [first, last] = [kept[0], kept.at(-1)];
    if (!first || !last) return [];
    const whole = kept.length === all.length;
    return {
      start: whole ? segment.start : first.start,
      end: whole ? segment.end : last.end,
      text: whole ? segment.text : joinWords(kept.map(({ word }) => word.word)),
      chunk: chunk.plan.index,
      ...(segment.words ? { words: kept.map(({ word }) => word) } : {}),
      ...(segment.estimated ? { estimated: true as const } : {}),
    };
  });
}

function bySegment(words: readonly PlacedWord[]): Map<number, PlacedWord[]> {
  return Map.groupBy(words, ({ segment }) => segment);
}

function spreadOf({ words, start, end, estimated }: Segment): number {
  if (estimated) return ESTIMATED_SPREAD;
  return WORD_SPREAD + (words ? 0 : SEGMENT_SPREAD * (end - start));
}

function shifted(segment: Segment, startSample: number): Segment {
  const shift = (seconds: number): number => toMilliseconds(startSample / SAMPLE_RATE + seconds);
  const words = segment.words?.map((word) => ({ ...word, start: shift(word.start), end: shift(word.end) }));
  return { ...segment, start: shift(segment.start), end: shift(segment.end), ...(words ? { words } : {}) };
}
