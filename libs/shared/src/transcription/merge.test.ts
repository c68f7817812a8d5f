import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { simulatedEpisode } from '../../../../test/support/simulated-hearing.ts';
import type { ChunkTranscript, Segment } from '#shared/contracts/chunk-transcript';
import { figuresOf } from '#shared/contracts/chunk-transcript';
import type { ChunkPlan } from '#shared/contracts/manifest';
import { type Transcript, transcriptSchema } from '#shared/contracts/transcript';
import { toJson } from './formats/to-json.ts';
import { type MergePlan, mergeTranscript } from './merge.ts';

const SAMPLES = 16_000;
const RUNS = { numRuns: 200 };

describe('a merged transcript', () => {
  test('has the title that was asked for, else that of the file, and what the request said of itself', () => {
    const one = episode([plan(0, 0, 10)], 10);
    const chunks = [heard(0, [['a', 0, 1]])];
    expect(mergeTranscript(one, chunks)).not.toHaveProperty('title');
    const tagged = { ...one, source: { ...one.source, title: 'From the file' } };
    expect(mergeTranscript(tagged, chunks)).toMatchObject({ title: 'From the file' });
    const request = { ...one.request, title: 'Asked for', metadata: { show: 'Small Wonders' } };
    expect(mergeTranscript({ ...tagged, request }, chunks)).toMatchObject({
      title: 'Asked for',
      metadata: { show: 'Small Wonders' },
    });
  });

  test('costs what its chunks cost, and nothing is said of chunks that cost nothing', () => {
    const two = episode([plan(0, 0, 10), plan(1, 10, 20)], 20);
    const [free, alsoFree] = [heard(0, [['a', 0, 1]]), heard(1, [['b', 0, 1]])];
    expect(mergeTranscript(two, [free, alsoFree]).figures).not.toHaveProperty('cost');
    const cost = { calls: 1, audioSeconds: 10, inputTokens: 0, outputTokens: 0, dollars: 0.25 };
    const paid = [free, alsoFree].map((one) => ({ ...one, figures: { ...one.figures, cost } }));
    expect(mergeTranscript(two, paid).figures).toMatchObject({ cost: { calls: 2, audioSeconds: 20, dollars: 0.5 } });
  });

  test.each([
    { wordTimes: true, jitter: 0, repetitive: 0.5 },
    { wordTimes: true, jitter: 0.15, repetitive: 0 },
    { wordTimes: true, jitter: 0.15, repetitive: 0.5 },
    { wordTimes: true, jitter: 0.15, repetitive: 0.9 },
  ])('has each word once and in order: %o', (hearing) => {
    fc.assert(
      fc.property(simulatedEpisode(hearing), ({ words, plan, chunks }) => {
        expect(textOf(mergeTranscript(plan, chunks))).toBe(words.join(' '));
      }),
      RUNS,
    );
  });

  test('has hardly a word wrong where engines time segments only', () => {
    const hearing = { wordTimes: false, jitter: 0.15, repetitive: 0.5 };
    const episodes = fc.sample(simulatedEpisode(hearing), { numRuns: 1500, seed: 4 });
    const cuts = episodes.flatMap(({ plan }) => plan.chunks.filter((chunk) => chunk.cutSample > chunk.startSample));
    const wrong = episodes.filter(
      ({ plan, chunks, words }) => textOf(mergeTranscript(plan, chunks)) !== words.join(' '),
    );
    expect(cuts.length).toBeGreaterThan(500);
    expect(wrong.length / cuts.length).toBeLessThan(0.02);
  });

  test('is in order, inside the episode, as the contract says, and the same whatever order the chunks come in', () => {
    fc.assert(
      fc.property(
        simulatedEpisode({ wordTimes: true, jitter: 2, repetitive: 0.5 }),
        fc.integer(),
        ({ plan, chunks }, seed) => {
          const transcript = mergeTranscript(plan, chunks);
          expect(transcriptSchema.parse(transcript)).toEqual(transcript);
          let earliest = 0;
          for (const { start, end, words = [] } of transcript.segments) {
            expect(start).toBeGreaterThanOrEqual(earliest);
            expect(end).toBeGreaterThanOrEqual(start);
            expect(words.every((word) => word.start >= start && word.end <= end && word.start <= word.end)).toBe(true);
            earliest = end;
          }
          expect(earliest).toBeLessThanOrEqual(transcript.seconds);
          const shuffled = chunks.toSorted((a, b) => ((a.chunk * 7 + seed) % 5) - ((b.chunk * 7 + seed) % 5));
          const again = mergeTranscript({ ...plan, chunks: plan.chunks.toReversed() }, shuffled);
          expect(toJson(again)).toBe(toJson(transcript));
        },
      ),
      RUNS,
    );
  });
});

