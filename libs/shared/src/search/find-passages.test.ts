import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { toVtt } from '../transcription/formats/to-vtt.ts';
import { findPassages } from './find-passages.ts';
import { parseQuery } from './parse-query.ts';
import { readCues } from './read-cues.ts';

/** A transcript that says each of these sentences at its second. */
const vtt = (said: Readonly<Record<number, string>>): string =>
  toVtt({
    segments: Object.entries(said).map(([at, text]) => ({ start: Number(at), end: Number(at) + 3, text, chunk: 0 })),
  });
const find = (said: Readonly<Record<number, string>>, query: string) => findPassages(vtt(said), parseQuery(query));

const SHOW = {
  0: 'Hello and welcome to the show.',
  60: 'Our guest keeps the lighthouse at Müggelsee.',
  65: 'He painted it in red & white.',
  200: 'The red bus is late again.',
  3700: 'A lighthouse, a lighthouse, my kingdom for a lighthouse.',
};

describe('a search', () => {
  test('finds a word wherever it is said, with time and the words around it', () => {
    const passages = find(SHOW, 'lighthouse');
    expect(passages.map(({ start }) => start)).toEqual([60, 3700, 3700, 3700]);
    expect(passages[0]?.text).toBe(
      'Hello and welcome to the show. Our guest keeps the lighthouse at Müggelsee. He painted it in red & white.',
    );
  });

  test.each([['muggelsee'], ['MÜGGELSEE'], ['Mu\u0308ggelsee']])('finds %j whatever its case and accents', (query) => {
    expect(find(SHOW, query)).toHaveLength(1);
  });

  test('finds several words only where they are said near each other, in any order', () => {
    expect(find(SHOW, 'red lighthouse').map(({ start }) => start)).toEqual([60]);
    expect(find(SHOW, 'bus lighthouse')).toEqual([]);
  });

  test('finds a phrase only as it is said, over the border of two subtitles too', () => {
    expect(find(SHOW, '"red bus"')).toHaveLength(1);
    expect(find(SHOW, '“bus red”')).toEqual([]);
    expect(find(SHOW, '"at Müggelsee. He painted" white')).toHaveLength(1);
  });

  test('finds whole words', () => {
    expect(find(SHOW, 'light')).toEqual([]);
  });

  test('finds characters of scripts without spaces', () => {
    expect(find({ 5: '東京タワーは高い。' }, '東京')).toHaveLength(1);
    expect(find({ 5: '東京タワーは高い。' }, '京東')).toEqual([]);
  });

  test('finds any word of any transcript', () => {
    const words = fc.array(fc.stringMatching(/^[a-zäöü<&]{1,9}$/), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(words, fc.nat(), (said, index) => {
        const word = said[index % said.length]?.replace(/[<&]/g, '') ?? '';
        fc.pre(word !== '' && !said.some((one) => one.includes('<') || one.includes('&')));
        expect(find({ 10: said.join(' ') }, word).length).toBeGreaterThan(0);
      }),
    );
  });

  test.each([['""'], ['—'], ['']])('asks for a word where %j holds none', (query) => {
    expect(() => parseQuery(query)).toThrow('no word to look for');
  });

  test('refuses more words than anybody types', () => {
    expect(() => parseQuery('word '.repeat(21))).toThrow('21 words');
  });
});

test('subtitles are read back as they were written', () => {
  expect(readCues(vtt({ 3661: 'a <b> & c' }))).toEqual([{ start: 3661, end: 3664, text: 'a <b> & c' }]);
  expect(readCues('WEBVTT\n\nNOTE nothing\n\nnonsense')).toEqual([]);
});
