/** Arrays with memory of their own, so that it can be handed from thread to thread. */
export type Reals = Float64Array<ArrayBuffer>;
export type Integers = Int32Array<ArrayBuffer>;

/**
 * A transcript, or a part of one, as numbers: small to send between threads, quick to count with. Sentence i holds the
 * words from `offsets[i]` up to `offsets[i + 1]`.
 */
export interface Analysis {
  texts: string[];
  /** Seconds. */
  starts: Reals;
  ends: Reals;
  /** Index of the segment each sentence begins in. */
  segments: Integers;
  offsets: Integers;
  /** Of each word: its term, as an index into `vocabulary`, or NO_TERM. */
  terms: Integers;
  /** Of each word: how it is written, as an index into `spellings`. */
  forms: Integers;
  vocabulary: string[];
  spellings: string[];
}

/** A stop word. */
export const NO_TERM = -1;

/** Gives each distinct string the next number. */
export class Numbering {
  readonly strings: string[] = [];
  readonly #numbers = new Map<string, number>();

  of(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.strings.length;
    this.#numbers.set(text, number);
    this.strings.push(text);
    return number;
  }
}

/** Joins the parts of a transcript, in order. The result is the same wherever the cuts between sentences were. */
export function joinAnalyses(parts: readonly Analysis[]): Analysis {
  const vocabulary = new Numbering();
  const spellings = new Numbering();
  const offsets = [0];
  for (const part of parts) {
    const base = offsets.at(-1) ?? 0;
    for (let i = 1; i < part.offsets.length; i++) offsets.push(base + part.offsets[i]!);
  }
  return {
    texts: parts.flatMap((part) => part.texts),
    starts: concat(
      Float64Array,
      parts.map((part) => part.starts),
    ),
    ends: concat(
      Float64Array,
      parts.map((part) => part.ends),
    ),
    segments: concat(
      Int32Array,
      parts.map((part) => part.segments),
    ),
    offsets: Int32Array.from(offsets),
    terms: concat(
      Int32Array,
      parts.map((part) => renumbered(part.terms, part.vocabulary, vocabulary)),
    ),
    forms: concat(
      Int32Array,
      parts.map((part) => renumbered(part.forms, part.spellings, spellings)),
    ),
    vocabulary: vocabulary.strings,
    spellings: spellings.strings,
  };
}

function renumbered(numbers: Integers, strings: readonly string[], into: Numbering): Integers {
  const map = strings.map((text) => into.of(text));
  return numbers.map((number) => map[number] ?? NO_TERM);
}

function concat<T extends Reals | Integers>(make: new (length: number) => T, pieces: readonly T[]): T {
  const result = new make(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    result.set(piece, at);
    at += piece.length;
  }
  return result;
}