describe('where two chunks heard the same', () => {
  // The right chunk begins 2 s before the left one ends: 8 s to 10 s of the episode.
  const chunks = [plan(0, 0, 10), plan(1, 8, 20, 10)];

  test('"very very" is said twice, not thrice', () => {
    const left = heard(0, [
      ['it', 7.2, 7.6],
      ['is', 7.7, 7.9],
      ['very', 8.2, 8.6],
      ['very', 8.7, 9.1],
      ['old', 9.3, 9.8],
    ]);
    const right = heard(1, [
      ['ery', 0.1, 0.5],
      ['very', 0.7, 1.1],
      ['old', 1.4, 1.8],
      ['indeed', 2.5, 3],
    ]);
    expect(textOf(mergeTranscript(episode(chunks, 20), [left, right]))).toBe('it is very very old indeed');
  });

  test('a word cut in half by both borders comes from the side that heard it whole', () => {
    const left = heard(0, [
      ['a', 7, 7.2],
      ['remarkable', 7.8, 8.5],
      ['lighthouse', 8.8, 9.5],
      ['stan', 9.8, 10],
    ]);
    const right = heard(1, [
      ['mark', 0, 0.5],
      ['able', 0.5, 0.6],
      ['lighthouse', 0.8, 1.5],
      ['stands', 1.8, 2.4],
    ]);
    expect(textOf(mergeTranscript(episode(chunks, 20), [left, right]))).toBe('a remarkable lighthouse stands');
  });

  test('two halves that share no whole word are told from two words, even without times for words', () => {
    const left = untimed(0, [
      [5.2, 8.9, 'here there was a lighthouse'],
      [9, 10, 'sto'],
    ]);
    const right = untimed(1, [[0, 5, 'ouse stood for years and years']]);
    expect(textOf(mergeTranscript(episode(chunks, 20), [left, right]))).toBe(
      'here there was a lighthouse stood for years and years',
    );
  });

  test('two readings of one word do not both count', () => {
    const left = heard(0, [
      ['every', 7, 7.5],
      ['stare', 8.8, 9.2],
    ]);
    const right = heard(1, [
      ['stair', 0.85, 1.25],
      ['creaks', 2.5, 3],
    ]);
    const text = textOf(mergeTranscript(episode(chunks, 20), [left, right]));
    expect(['every stare creaks', 'every stair creaks']).toContain(text);
  });

  test('each side has its say up to the middle, where both agree', () => {
    const left = heard(0, [
      ['ONE', 7.8, 8.3],
      ['TWO', 8.4, 8.8],
      ['THREE', 9.2, 9.6],
      ['FOUR', 9.6, 10],
    ]);
    const right = heard(1, [
      ['one', 0, 0.3],
      ['two', 0.4, 0.8],
      ['three', 1.2, 1.6],
      ['four', 1.6, 2.1],
    ]);
    expect(textOf(mergeTranscript(episode(chunks, 20), [left, right]))).toBe('ONE TWO three four');
  });

  test('two readings of one stretch do not both count', () => {
    const left = heard(0, [
      ['the', 7, 7.3],
      ['light', 8.2, 8.7],
      ['house', 8.7, 9.2],
    ]);
    const right = heard(1, [
      ['lighthouse', 0.25, 1.2],
      ['tells', 2.5, 3],
    ]);
    const text = textOf(mergeTranscript(episode(chunks, 20), [left, right]));
    expect(['the light house tells', 'the lighthouse tells']).toContain(text);
  });

  test('an engine that gave up before its end is completed by the other one', () => {
    const left = heard(0, [['one', 6, 6.5]]);
    const right = heard(1, [
      ['two', 0.5, 1],
      ['three', 1.2, 1.6],
      ['four', 3, 3.5],
    ]);
    expect(textOf(mergeTranscript(episode(chunks, 20), [left, right]))).toBe('one two three four');
  });

  test('a chunk whose neighbour is missing keeps all it heard', () => {
    const right = heard(1, [
      ['two', 0.5, 1],
      ['three', 3, 3.5],
    ]);
    const { segments, coverage } = mergeTranscript(episode(chunks, 20), [undefined, right]);
    expect(segments.map(({ text }) => text)).toEqual(['two three']);
    expect(coverage.gaps).toContainEqual({ start: 0, end: 10, reason: 'chunk-missing' });
  });

  test('sentences without times are matched by their words', () => {
    const left = estimated(0, [
      [0, 5, 'It stood there for years.'],
      [5, 10, 'Then an earthquake brought it'],
    ]);
    const right = estimated(1, [
      [0, 5, 'brought it down.'],
      [5, 12, 'And what burned at the top?'],
    ]);
    expect(textOf(mergeTranscript(episode(chunks, 20), [left, right]))).toBe(
      'It stood there for years. Then an earthquake brought it down. And what burned at the top?',
    );
  });
});

