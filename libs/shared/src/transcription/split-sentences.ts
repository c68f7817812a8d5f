/** Ends a sentence, whatever quotes and brackets close after it. */
const END = /[.!?…。！？｡][\p{Pe}\p{Pf}"'*]*$/u;
const ALWAYS_END = /[!?…。！？｡][\p{Pe}\p{Pf}"'*]*$/u;

/** Words that end in a full stop and seldom end a sentence. */
const ABBREVIATIONS = new Set(
  'mr mrs ms dr prof st sr jr vs etc e.g i.e no fig vol approx dept est gov sen rep gen col capt lt sgt rev hon pres mt ave blvd z.b d.h bzw ca usw nr hr fr m mme sra'
    .split(' ')
    .map((word) => `${word}.`),
);

/** A sentence is seldom longer; text without punctuation is cut here, in words. */
const LONGEST = 60;

/** The words of a text, grouped into sentences by their punctuation. */
export function splitSentences(words: readonly string[]): string[][] {
  const sentences: string[][] = [];
  let open: string[] = [];
  words.forEach((word, index) => {
    open.push(word);
    if (!endsSentence(word, words[index + 1]) && open.length < LONGEST) return;
    sentences.push(open);
    open = [];
  });
  return open.length > 0 ? [...sentences, open] : sentences;
}

/** Whether a sentence ends with this word; "Dr.", initials and "3." before a lower-case word end none. */
export function endsSentence(word: string, next: string | undefined): boolean {
  if (next === undefined) return true;
  if (!END.test(word)) return false;
  if (ALWAYS_END.test(word)) return !/^\p{Ll}/u.test(next) || !word.includes('…');
  const bare = word.toLowerCase().replace(/^[\p{P}\p{S}]+/u, '');
  if (ABBREVIATIONS.has(bare) || /^\p{L}\.$/u.test(bare)) return false;
  return !/^[\p{Ps}\p{Pi}"']*\p{Ll}/u.test(next);
}
