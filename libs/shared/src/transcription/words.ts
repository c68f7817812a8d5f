/** Scripts written without spaces between words; each character counts as a word. */
const SPACELESS = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}`;

/** A spaceless character with the brackets that open before it and the marks that follow it, or a run of anything else. */
const PIECE = new RegExp(
  String.raw`[\p{Ps}\p{Pi}]*[${SPACELESS}]\p{M}*[^\p{L}\p{N}\p{Ps}\p{Pi}]*|[^${SPACELESS}]+`,
  'gu',
);
const HAS_SPACELESS = new RegExp(`[${SPACELESS}]`, 'u');
const STARTS_SPACELESS = new RegExp(String.raw`^[\p{Ps}\p{Pi}]*[${SPACELESS}]`, 'u');
const ENDS_SPACELESS = new RegExp(String.raw`[${SPACELESS}\u3001-\u303F\uFF01-\uFF65][^\p{L}\p{N}]*$`, 'u');

const OPENS = /^[\p{Ps}\p{Pi}]+$/u;
const HAS_LETTER = /[\p{L}\p{N}]/u;
const MARK = /\p{M}/u;
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3001-\u303F\uFF01-\uFF60]/u;

/** The words of a text, each with the punctuation that touches it. */
export function splitWords(text: string): string[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .flatMap((word) => (HAS_SPACELESS.test(word) ? (word.match(PIECE) ?? [word]) : [word]));
}

/** Words put together as they are written: with spaces, except next to a script that has none. */
export function joinWords(words: readonly string[]): string {
  const spaced = spacesBefore(words);
  return words.map((word, at) => (spaced[at] === true ? ` ${word}` : word)).join('');
}

/** Before which words a space is written. */
export function spacesBefore(words: readonly string[]): boolean[] {
  const starts = startsSpaceless(words);
  let ends = false;
  return words.map((word, at) => {
    const spaced = at > 0 && !ends && starts[at] !== true;
    // Marks that touch a word belong to it.
    ends = ENDS_SPACELESS.test(word) || (ends && !HAS_LETTER.test(word));
    return spaced;
  });
}

/** Which words begin with a script that has no spaces; an opening bracket does what the word behind it does. */
function startsSpaceless(words: readonly string[]): boolean[] {
  const starts = words.map((word) => STARTS_SPACELESS.test(word));
  for (let at = words.length - 2; at >= 0; at--) {
    if (OPENS.test(words[at] ?? '') && starts[at + 1] === true) starts[at] = true;
  }
  return starts;
}

/**
 * What two hearings of one word have in common: its letters and digits in lower case. A word without any (a dash, a
 * note) stays as it is, so that nothing is equal to nothing.
 */
export function bareWord(word: string): string {
  const letters = word
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '');
  return letters === '' ? word : letters;
}

/** Columns a text takes on a screen: characters of East Asian scripts are twice as wide. */
export function displayWidth(text: string): number {
  if (!/[^\p{ASCII}]/u.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}
