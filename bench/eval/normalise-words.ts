import { numbersAsDigits } from './number-words.ts';

/** Spellings that mean the same word; the reference and the transcript are both brought to the right-hand side. */
const SAME_WORD = new Map(
  Object.entries({
    mister: 'mr',
    missus: 'mrs',
    doctor: 'dr',
    professor: 'prof',
    saint: 'st',
    versus: 'vs',
    okay: 'ok',
    etcetera: 'etc',
    alright: 'all right',
    cannot: 'can not',
    gonna: 'going to',
    wanna: 'want to',
    gotta: 'got to',
  }),
);

/** Contractions that can be written out without knowing the sentence; `'s` only where it can't be a possessive. */
const CONTRACTIONS: readonly [RegExp, string][] = [
  [/\bcan't\b/g, 'can not'],
  [/\bwon't\b/g, 'will not'],
  [/\bshan't\b/g, 'shall not'],
  [/\blet's\b/g, 'let us'],
  [/'s (?=(?:been|got)\b)/g, ' has '],
  [/\b(it|he|she|that|there|here|what|who|where|how|when|why)'s\b/g, '$1 is'],
  [/(?<=[a-z])n't\b/g, ' not'],
  [/'re\b/g, ' are'],
  [/'ve\b/g, ' have'],
  [/'ll\b/g, ' will'],
  [/'m\b/g, ' am'],
  [/(?<=[a-z])'d\b/g, ' would'],
];

const CURRENCIES: Readonly<Record<string, string>> = { $: 'dollars', '£': 'pounds', '€': 'euros' };

/**
 * The words of an English text as the word error rate compares them: lower case, without accents and punctuation,
 * hyphens as spaces, numbers as digits (see `numbersAsDigits`), contractions and common abbreviations in one form.
 * What stands in brackets or parentheses is left out, since there a transcript notes sounds: `[MUSIC]`, `(laughs)`.
 * British and American spellings stay different. Other languages lose case, punctuation and accents alike, but their
 * numbers and short forms stay as they are; those written without spaces between words can't be scored this way.
 */
export function normaliseWords(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[‘’ʼ`´]/g, "'")
    .replace(/\[[^\]]*\]|\([^)]*\)/g, ' ');
  // A number never runs on across punctuation ("fifteen, twenty"), so each phrase is read on its own.
  return writtenOut(withSymbolsAsWords(plain))
    .split(/[^\p{L}\p{M}\p{N}'\s-]+/u)
    .flatMap((phrase) => numbersAsDigits(phrase.split(/[\s-]+/).flatMap(oneForm)));
}

function oneForm(word: string): string[] {
  const bare = word.replaceAll("'", '');
  return bare === '' ? [] : (SAME_WORD.get(bare) ?? bare).split(' ');
}

function writtenOut(text: string): string {
  return CONTRACTIONS.reduce((result, [pattern, full]) => result.replace(pattern, full), text);
}

function withSymbolsAsWords(text: string): string {
  return text
    .replace(/\b([a-z])\.(?=[a-z]\b)/g, '$1')
    .replace(/(?<=\d),(?=\d{3}\b)/g, '')
    .replace(/([$£€])\s?(\d[\d.]*\d|\d)( (?:hundred|thousand|million|billion|trillion))?/g, inWords)
    .replace(/\b(\d{1,2}):(\d{2})\b/g, (_, hours: string, minutes: string) => timeOfDay(hours, minutes))
    .replace(/(?<=\d)\.(\d+)/g, (_, decimals: string) => ` point ${decimals.split('').join(' ')}`)
    .replace(/%|\bper cent\b/g, ' percent ')
    .replaceAll('et cetera', 'etc')
    .replaceAll('&', ' and ');
}

function inWords(_: string, symbol: string, amount: string, multiplier = ''): string {
  return `${amount}${multiplier} ${CURRENCIES[symbol] ?? symbol}`;
}

/** As the spoken time comes out of the number words: "twelve thirty" as 1230, "seven thirty" as 7 30, "seven oh five". */
function timeOfDay(hours: string, minutes: string): string {
  const hour = Number(hours);
  if (minutes === '00') return String(hour);
  if (hour >= 11 && hour <= 20) return `${hour}${minutes}`;
  return `${hour} ${minutes.replace(/^0/, 'oh ')}`;
}
