import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bareWord, displayWidth, joinWords, splitWords } from './words.ts';
import { anyText } from '../../../../test/support/any-text.ts';

describe('words of a text', () => {
  test.each([
    ["Don't stop, Anna.", ["Don't", 'stop,', 'Anna.']],
    ['你好,世界。', ['你', '好,', '世', '界。']],
    ['「東京」は', ['「東', '京」', 'は']],
    ['用Python写2024年', ['用', 'Python', '写', '2024', '年']],
    ['한국어 말', ['한국어', '말']],
    ['', []],
  ])('%s', (text, words) => {
    expect(splitWords(text)).toEqual(words);
    expect(joinWords(words)).toBe(text);
  });

  test('marks that follow a script without spaces stay with it, however they were split', () => {
    expect(joinWords(['ア', '—', '…', 'b'])).toBe('ア—…b');
    expect(joinWords(['a', '—', '…', 'b'])).toBe('a — … b');
  });

  test('split and joined again, no letter is lost and nothing changes any more', () => {
    fc.assert(
      fc.property(anyText(60), (text) => {
        const joined = joinWords(splitWords(text));
        expect(joined.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        expect(joinWords(splitWords(joined))).toBe(joined);
      }),
    );
  });
});

test.each([
  ['"Hello,"', 'hello'],
  ["don't", 'dont'],
  ['ＡＢＣ', 'abc'],
  ['3.5', '35'],
  ['—', '—'],
])('%s is bare %s', (word, bare) => {
  expect(bareWord(word)).toBe(bare);
});

test('East Asian characters are two columns wide', () => {
  expect(displayWidth('abc')).toBe(3);
  expect(displayWidth('東京')).toBe(4);
  expect(displayWidth('e\u0301')).toBe(1);
});
