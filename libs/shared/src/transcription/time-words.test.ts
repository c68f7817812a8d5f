import { describe, expect, test } from '@jest/globals';
import { timeWords } from './time-words.ts';

describe('words with the times of an engine', () => {
  test('tokens of whisper.cpp are put together, punctuation does not stretch a word', () => {
    const tokens = [
      { word: ' Mar', start: 1, end: 1.2, probability: 0.8 },
      { word: 'tin', start: 1.2, end: 1.5, probability: 0.6 },
      { word: ',', start: 1.5, end: 2.5, probability: 0.1 },
      { word: ' thank', start: 2.5, end: 3, probability: 1 },
    ];
    expect(timeWords(['Martin,', 'thank'], tokens)).toEqual([
      { word: 'Martin,', start: 1, end: 1.5, probability: 0.7 },
      { word: 'thank', start: 2.5, end: 3, probability: 1 },
    ]);
  });

  test('words cut elsewhere by the engine are matched by their letters', () => {
    const words = [
      { word: 'ten', start: 0, end: 1 },
      { word: 'year', start: 1, end: 2 },
      { word: 'old', start: 2, end: 3 },
      { word: 'boy', start: 3, end: 4 },
    ];
    expect(timeWords(['ten-year-old', '—', 'boy.'], words)).toEqual([
      { word: 'ten-year-old', start: 0, end: 3 },
      { word: '—' },
      { word: 'boy.', start: 3, end: 4 },
    ]);
  });

  test('where the letters differ, equal words are matched in order and the others stay without times', () => {
    const words = [
      { word: 'costs', start: 0, end: 1 },
      { word: 'five', start: 1, end: 2 },
      { word: 'dollars', start: 2, end: 3 },
    ];
    expect(timeWords(['costs', '$5', 'dollars'], words)).toEqual([
      { word: 'costs', start: 0, end: 1 },
      { word: '$5' },
      { word: 'dollars', start: 2, end: 3 },
    ]);
  });

  test('one token over two words gives both its times', () => {
    expect(timeWords(['你', '好。'], [{ word: '你好', start: 0, end: 1 }])).toEqual([
      { word: '你', start: 0, end: 1 },
      { word: '好。', start: 0, end: 1 },
    ]);
  });
});
