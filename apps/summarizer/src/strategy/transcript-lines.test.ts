import { expect, test } from '@jest/globals';
import { BREAKS, transcriptLines } from './transcript-lines.ts';

const at = (start: number, text: string, speaker?: string) => ({ start, end: start + 1, text, speaker });

test('a line is some sentences of one speaker, and knows what comes before it', () => {
  const lines = transcriptLines(
    [
      at(0, ' One.', 'A'),
      at(1, 'Two', 'A'),
      at(2, 'goes on.', 'A'),
      at(3, '  ', 'A'),
      at(6, 'After a pause.', 'A'),
      at(7, 'Who?', 'B'),
    ],
    'en',
  );
  expect(lines).toEqual([
    { start: 0, end: 3, speaker: 'A', text: 'One. Two goes on.', breakBefore: BREAKS.speaker },
    { start: 6, end: 7, speaker: 'A', text: 'After a pause.', breakBefore: BREAKS.paragraph },
    { start: 7, end: 8, speaker: 'B', text: 'Who?', breakBefore: BREAKS.speaker },
  ]);
});

test('lines stay short, whatever the segments are, and no word is lost', () => {
  const sentence = `${'word '.repeat(30)}end.`;
  const segments = [
    ...Array.from({ length: 30 }, (_, i) => at(i, sentence)),
    at(30, `${sentence} `.repeat(20)),
    at(31, 'word '.repeat(400)),
    at(32, '語'.repeat(1500)),
  ];
  const lines = transcriptLines(segments, 'en');
  for (const { text, start } of lines) {
    expect(text.length).toBeLessThanOrEqual(600);
    expect(segments.map((segment) => segment.start)).toContain(start);
  }
  const letters = (items: { text: string }[]): string => items.map(({ text }) => text.replace(/\s/g, '')).join('');
  expect(letters(lines)).toBe(letters(segments));
});