describe('the rest of a transcript', () => {
  const chunks = [plan(0, 0, 10.000_0625), plan(1, 10.000_0625, 20), { ...plan(2, 20, 30), silent: true }];

  test('times are the sum of samples and milliseconds, words and all', () => {
    const { segments } = mergeTranscript(episode(chunks, 30), [heard(1, [['word', 1.001, 1.5]])]);
    expect(segments).toEqual([
      { start: 11.001, end: 11.5, text: 'word', chunk: 1, words: [{ word: 'word', start: 11.001, end: 11.5 }] },
    ]);
  });

  test('says who worked how long, and in what language', () => {
    const one = { ...heard(0, [['a', 0, 1]]), language: 'de', figures: figuresOf(10, 2, 500) };
    const two = { ...heard(1, [['longer', 0, 1]]), model: 'base', language: 'en', figures: figuresOf(10, 3, 700) };
    const merged = mergeTranscript(episode(chunks, 30), [two, one]);
    expect(merged).toMatchObject({ language: 'en', models: ['base', 'tiny.en'], providers: ['whisper'], seconds: 30 });
    expect(merged.figures).toMatchObject({
      audioSeconds: 20,
      workSeconds: 5,
      realTimeFactor: 0.25,
      peakMemoryBytes: 700,
      chunks: [
        { chunk: 0, model: 'tiny.en', attempt: 1 },
        { chunk: 1, model: 'base', attempt: 1 },
      ],
    });
  });

  test('the letters of what is no speech say nothing of the language', () => {
    const applause = { start: 2, end: 8, text: '[LONG APPLAUSE AND MUSIC]', nonSpeech: true as const };
    const german = heard(0, [['ja', 0, 1]]);
    const one = { ...german, language: 'de', segments: [...german.segments, applause] };
    const two = { ...heard(1, [['hello', 0, 1]]), language: 'en' };
    expect(mergeTranscript(episode(chunks, 30), [one, two]).language).toBe('en');
  });

  test('what a missing chunk should have said begins at its cut, where its neighbour ends', () => {
    const overlapping = [plan(0, 0, 12), plan(1, 8, 20, 10)];
    const { coverage } = mergeTranscript(episode(overlapping, 20), [heard(0, [['word', 1, 2]])]);
    expect(coverage.gaps).toContainEqual({ start: 10, end: 20, reason: 'chunk-missing' });
  });

  test('says what has no text and why; silent chunks are no gap', () => {
    const music = { start: 2, end: 8, text: '[MUSIC]', nonSpeech: true as const };
    const first = { ...heard(0, [['hello', 0.5, 1]]), segments: [...heard(0, [['hello', 0.5, 1]]).segments, music] };
    const { coverage, segments } = mergeTranscript({ ...episode(chunks, 30), speech: [[0, 20]] }, [first]);
    expect(segments.map(({ text }) => text)).toEqual(['hello']);
    expect(coverage.gaps).toEqual([
      { start: 2, end: 8, reason: 'non-speech' },
      { start: 10, end: 20, reason: 'chunk-missing' },
    ]);
    expect(coverage).toMatchObject({ speechSeconds: 14, coveredSeconds: 1.5, share: 0.1071 });
  });

  test('an episode in which nobody speaks is complete', () => {
    const silent = chunks.map((chunk) => ({ ...chunk, silent: true }));
    const transcript = mergeTranscript({ ...episode(silent, 30), speech: [] }, [undefined, undefined, undefined]);
    expect(transcript).toMatchObject({ language: 'und', segments: [], coverage: { share: 1, gaps: [] } });
  });

  test.each([
    ['of another episode', { episodeId: 'other' }],
    ['that is not planned', { chunk: 9 }],
  ])('a chunk %s is refused', (_, change) => {
    const strange = { ...heard(0, [['a', 0, 1]]), ...change };
    expect(() => mergeTranscript(episode(chunks, 30), [strange])).toThrow("can't use");
  });

  test('a chunk that is there twice is refused', () => {
    const one = heard(0, [['a', 0, 1]]);
    expect(() => mergeTranscript(episode(chunks, 30), [one, one])).toThrow("can't use");
  });
});

