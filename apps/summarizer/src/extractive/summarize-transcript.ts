import type { Chapter, Excerpt, KeyPoint } from '#shared/contracts/summary';
import type { InputSegment } from '../transcript-input.ts';
import { type Analysis, joinAnalyses } from './analysis.ts';
import { nameChapters } from './chapters.ts';
import { chooseSentences } from './choose-sentences.ts';
import { withoutFrequentTerms } from './frequent-terms.ts';
import { keyTerms } from './key-terms.ts';
import type { RankedPart } from './rank-part.ts';
import { scoreSentences } from './score-sentences.ts';
import { sentenceVectors } from './sentence-vectors.ts';
import { chapterLimits, topicShifts } from './topic-shifts.ts';

/** What the words of a transcript say about it. */
export interface Extract {
  /** In the order of the transcript. */
  sentences: Excerpt[];
  /** The weightiest of them. */
  oneLine: string;
  keyPoints: KeyPoint[];
  chapters: Chapter[];
  keywords: string[];
}

/** How much a sentence loses for repeating one that was picked before. */
const NOVELTY = 0.2;
const KEYWORDS = 10;
/** A summary takes at most this share of the sentences: all of them would be a copy. */
const MOST_SHARE = 0.5;
/** Longest one-line summary, in characters. */
const ONE_LINE = 200;

/**
 * Summarizes a transcript from its ranked parts, in order; a pure function of them.
 * @param sentences How many to pick.
 * @param seconds Length of the episode.
 */
export function summarizeTranscript(
  parts: readonly RankedPart[],
  segments: readonly InputSegment[],
  { language, sentences, seconds }: { language: string; sentences: number; seconds: number },
): Extract {
  const analysis = withoutFrequentTerms(joinAnalyses(parts.map((part) => part.analysis)), language);
  const vectors = sentenceVectors(analysis);
  const scores = scoreSentences(
    analysis,
    vectors,
    Float64Array.from(parts.flatMap((part) => [...part.ranks])),
    language,
  );
  const count = Math.min(sentences, Math.max(1, Math.floor(analysis.texts.length * MOST_SHARE)));
  const picked = orFirst(chooseSentences(scores, vectors, count, NOVELTY));
  const shifts = topicShifts(vectors, analysis.starts, chapterLimits(seconds));
  return {
    sentences: picked.toSorted((a, b) => a - b).map((i) => excerpt(analysis, i)),
    oneLine: oneLine(picked.map((i) => analysis.texts[i]!)),
    keyPoints: shifts.length < 2 ? [] : bestOfEach(scores, shifts).map((i) => keyPoint(analysis, i)),
    chapters: nameChapters(
      analysis,
      scores,
      shifts,
      segments.map((segment) => segment.start),
    ),
    keywords: keyTerms(analysis, scores, KEYWORDS).map((term) => term.text),
  };
}

/** Where every sentence consists of stop words, the first one has to do. */
const orFirst = (picked: number[]): number[] => (picked.length > 0 ? picked : [0]);

function oneLine(texts: readonly string[]): string {
  const short = texts.find((text) => text.length <= ONE_LINE);
  const best = texts[0] ?? '';
  return (
    short ??
    `${best.slice(0, best.lastIndexOf(' ', ONE_LINE - 1) > 0 ? best.lastIndexOf(' ', ONE_LINE - 1) : ONE_LINE - 1)}…`
  );
}

/** The best sentence of each chapter. */
function bestOfEach(scores: Float64Array, shifts: readonly number[]): number[] {
  return shifts.map((first, c) => {
    const end = shifts[c + 1] ?? scores.length;
    let best = first;
    for (let i = first; i < end; i++) if (scores[i]! > scores[best]!) best = i;
    return best;
  });
}

const excerpt = ({ texts, starts, ends }: Analysis, i: number): Excerpt => ({
  text: texts[i]!,
  start: starts[i]!,
  end: ends[i]!,
});

const keyPoint = ({ texts, starts }: Analysis, i: number): KeyPoint => ({ text: texts[i]!, start: starts[i]! });
