/** Letters that no decomposition takes apart, as people write them who lack the key. */
const SPELT: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[[\p{L}\p{N}]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]]+/gv;

/** What two spellings of a text have in common: no case, no accents, no apostrophes. "Müßiggang’s" is "mussiggangs". */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}'’ʼ]/gu, '')
    .replace(/[ßæœøłđðþı]/g, (letter) => SPELT[letter] ?? letter);
}

/** The words of a folded text; each character of a script without spaces is one. */
export function searchWords(folded: string): string[] {
  return folded.match(WORD) ?? [];
}
