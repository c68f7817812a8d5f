import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { timedSentences } from './timed-sentences.ts';

describe('sentences of segments', () => {
  test('a sentence that two segments share is put together, with times from within them', () => {
    const sentences = timedSentences(
      [
        { start: 10, end: 20, text: ' One two. Three' },
        { start: 20, end: 30, text: 'four five. Six.' },
      ],
      'en',
    );
    expect(sentences).toEqual([
      { text: 'One two.', start: 10, end: 15.714, segment: 0 },
      { text: 'Three four five.', start: 16.429, end: 26.667, segment: 0 },
      { text: 'Six.', start: 27.333, end: 30, segment: 1 },
    ]);
  });

  test('a new speaker begins a new sentence, even without a full stop', () => {
    const texts = timedSentences(
      [
        { start: 0, end: 1, text: 'and so I', speaker: 'A' },
        { start: 1, end: 2, text: 'wait', speaker: 'B' },
      ],
      'en',
    );
    expect(texts.map(({ text }) => text)).toEqual(['and so I', 'wait']);
  });

  test('speech without punctuation is cut where segments begin', () => {
    const segments = Array.from({ length: 20 }, (_, i) => ({
      start: i,
      end: i + 1,
      text: `${'word '.repeat(11)}end${i}`,
    }));
    const sentences = timedSentences(segments, 'en');
    expect(sentences.length).toBeGreaterThan(2);
    for (const { text, start } of sentences) {
      expect(text.length).toBeLessThanOrEqual(400);
      expect(start % 1).toBe(0);
    }
  });

  test('scripts without spaces are joined without spaces', () => {
    const segments = [
      { start: 0, end: 1, text: '灯台は' },
      { start: 1, end: 2, text: '光ります。' },
    ];
    expect(timedSentences(segments, 'ja').map(({ text }) => text)).toEqual(['灯台は光ります。']);
  });
});

test('times stay within the segments and never run backwards, and no word is lost', () => {
  const text = fc.array(fc.constantFrom('Yes.', 'no', 'maybe', 'Dr.', 'Why?', 'x'.repeat(90)), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), text), { maxLength: 12 }), (pieces) => {
      let at = 0;
      const segments = pieces.map(([length, words]) => ({ start: at, end: (at += length), text: words.join(' ') }));
      const sentences = timedSentences(segments, 'en');
      let last = 0;
      for (const { start, end } of sentences) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(at);
        last = start;
      }
      const said = segments
        .map((segment) => segment.text)
        .join(' ')
        .replace(/\s/g, '');
      expect(
        sentences
          .map((sentence) => sentence.text)
          .join('')
          .replace(/\s/g, ''),
      ).toBe(said);
    }),
  );
});
