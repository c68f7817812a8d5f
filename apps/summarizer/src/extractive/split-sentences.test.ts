import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitSentences } from './split-sentences.ts';

const split = (text: string, language: string): string[] =>
  splitSentences(text, language).map(({ from, to }) => text.slice(from, to));

describe('sentences are split where they end', () => {
  test.each([
    ['en', ['I saw Dr. Smith.', 'He waved.']],
    ['en', ['We met e.g. Anna and Mr. Jones at 5 p.m. on Sunday.', 'Then we left.']],
    ['en', ['She works for the U.S. Senate.', 'It is large.']],
    ['en', ['He lives in the U.S.', 'They like it there.']],
    ['en', ['J. R. R. Tolkien wrote it.', 'Did it sell?', 'No.', 'Not at first.']],
    ['en', ['See No. 5 and fig. 3 for more.', 'Good.']],
    ['de', ['Das gilt z.B. für Dr. Müller.', 'Er kam am 3. Mai an.', 'Danach ging er.']],
    ['de', ['Es waren drei.', 'Dann kamen mehr, u.a. Prof. Weiß.']],
    ['fr', ['M. Dupont est là.', 'Il attend, p.ex. demain.', 'Merci !']],
    ['es', ['El Sr. García llegó, p.ej. ayer.', '¿Quién más vino?']],
    ['it', ['Il dott. Rossi è qui.', 'Va bene.']],
    ['nl', ['Dit is bijv. Nederlands.', 'Mooi zo.']],
    ['pt', ['A Sra. Silva chegou.', 'Que bom!']],
    ['ja', ['今日は灯台の話です。', '光はどこから来ますか?']],
    ['xx-not-a-language', ['One ends here.', 'Two ends here.']],
  ])('%s: %j', (language, sentences) => {
    expect(split(sentences.join(language === 'ja' ? '' : ' '), language)).toEqual(sentences);
  });
});

test('spans are in order, never overlap, and leave out nothing but white space', () => {
  const words = fc.constantFrom('Dr.', 'a', 'Berg.', 'U.S.', '3.', 'Why?', '…', 'the', '«Oh»', '日本。', '\u{1F600}');
  fc.assert(
    fc.property(fc.array(words, { maxLength: 30 }), fc.constantFrom('en', 'de', 'ja', 'und'), (parts, language) => {
      const text = parts.join(' ');
      let end = 0;
      for (const { from, to } of splitSentences(text, language)) {
        expect(text.slice(end, from).trim()).toBe('');
        expect(to).toBeGreaterThan(from);
        end = to;
      }
      expect(text.slice(end).trim()).toBe('');
    }),
  );
});
