import type { CheckedLists } from './check-answer.ts';
import { escapeData } from './data-block.ts';

/** What is known about a stretch of an episode: checked notes, and where it lies. Times in seconds. */
export interface EpisodeNotes {
  lists: CheckedLists;
  start: number;
  end: number;
}

/** Most statements of a part that are passed on, and fewest, where room is scarce. */
const MOST_POINTS = 30;
const LEAST_POINTS = 3;

/** Notes as lines for the next call. `most` bounds the statements, evenly picked so that no stretch is lost. */
function renderNotes({ lists }: EpisodeNotes, most: number): string[] {
  const mark = (start: number): string => `[${Math.floor(start)}]`;
  const list = (heading: string, items: readonly string[]): string[] =>
    items.length === 0 ? [] : [`${heading}: ${items.slice(0, most).map(escapeData).join('; ')}`];
  return [
    ...evenly(lists.points, most).map(({ text, start }) => `${mark(start)} ${escapeData(text)}`),
    ...evenly(lists.chapters, most).map(({ title, start }) => `${mark(start)} Topic: ${escapeData(title)}`),
    ...list('People', lists.people),
    ...list('Organisations', lists.organisations),
    ...lists.quotes.slice(0, most).map(({ text }) => `Quote: ${escapeData(text)}`),
    ...list('Keywords', lists.keywords),
  ];
}

/**
 * All notes as lines that fit the budget: where they don't, each part gives up statements alike.
 * @param size Of a line, in tokens.
 */
export function fitNotes(notes: readonly EpisodeNotes[], budget: number, size: (line: string) => number): string[] {
  for (let most = MOST_POINTS; ; most = Math.max(LEAST_POINTS, Math.floor(most / 2))) {
    const lines = notes.flatMap((part, i) => [`Part ${i + 1}:`, ...renderNotes(part, most)]);
    const fits = lines.reduce((sum, line) => sum + size(line), 0) <= budget;
    if (fits) return lines;
    if (most === LEAST_POINTS) return cutToSize(lines, budget, size);
  }
}

function cutToSize(lines: readonly string[], budget: number, size: (line: string) => number): string[] {
  let left = budget;
  return lines.filter((line) => (left -= size(line)) >= 0);
}

function evenly<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)]!);
}
