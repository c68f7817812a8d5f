import { afterAll, describe, expect, test } from '@jest/globals';
import { summarySchema } from '#shared/contracts/summary';
import { readCorpus } from '../../../../bench/eval/summaries/corpus.ts';
import { longTranscript } from '../../../../bench/eval/summaries/long-transcript.ts';
import { rouge1 } from '../../../../bench/eval/rouge.ts';
import type { TranscriptInput } from '../transcript-input.ts';
import { ExtractiveProvider } from './extractive-provider.ts';
import { timedSentences } from './timed-sentences.ts';

const provider = new ExtractiveProvider({ sentences: 7, parallelism: 2 });
afterAll(() => provider.close());

const context = { signal: new AbortController().signal };
const summarize = (input: TranscriptInput, sentences?: number) => provider.summarize(input, { ...context, sentences });
const spoken = (...texts: string[]): TranscriptInput => ({
  language: 'en',
  seconds: texts.length * 5,
  segments: texts.map((text, i) => ({ start: i * 5, end: i * 5 + 5, text })),
});

describe('the summary', () => {
  test('is made of sentences of the transcript, in its order, with their times', async () => {
    for (const { input } of await readCorpus()) {
      const summary = await summarize(input);
      const sentences = timedSentences(input.segments, input.language);
      expect(summary.sentences).toHaveLength(7);
      for (const { text, start, end } of summary.sentences) {
        expect(sentences).toContainEqual(expect.objectContaining({ text, start, end }));
      }
      const starts = summary.sentences.map(({ start }) => start);
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
      expect(summary.abstract).toBe(summary.sentences.map(({ text }) => text).join(' '));
      const steps = [{ provider: 'extractive', outcome: 'ok' }] as const;
      expect(() => summarySchema.parse({ v: 1, episodeId: 'e', ...summary, steps })).not.toThrow();
    }
  });

  test('says more of what a person would than the first three sentences do', async () => {
    let gain = 0;
    const corpus = await readCorpus();
    for (const { input, reference } of corpus) {
      const { abstract } = await summarize(input, 3);
      const lead = timedSentences(input.segments, input.language)
        .slice(0, 3)
        .map(({ text }) => text)
        .join(' ');
      gain += rouge1(reference, abstract, input.language).f1 - rouge1(reference, lead, input.language).f1;
    }
    expect(gain / corpus.length).toBeGreaterThan(0.09);
  });

  test('begins chapters where segments begin, in order', async () => {
    const input = longTranscript(1);
    const { chapters, keyPoints } = await summarize(input);
    expect(chapters.length).toBeGreaterThan(3);
    expect(keyPoints).toHaveLength(chapters.length);
    const starts = new Set(input.segments.map((segment) => segment.start));
    chapters.forEach(({ start }, i) => {
      expect(starts).toContain(start);
      if (i > 0) expect(start).toBeGreaterThan(chapters[i - 1]!.start);
    });
  });
});

describe('the same transcript', () => {
  test('gives the same summary with any number of threads', async () => {
    const input = longTranscript(1);
    const alone = new ExtractiveProvider({ sentences: 7, parallelism: 1 });
    const [one, two] = [await alone.summarize(input, context), await summarize(input)];
    await alone.close();
    expect(one.figures.parts).toBeGreaterThan(1);
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
  });
});

describe('what there is little of', () => {
  test.each([
    ['nothing', []],
    ['blanks', ['', '  ']],
    ['sounds', ['...', '♪ ♪', '—']],
  ])('%s: no speech', async (_, texts) => {
    await expect(summarize(spoken(...texts))).resolves.toMatchObject({
      oneLine: 'No speech.',
      sentences: [],
      figures: { parts: 0 },
    });
  });

  test('a single word is its own summary', async () => {
    await expect(summarize(spoken('Hello.'))).resolves.toMatchObject({
      abstract: 'Hello.',
      oneLine: 'Hello.',
      chapters: [],
    });
  });

  test('stop words alone still give a sentence', async () => {
    await expect(summarize(spoken('And so it is.', 'Yes, it is.'))).resolves.toMatchObject({
      abstract: 'And so it is.',
    });
  });

  test('at most half of the sentences are taken', async () => {
    const { sentences } = await summarize(
      spoken('Mills grind grain.', 'Rivers drive mills.', 'Bakers bake.', 'Storms pass.'),
    );
    expect(sentences).toHaveLength(2);
  });
});

test('a language nobody named is found by its stop words', async () => {
  const german = (await readCorpus()).find(({ name }) => name === 'nachtzug')!;
  const named = await summarize(german.input);
  await expect(summarize({ ...german.input, language: 'und' })).resolves.toEqual(named);
});

test('an aborted summary is cancelled', async () => {
  const abort = new AbortController();
  const summary = provider.summarize(longTranscript(1), { signal: abort.signal });
  abort.abort();
  await expect(summary).rejects.toMatchObject({ reason: 'cancelled' });
});
