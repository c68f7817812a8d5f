import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RetryableError } from '#shared/errors';
import { segmentSchema } from '#shared/contracts/chunk-transcript';
import { parseVerboseJson } from './parse-verbose-json.ts';
import { anyText } from '../../../../test/support/any-text.ts';

/** As whisper.cpp 1.9.1 answered for the start of a programme, shortened. */
const WHISPER_CPP = {
  task: 'transcribe',
  language: 'english',
  duration: 6.5,
  text: ' Hello, Small Wonders\n [MUSIC]\n',
  segments: [
    {
      id: 0,
      text: ' Hello, Small Wonders',
      start: 0.0,
      end: 5.45,
      tokens: [18435, 11, 10452, 47497],
      words: [
        { word: ' Hello', start: 0.0, end: 0.88, t_dtw: -1, probability: 0.5031808018684387 },
        { word: ',', start: 0.88, end: 1.23, t_dtw: -1, probability: 0.657875657081604 },
        { word: ' Small', start: 3.46, end: 4.22, t_dtw: -1, probability: 0.9158470630645752 },
        { word: ' Won', start: 4.22, end: 4.9, t_dtw: -1, probability: 0.92 },
        { word: 'ders', start: 4.9, end: 5.45, t_dtw: -1, probability: 0.94 },
      ],
      temperature: 0.0,
      avg_logprob: -0.1587677001953125,
      no_speech_prob: 0.3802100121974945,
    },
    { id: 1, text: ' [MUSIC]', start: 5.45, end: 36, temperature: 0, avg_logprob: null, no_speech_prob: 0.9 },
  ],
};

describe('an answer of whisper.cpp', () => {
  const answer = parseVerboseJson(WHISPER_CPP, 6.5);

  test('has its tokens put together into words', () => {
    expect(answer.segments[0]).toEqual({
      start: 0,
      end: 5.45,
      text: 'Hello, Small Wonders',
      words: [
        { word: 'Hello,', start: 0, end: 0.88, probability: 0.503 },
        { word: 'Small', start: 3.46, end: 4.22, probability: 0.916 },
        { word: 'Wonders', start: 4.22, end: 5.45, probability: 0.93 },
      ],
      avgLogprob: -0.159,
      noSpeechProb: 0.38,
      temperature: 0,
    });
  });

  test('has sounds marked as such, and ends inside the audio without a warning', () => {
    expect(answer.segments[1]).toEqual({
      start: 5.45,
      end: 6.5,
      text: '[MUSIC]',
      nonSpeech: true,
      noSpeechProb: 0.9,
      temperature: 0,
    });
    expect(answer).toMatchObject({ language: 'en', warnings: [] });
  });
});

describe('an answer of the OpenAI API', () => {
  test('has the words beside the segments, without punctuation', () => {
    const answer = parseVerboseJson(
      {
        task: 'transcribe',
        language: 'english',
        duration: 4,
        text: "Don't go. It's five o'clock.",
        segments: [
          {
            id: 0,
            seek: 0,
            start: 0,
            end: 1.2,
            text: " Don't go.",
            tokens: [1],
            temperature: 0,
            avg_logprob: -0.3,
            compression_ratio: 0.9,
            no_speech_prob: 0.02,
          },
          {
            id: 1,
            seek: 0,
            start: 1.2,
            end: 4,
            text: " It's five o'clock.",
            tokens: [1],
            temperature: 0,
            avg_logprob: -0.3,
            compression_ratio: 0.9,
            no_speech_prob: 0.02,
          },
        ],
        words: [
          { word: "Don't", start: 0.1, end: 0.5 },
          { word: 'go', start: 0.5, end: 1.1 },
          { word: "It's", start: 1.3, end: 1.6 },
          { word: 'five', start: 1.6, end: 2 },
          { word: "o'clock", start: 2, end: 2.8 },
        ],
        usage: { type: 'duration', seconds: 4 },
      },
      4,
    );
    expect(answer.segments.map(({ text }) => text)).toEqual(["Don't go.", "It's five o'clock."]);
    expect(answer.segments[1]?.words).toEqual([
      { word: "It's", start: 1.3, end: 1.6 },
      { word: 'five', start: 1.6, end: 2 },
      { word: "o'clock.", start: 2, end: 2.8 },
    ]);
  });

  test('without times is spread over the speech, a sentence a segment', () => {
    const answer = parseVerboseJson(
      {
        text: 'One two. [Music] Three four.',
        usage: { type: 'tokens', output_tokens: 12 },
        languages: [{ code: 'de' }],
      },
      20,
      [
        [2, 6],
        [10, 15],
      ],
    );
    expect(answer).toMatchObject({ language: 'de', outputTokens: 12, warnings: [] });
    expect(answer.segments).toEqual([
      { start: 2, end: 5.789, text: 'One two.', estimated: true },
      { start: 5.789, end: 15, text: 'Three four.', estimated: true },
    ]);
  });

  test('with nothing but a sound, or nothing at all, has no words', () => {
    expect(parseVerboseJson({ text: '[Music]' }, 5).segments).toEqual([
      { start: 0, end: 5, text: '[Music]', nonSpeech: true },
    ]);
    expect(parseVerboseJson({ text: '' }, 5).segments).toEqual([]);
  });

  test('with speakers is read like any other', () => {
    const segments = [
      { id: 'seg_1', type: 'transcript.text.segment', speaker: 'A', start: 0, end: 2, text: ' Hello.' },
    ];
    expect(parseVerboseJson({ text: 'Hello.', segments }, 2).segments).toEqual([{ start: 0, end: 2, text: 'Hello.' }]);
  });
});

