import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanText } from './clean-text.ts';
import { anyText } from '../../../../test/support/any-text.ts';

test.each([
  ['  two  words\n', 'two words'],
  ['\u001B[31mred\u001B[0m', '[31mred[0m'],
  ['zero\u200Bwidth, soft\u00ADhyphen, \u202Eoverride', 'zerowidth, softhyphen, override'],
  ['broken \uFFFD\uFFFD text', 'broken text'],
  ['half a pair \uD83D here', 'half a pair here'],
  ['<|en|><|0.00|> Hello<|endoftext|>', 'Hello'],
  ['[_BEG_] Hello [_TT_150]', 'Hello'],
  ['a < b and c > d', 'a < b and c > d'],
  ['می\u200Cخواهم', 'می\u200Cخواهم'],
  ['stray \u200C joiner', 'stray joiner'],
  ['tab\tand\u2028separator', 'tab and separator'],
])('%j becomes %j', (text, clean) => {
  expect(cleanText(text)).toBe(clean);
});

test('whatever comes in, what comes out is one trimmed line without control characters, and stays so', () => {
  fc.assert(
    fc.property(anyText(80), (text) => {
      const clean = cleanText(text);
      expect(clean).not.toMatch(/[\p{Cc}\u200B\u202A-\u202E\uFEFF]|^ | $| {2}/u);
      expect(cleanText(clean)).toBe(clean);
    }),
  );
});
