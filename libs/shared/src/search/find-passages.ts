import { foldText, searchWords } from './fold-text.ts';
import type { Term } from './parse-query.ts';
import { readCues, type SpokenCue } from './read-cues.ts';

/** Where a query is answered: from the first word to the last, and the words around them. */
export interface Passage {
  /** Seconds from the start of the episode. */
  start: number;
  text: string;
}

/** Words further apart than this are not about the same, in seconds. */
const NEAR_SECONDS = 30;
/** Cues of a passage that is shown: what was found, and up to this many before and after. */
const AROUND = 1;

interface Found {
  term: number;
  /** Index of its first word. */
  word: number;
  cue: number;
}

/**
 * The passages of a transcript that hold all terms within half a minute, each as short as possible, none in two.
 * @param vtt as it is stored.
 */
export function findPassages(vtt: string, terms: readonly Term[]): Passage[] {
  // Taking a transcript apart costs ten times as much as looking whether it holds the words at all.
  const folded = foldText(vtt);
  if (!terms.every((words) => words.every((word) => folded.includes(word)))) return [];
  const cues = readCues(vtt);
  const found = findTerms(cues, terms);
  const passages: Passage[] = [];
  let open: Found[] = [];
  for (const one of found) {
    // Of a word said twice the later counts: the passage is shorter.
    open = [...open.filter(({ term }) => term !== one.term), one];
    const start = timeOf(cues, one) - NEAR_SECONDS;
    open = open.filter((other) => timeOf(cues, other) >= start);
    if (open.length < terms.length) continue;
    const first = Math.min(...open.map(({ cue }) => cue));
    passages.push({ start: cues[first]?.start ?? 0, text: textAround(cues, first, one.cue) });
    open = [];
  }
  return passages;
}

/** Every place of every term, in the order they are said. */
function findTerms(cues: readonly SpokenCue[], terms: readonly Term[]): Found[] {
  const words: string[] = [];
  const cueOf: number[] = [];
  cues.forEach(({ text }, cue) => {
    for (const word of searchWords(foldText(text))) {
      words.push(word);
      cueOf.push(cue);
    }
  });
  return words.flatMap((_, at) =>
    terms.flatMap((term, index) =>
      term.every((word, next) => words[at + next] === word) ? [{ term: index, word: at, cue: cueOf[at] ?? 0 }] : [],
    ),
  );
}

function timeOf(cues: readonly SpokenCue[], { cue }: Found): number {
  return cues[cue]?.start ?? 0;
}

function textAround(cues: readonly SpokenCue[], first: number, last: number): string {
  return cues
    .slice(Math.max(0, first - AROUND), last + AROUND + 1)
    .map(({ text }) => text)
    .join(' ');
}
