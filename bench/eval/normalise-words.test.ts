import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { normaliseWords } from './normalise-words.ts';
import { anyText } from '../../test/support/any-text.ts';

const normal = (text: string): string => normaliseWords(text).join(' ');

describe('normaliseWords', () => {
  test.each([
    ['Hello, World! It — well… ends.', 'hello world it well ends'],
    ['a well-known, state-of-the-art lens', 'a well known state of the art lens'],
    ['the keeper’s lamp and the keepers’ lamps', 'the keepers lamp and the keepers lamps'],
    ['Café Müller', 'cafe muller'],
    ['हिन्दी में', 'हिन्दी में'],
    ['[MUSIC] Welcome (laughs) back ♪', 'welcome back'],
    ['at 9 a.m. in the U.S.', 'at 9 am in the us'],
    ['Mister Smith and Doctor Jones, okay?', 'mr smith and dr jones ok'],
    ["It's fine; they're here, we'll see, I've gone", 'it is fine they are here we will see i have gone'],
    ["isn't can't won't cannot let's", 'is not can not will not can not let us'],
    ["it's been a while, Anna's book", 'it has been a while annas book'],
    ['5 % & 7 per cent', '5 percent and 7 percent'],
    ['$5 or £1,200.50 or €3 million', '5 dollars or 1200 point 5 0 pounds or 3 million euros'],
    ['', ''],
    [" - ' … ", ''],
  ])('%j becomes %j', (text, expected) => {
    expect(normal(text)).toBe(expected);
  });

  test.each([
    ['nineteen ninety-eight', '1998'],
    ['twenty twenty-four', '2024'],
    ['two thousand and one', '2001'],
    ['eighteen oh five', '1805'],
    ['nineteen hundred', '1900'],
    ['the nineteen sixties, the sixties, the eighteen hundreds', "the 1960s, the '60s, the 1800s"],
    ['the twenty-first century', 'the 21st century'],
    ['first, second, third, eleventh, a hundredth', '1st, 2nd, 3rd, 11th, 100th'],
    ['a thirty second pause', 'a 30-second pause'],
    ['one hundred and two hundred', '100 and 200'],
    ['two hundred and five thousand', '205,000'],
    ['a thousand years and a hundred ships', '1,000 years and 100 ships'],
    ['three point one four', '3.14'],
    ['five million', '5 million'],
    ['seven thirty, twelve thirty, nine oh five', '7:30, 12:30, 9:05'],
    ['fifteen, twenty', '15, 20'],
    ['one two three', '1 2 3'],
  ])('%j and %j are the same', (words, digits) => {
    expect(normal(words)).toBe(normal(digits));
  });

  test('numbers that only stand next to each other stay apart', () => {
    expect(normal('fifteen, twenty. five twenty and nineteen five')).toBe('15 20 5 20 and 19 5');
    expect(normal('hundreds of them, and a house')).toBe('hundreds of them and a house');
  });

  test('every number up to 9,999 reads the same in words, with or without "and", and in digits', () => {
    const numbers = Array.from({ length: 10_000 }, (_, n) => n);
    expect(numbers.filter((n) => normal(spelled(n)) !== String(n))).toEqual([]);
    expect(numbers.filter((n) => normal(spelled(n, ' and ')) !== String(n))).toEqual([]);
    expect(numbers.filter((n) => normal(String(n).replace(/(\d)(\d{3})$/, '$1,$2')) !== String(n))).toEqual([]);
  });

  test('every year from 1100 to 2099 reads the same in pairs', () => {
    const years = Array.from({ length: 900 }, (_, n) => 1100 + n).concat(
      Array.from({ length: 90 }, (_, n) => 2010 + n),
    );
    expect(years.filter((year) => normal(`in ${inPairs(year)} there`) !== `in ${year} there`)).toEqual([]);
  });

  test('every ordinal up to 999 reads the same in words and in digits', () => {
    const numbers = Array.from({ length: 999 }, (_, n) => n + 1);
    expect(numbers.filter((n) => normal(`the ${ordinal(n)} time`) !== `the ${digitOrdinal(n)} time`)).toEqual([]);
  });

  test('case, spacing and punctuation between words never matter', () => {
    const word = fc.constantFrom('light', 'sea', 'keeper', 'tower', 'and', 'the', 'glass');
    const gap = fc.constantFrom(' ', ', ', '. ', ' — ', '-', '\n\n', '… ', '"', '; ');
    fc.assert(
      fc.property(fc.array(fc.tuple(word, gap, fc.boolean())), (parts) => {
        const text = parts.map(([w, g, loud]) => (loud ? w.toUpperCase() : w) + g).join('');
        expect(normaliseWords(text)).toEqual(parts.map(([w]) => w));
      }),
    );
  });

  test('no text makes it fail or leaves anything but words', () => {
    fc.assert(
      fc.property(anyText(40), (text) => {
        for (const word of normaliseWords(text)) expect(word).toMatch(/^[\p{L}\p{M}\p{N}]+$/u);
      }),
    );
  });
});

const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** A number up to 9,999 as it is spoken; `and` stands before the part below a hundred. */
function spelled(n: number, and = ' '): string {
  if (n < 20) return ONES[n] ?? '';
  if (n < 100) return `${TENS[Math.floor(n / 10)]}${n % 10 === 0 ? '' : `-${ONES[n % 10]}`}`;
  const unit = n < 1000 ? 100 : 1000;
  const rest = n % unit;
  const high = `${ONES[Math.floor(n / unit)]} ${unit === 100 ? 'hundred' : 'thousand'}`;
  if (rest === 0) return high;
  return `${high}${rest < 100 ? and : ' '}${spelled(rest, and)}`;
}

function inPairs(year: number): string {
  const rest = year % 100;
  const pair = rest === 0 ? 'hundred' : `${rest < 10 ? 'oh ' : ''}${spelled(rest)}`;
  return `${spelled(Math.floor(year / 100))} ${pair}`;
}

function ordinal(n: number): string {
  const irregular: Record<string, string> = {
    one: 'first',
    two: 'second',
    three: 'third',
    five: 'fifth',
    eight: 'eighth',
    nine: 'ninth',
    twelve: 'twelfth',
  };
  return spelled(n).replace(/\w+$/, (last) => irregular[last] ?? `${last.replace(/y$/, 'ie')}th`);
}

function digitOrdinal(n: number): string {
  const suffix = { one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' };
  return `${n}${suffix[new Intl.PluralRules('en', { type: 'ordinal' }).select(n)]}`;
}
