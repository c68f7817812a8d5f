import { expect, test } from '@jest/globals';
import { foldText, searchWords } from './fold-text.ts';

test.each([
  ['Café, CAFE\u0301', ['cafe', 'cafe']],
  ['Straße in Łódź, 1ère', ['strasse', 'in', 'lodz', '1ere']],
  ["don’t won't", ['dont', 'wont']],
  ['東京タワー mp3', ['東', '京', 'タ', 'ワ', 'ー', 'mp3']],
  ['-->', []],
])('%j is found as %j', (text, words) => {
  expect(searchWords(foldText(text))).toEqual(words);
});
