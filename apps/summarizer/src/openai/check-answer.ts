import type { Chapter, Excerpt, KeyPoint } from '#shared/contracts/summary';
import type { InputSegment } from '../transcript-input.ts';
import type { NotesAnswer } from './answer-schemas.ts';
import type { TranscriptIndex } from './transcript-index.ts';

/** Most entries that are kept, and longest texts, in characters. What a model sends beyond is cut. */
const MOST = { points: 30, chapters: 60, names: 50, quotes: 10, keywords: 20 } as const;
const LONGEST = { point: 600, chapter: 120, name: 120, keyword: 80 } as const;

/** What is left of the lists of an answer when everything that is not in the transcript is gone. */
export interface CheckedLists {
  points: KeyPoint[];
  chapters: Chapter[];
  people: string[];
  organisations: string[];
  quotes: Excerpt[];
  keywords: string[];
  droppedQuotes: number;
  droppedNames: number;
}

/** The stretch of an episode an answer is about. */
export interface CheckedRange {
  segments: readonly InputSegment[];
  /** Seconds; times outside belong to nothing the model was shown. */
  start: number;
  end: number;
}

/** Seconds a model may be off and still mean the first or last line. */
const TOLERANCE = 2;

/**
 * Holds an answer against the transcript: quotes must be said in it word for word, names mentioned, and times become those
 * of the nearest segment. What fails is dropped, not mended.
 */
export function checkLists(answer: NotesAnswer, index: TranscriptIndex, range: CheckedRange): CheckedLists {
  const snap = snapper(range);
  const quotes = distinct(
    answer.quotes.map((quote) => index.findQuote(quote)),
    (quote) => quote?.text,
  );
  const people = names(answer.people, index);
  const organisations = names(answer.organisations, index);
  return {
    points: timed(answer.points, ({ text }) => text, snap, LONGEST.point)
      .map(([text, start]) => ({ text, start }))
      .slice(0, MOST.points),
    chapters: oneAtATime(timed(answer.chapters, ({ title }) => title, snap, LONGEST.chapter)).slice(0, MOST.chapters),
    people: people.kept.slice(0, MOST.names),
    organisations: organisations.kept.slice(0, MOST.names),
    quotes: quotes
      .filter((quote) => quote !== undefined)
      .toSorted((a, b) => a.start - b.start)
      .slice(0, MOST.quotes),
    keywords: distinct(
      answer.keywords.map((word) => oneLineOf(word, LONGEST.keyword)),
      lower,
    )
      .filter(isText)
      .slice(0, MOST.keywords),
    droppedQuotes: answer.quotes.filter((quote) => index.findQuote(quote) === undefined).length,
    droppedNames: people.dropped + organisations.dropped,
  };
}

/** Text on one line without control characters (joiners, which some scripts need, stay), not longer than this many characters. */
export function oneLineOf(text: string, longest: number): string {
  const line = text
    .toWellFormed()
    .replace(/(?:(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}])+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= longest
    ? line
    : `${line
        .slice(0, longest - 1)
        .toWellFormed()
        .trimEnd()}…`;
}

/** The start of the segment nearest to a time; undefined for a time outside the range, or none. */
function snapper({ segments, start, end }: CheckedRange): (time: number) => number | undefined {
  const starts = segments.filter(({ text }) => text.trim() !== '').map((segment) => segment.start);
  const inside = starts.filter((time) => time >= start && time <= end);
  return (time) => {
    if (!(time >= start - TOLERANCE && time <= end + TOLERANCE)) return undefined;
    let best: number | undefined;
    for (const candidate of inside) {
      if (best === undefined || Math.abs(candidate - time) < Math.abs(best - time)) best = candidate;
    }
    return best;
  };
}

function timed<T extends { start: number }>(
  items: readonly T[],
  textOf: (item: T) => string,
  snap: (time: number) => number | undefined,
  longest: number,
): [string, number][] {
  return items
    .flatMap((item): [string, number][] => {
      // The mark a model copied along with the line.
      const text = oneLineOf(textOf(item), longest).replace(/^\[\d+\]\s*/, '');
      const start = snap(item.start);
      return start === undefined || text === '' ? [] : [[text, start]];
    })
    .toSorted((a, b) => a[1] - b[1]);
}

/** Of chapters that begin together the first stays. */
function oneAtATime(chapters: readonly [string, number][]): Chapter[] {
  return chapters
    .filter(([, start], i) => i === 0 || start > chapters[i - 1]![1])
    .map(([title, start]) => ({ title, start }));
}

function names(given: readonly string[], index: TranscriptIndex): { kept: string[]; dropped: number } {
  const lines = distinct(
    given.map((name) => oneLineOf(name, LONGEST.name)),
    lower,
  ).filter(isText);
  const kept = lines.filter((name) => index.mentions(name));
  return { kept, dropped: lines.length - kept.length };
}

const lower = (text: string): string => text.toLowerCase();
const isText = (text: string): boolean => text !== '';

function distinct<T>(items: readonly T[], key: (item: T) => unknown): T[] {
  return [...new Map(items.toReversed().map((item) => [key(item), item] as const)).values()].toReversed();
}