function plan(index: number, start: number, end: number, cut = start): ChunkPlan {
  return {
    index,
    startSample: Math.round(start * SAMPLES),
    endSample: Math.round(end * SAMPLES),
    cutSample: Math.round(cut * SAMPLES),
    silent: false,
  };
}

function episode(chunks: ChunkPlan[], seconds: number): MergePlan {
  const source = { bytes: 1, sha256: 'a', codec: 'mp3', channels: 1, sampleRate: 16_000, container: 'mp3' };
  const summary = { provider: 'extractive' as const };
  const request = { v: 1 as const, url: 'https://example.org/a.mp3', options: {} };
  const options = {
    provider: 'whisper',
    model: 'tiny.en',
    language: 'en',
    chunkSeconds: 10,
    decoding: {},
    lane: 'normal',
    summary,
  } as const;
  return { episodeId: 'episode', request, source, options, samples: seconds * SAMPLES, speech: [[0, seconds]], chunks };
}

function transcript(chunk: number, segments: Segment[]): ChunkTranscript {
  return {
    v: 1,
    episodeId: 'episode',
    chunk,
    provider: 'whisper',
    engine: { name: 'test' },
    model: 'tiny.en',
    settings: { language: 'en', attempt: 1 },
    language: 'en',
    segments,
    figures: figuresOf(10, 1),
    warnings: [],
  };
}

/** One segment with these words: text, start and end in seconds of the chunk. */
function heard(chunk: number, said: [string, number, number][]): ChunkTranscript {
  const words = said.map(([word, start, end]) => ({ word, start, end }));
  const [first, last] = [words[0], words.at(-1)];
  const text = words.map(({ word }) => word).join(' ');
  return transcript(chunk, [{ start: first?.start ?? 0, end: last?.end ?? 0, text, words }]);
}

function untimed(chunk: number, segments: [number, number, string][]): ChunkTranscript {
  return transcript(
    chunk,
    segments.map(([start, end, text]) => ({ start, end, text })),
  );
}

function estimated(chunk: number, sentences: [number, number, string][]): ChunkTranscript {
  return transcript(
    chunk,
    sentences.map(([start, end, text]) => ({ start, end, text, estimated: true as const })),
  );
}

function textOf({ segments }: Transcript): string {
  return segments.map(({ text }) => text).join(' ');
}
