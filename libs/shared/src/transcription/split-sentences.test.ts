import { expect, test } from '@jest/globals';
import { splitSentences } from './split-sentences.ts';
import { joinWords, splitWords } from './words.ts';

test.each([
  ['One. Two! Three?', ['One.', 'Two!', 'Three?']],
  ['Dr. Smith met J. K. Rowling. They talked.', ['Dr. Smith met J. K. Rowling.', 'They talked.']],
  ['It costs 3. and not 4.5 dollars.', ['It costs 3. and not 4.5 dollars.']],
  ['"Really?" she asked. "Yes."', ['"Really?"', 'she asked.', '"Yes."']],
  ['Well… maybe. Yes', ['Well… maybe.', 'Yes']],
  ['你好。再见!', ['你好。', '再见!']],
])('%s', (text, sentences) => {
  expect(splitSentences(splitWords(text)).map(joinWords)).toEqual(sentences);
});

test('text without punctuation is cut at last', () => {
  const words = Array.from({ length: 150 }, () => 'word');
  expect(splitSentences(words).map(({ length }) => length)).toEqual([60, 60, 30]);
});
