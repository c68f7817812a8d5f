import type { Excerpt } from '#shared/contracts/summary';
import type { InputSegment } from '../transcript-input.ts';

/** One word of the transcript: as it is compared, and where it is. */
interface Place {
  segment: number;
  from: number;
  to: number;
}

const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`;
/** A run of letters and digits; where words are not spaced, each character on its own. */
const WORD = new RegExp(String.raw`[${UNSPACED}]|(?:(?![${UNSPACED}])[\p{L}\p{N}\p{M}])+`, 'gu');
const UNSPACED_CHARACTER = new RegExp(`[${UNSPACED}]`, 'u');
/** Separates words; no word has it. */
const GAP = '\n';

/** Fewest and most words of a quote. */
const LEAST_WORDS = 3;
const MOST_WORDS = 80;

/**
 * Finds what a model says that somebody said. Words are compared without case, accents' encoding and punctuation, since a
 * model tidies those; what is handed out is the transcript's own text.
 */
export class TranscriptIndex {
  readonly #segments: readonly InputSegment[];
  readonly #places: Place[] = [];
  /** All words, each with a separator before and after. */
  readonly #text: string;
  /** Where in `#text` each word begins. */
  readonly #offsets: number[] = [];
  readonly #words = new Set<string>();

  constructor(segments: readonly InputSegment[]) {
    this.#segments = segments;
    const words: string[] = [];
    let length = GAP.length;
    segments.forEach(({ text }, segment) => {
      for (const match of text.matchAll(WORD)) {
        const word = fold(match[0]);
        this.#places.push({ segment, from: match.index, to: match.index + match[0].length });
        this.#offsets.push(length);
        this.#words.add(word);
        words.push(word);
        length += word.length + GAP.length;
      }
    });
    this.#text = GAP + words.map((word) => word + GAP).join('');
  }

  /** The words of the transcript this quote is made of, with their time. @returns undefined where nobody says them so. */
  findQuote(quote: string): Excerpt | undefined {
    const words = wordsIn(quote);
    if (words.length < LEAST_WORDS || words.length > MOST_WORDS) return undefined;
    const needle = GAP + words.join(GAP) + GAP;
    for (let at = this.#text.indexOf(needle); at !== -1; at = this.#text.indexOf(needle, at + 1)) {
      const first = this.#wordAt(at + GAP.length);
      const excerpt = this.#excerpt(this.#places[first]!, this.#places[first + words.length - 1]!);
      if (excerpt !== undefined) return excerpt;
    }
    return undefined;
  }

  /** Whether the transcript has at least one of a name's words that tell it from others. */
  mentions(name: string): boolean {
    const words = wordsIn(name);
    if (words.some((word) => UNSPACED_CHARACTER.test(word))) return this.#text.includes(GAP + words.join(GAP) + GAP);
    const telling = words.filter((word) => word.length > 2);
    return (telling.length > 0 ? telling : words).some((word) => this.#words.has(word));
  }

  /** The word that begins at this offset of the text. */
  #wordAt(offset: number): number {
    let low = 0;
    let high = this.#offsets.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#offsets[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Everything between two words, with the punctuation that closes it. Undefined where two people speak. */
  #excerpt(first: Place, last: Place): Excerpt | undefined {
    const segments = this.#segments.slice(first.segment, last.segment + 1);
    if (segments.some((segment) => segment.speaker !== segments[0]!.speaker)) return undefined;
    const lastText = this.#segments[last.segment]!.text;
    const to = last.to + (/^[.!?…。！？]+/u.exec(lastText.slice(last.to))?.[0].length ?? 0);
    const texts = segments.map((segment, i) =>
      segment.text.slice(i === 0 ? first.from : 0, i === segments.length - 1 ? to : undefined).trim(),
    );
    return {
      text: texts.filter((text) => text !== '').join(UNSPACED_CHARACTER.test(texts[0] ?? '') ? '' : ' '),
      start: timeAt(this.#segments[first.segment]!, first.from),
      end: timeAt(this.#segments[last.segment]!, to),
    };
  }
}

const fold = (word: string): string => word.normalize('NFKC').toLowerCase();

const wordsIn = (text: string): string[] => (text.normalize('NFC').match(WORD) ?? []).map(fold);

function timeAt({ start, end, text }: InputSegment, character: number): number {
  return Math.round((start + (end - start) * Math.min(1, character / text.length)) * 1000) / 1000;
}