describe('what engines get wrong', () => {
  const segment = (start: number | null, end: number | null, text: string) => ({ text, start, end });

  test('times are repaired, and the repair is told', () => {
    const answer = parseVerboseJson(
      {
        text: '',
        language: 'simlish',
        segments: [
          segment(0, 1, ' a'),
          segment(null, null, ' b'),
          segment(9, 10, ' c'),
          segment(2, 3, ' d'),
          segment(800, 801, ' e'),
        ],
      },
      10,
    );
    expect(answer.segments.map(({ text }) => text).join('')).toBe('abcde');
    expect(answer.language).toBe('und');
    expect(answer.warnings.map(({ reason }) => reason)).toEqual([
      'timestamps-missing',
      'timestamps-outside',
      'timestamps-unordered',
      'unknown-language',
    ]);
  });

  test('words without times have none made up where nothing is known of them', () => {
    const words = [{ word: ' a' }, { word: ' b', start: -1, end: -1 }];
    expect(
      parseVerboseJson({ text: '', segments: [{ ...segment(0, 2, ' a b'), words }] }, 2).segments[0]?.words,
    ).toBeUndefined();
  });

  test('a segment that is only sure that nobody speaks is kept as that', () => {
    const segments = [
      { ...segment(0, 9, ' '), no_speech_prob: 0.8 },
      { ...segment(9, 12, ''), no_speech_prob: 0.1 },
    ];
    expect(parseVerboseJson({ text: '', segments }, 12).segments).toEqual([
      { start: 0, end: 9, text: '', nonSpeech: true, noSpeechProb: 0.8 },
    ]);
  });

  test.each([
    [null],
    ['text'],
    [{}],
    [{ text: 5 }],
    [{ text: '', segments: [{ start: 0 }] }],
    [{ text: '', segments: 'x' }],
  ])('%j is no answer', (answer) => {
    expect(() => parseVerboseJson(answer, 5)).toThrow(RetryableError);
  });

  test('whatever the times and texts are, what comes out fits the contract and is in order', () => {
    const time = fc.option(fc.double({ min: -2, max: 60, noNaN: true }));
    const text = anyText(20);
    const word = fc.record({
      word: text,
      start: time,
      end: time,
      probability: fc.double({ min: -1, max: 2, noNaN: true }),
    });
    const segments = fc.array(
      fc.record({
        text,
        start: time,
        end: time,
        words: fc.option(fc.array(word, { maxLength: 5 })),
        no_speech_prob: time,
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(segments, text, fc.array(word), (given, whole, words) => {
        let earliest = 0;
        for (const one of parseVerboseJson({ text: whole, segments: given, words }, 30).segments) {
          expect(segmentSchema.safeParse(one).error).toBeUndefined();
          expect(one.start).toBeGreaterThanOrEqual(earliest);
          expect(one.end).toBeGreaterThanOrEqual(one.start);
          expect(one.end).toBeLessThanOrEqual(30);
          earliest = one.end;
          let previous = one.start;
          for (const { start, end } of one.words ?? []) {
            expect(start).toBeGreaterThanOrEqual(previous);
            expect(end).toBeGreaterThanOrEqual(start);
            previous = end;
          }
          expect(previous).toBeLessThanOrEqual(one.end);
        }
      }),
    );
  });
});
