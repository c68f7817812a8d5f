import { describe, expect, test } from '@jest/globals';
import { TranscriptIndex } from './transcript-index.ts';

const index = new TranscriptIndex([
  { start: 0, end: 10, text: 'We said: “It’s fine, really.” And', speaker: 'A' },
  { start: 10, end: 20, text: 'then the Mill stopped!', speaker: 'A' },
  { start: 20, end: 30, text: 'Why did it stop?', speaker: 'B' },
  { start: 30, end: 40, text: '灯台は光ります。東京で', speaker: 'B' },
]);

describe('a quote', () => {
  test('is the transcript’s own text, found whatever case and punctuation the model gave it', () => {
    expect(index.findQuote('"its fine"')).toBeUndefined();
    expect(index.findQuote("it's fine - really")).toMatchObject({ text: 'It’s fine, really.' });
    expect(index.findQuote('AND THEN THE MILL STOPPED')).toEqual({
      text: 'And then the Mill stopped!',
      start: 9.091,
      end: 20,
    });
  });

  test.each([
    ['words nobody says', 'the mill never stopped'],
    ['words left out', 'We said it is fine … the Mill stopped'],
    ['half words', 'hen the Mill stopped'],
    ['two words', 'the Mill'],
    ['two people', 'the Mill stopped why did it stop'],
    ['nothing', ''],
  ])('of %s is none', (_, quote) => {
    expect(index.findQuote(quote)).toBeUndefined();
  });

  test('is found where words are not spaced', () => {
    expect(index.findQuote('灯台は光ります')).toMatchObject({ text: '灯台は光ります。', start: 30 });
    expect(index.findQuote('灯台が光ります')).toBeUndefined();
  });
});

test('a name is mentioned when one of its words is', () => {
  expect(index.mentions('Dr. John Mill')).toBe(true);
  expect(index.mentions('Anna Berg')).toBe(false);
  expect(index.mentions('東京')).toBe(true);
  expect(index.mentions('大阪')).toBe(false);
  expect(index.mentions('…')).toBe(false);
});
