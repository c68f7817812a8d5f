import { describe, expect, test } from '@jest/globals';
import { estimateEpisodes, timeUnderLimits } from './estimate-episodes.ts';
import { limitsSchema } from './limits.ts';

const HOUR = 3600;
const openai = { transcription: { model: 'whisper-1', chunkSeconds: 1200 }, summary: { model: 'gpt-4o-mini' } };

describe('an estimate', () => {
  test('counts chunks, minutes, tokens and dollars of each episode', () => {
    const estimate = estimateEpisodes([{ seconds: HOUR }, { seconds: 1201 }, { seconds: 5 }], openai);
    expect(estimate).toMatchObject({
      episodes: 3,
      transcription: { requests: 3 + 2 + 1, audioSeconds: HOUR + 1206 },
      summary: { requests: 3 },
      unpriced: [],
    });
    expect(estimate.dollars.transcription).toBeCloseTo(((HOUR + 1206) / 60) * 0.006, 6);
    expect(estimate.dollars.summary).toBeCloseTo(
      (estimate.summary.inputTokens * 0.15 + estimate.summary.answerTokens * 0.6) / 1e6,
      9,
    );
  });

  test('is nothing where no paid API is asked', () => {
    const estimate = estimateEpisodes([{ seconds: HOUR }], { transcription: undefined, summary: undefined });
    expect(estimate).toMatchObject({
      audioMinutes: 60,
      transcription: { requests: 0 },
      summary: { requests: 0, inputTokens: 0 },
      dollars: { transcription: 0, summary: 0 },
    });
  });

  test('says whose price is not known', () => {
    const plan = { transcription: { model: 'home-made', chunkSeconds: 1200 }, summary: undefined };
    expect(estimateEpisodes([{ seconds: HOUR }], plan)).toMatchObject({
      dollars: { transcription: undefined },
      unpriced: ['home-made'],
    });
  });
});

describe('the time under limits', () => {
  const estimate = estimateEpisodes(
    Array.from({ length: 100 }, () => ({ seconds: 60 })),
    openai,
  );

  test.each([
    [{ requestsPerMinute: 10 }, 'requestsPerMinute', 600],
    [{ requestsPerMinute: 1000, audioSecondsPerMinute: 600 }, 'audioSecondsPerMinute', 600],
    [{ requestsPerMinute: 1000, maxConcurrent: 1 }, 'maxConcurrent', 740],
    [{ requestsPerDay: 50 }, 'requestsPerDay', 86_400],
  ])('is that of the tightest: %j', (limits, by, seconds) => {
    expect(timeUnderLimits(estimate, 'transcription', limitsSchema.parse(limits))).toEqual({ by, seconds });
  });

  test('of summaries counts the tokens that are reserved', () => {
    const time = timeUnderLimits(estimate, 'summary', limitsSchema.parse({ tokensPerMinute: 100_000 }));
    expect(time.by).toBe('tokensPerMinute');
    expect(time.seconds).toBeCloseTo(((estimate.summary.inputTokens + 400_000) / 100_000) * 60, 6);
  });
});
