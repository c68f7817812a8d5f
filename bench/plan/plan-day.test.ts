import { describe, expect, test } from '@jest/globals';
import { seeded } from '../limiter/random.ts';
import { MEASURED } from './costs.ts';
import { planDay } from './plan-day.ts';
import { simulateDay } from './simulate-day.ts';

const costs = { ...MEASURED, enginePerSecond: 0.1, downloadSeconds: 0, downloadPerSecond: 0, summarySeconds: 0 };

describe('a simulated day', () => {
  test('hears the chunks of one long episode side by side', () => {
    const day = [{ at: 0, seconds: 3000 }];
    const took = (transcribe: number): number =>
      simulateDay(day, { download: 1, transcribe, summarize: 1 }, costs).medianSeconds;
    expect(took(1)).toBeCloseTo(300);
    expect(took(5)).toBeCloseTo(60);
    expect(took(10)).toBeCloseTo(30);
    expect(took(20)).toBeCloseTo(30);
  });

  test('has an episode wait for those before it', () => {
    const day = [
      { at: 0, seconds: 300 },
      { at: 10, seconds: 300 },
    ];
    const { p95Seconds } = simulateDay(day, { download: 1, transcribe: 1, summarize: 1 }, costs);
    expect(p95Seconds).toBeCloseTo(50);
  });

  test('holds the audio of an episode from its cut to its last chunk', () => {
    const day = [
      { at: 0, seconds: 300 },
      { at: 0, seconds: 600 },
      { at: 10_000, seconds: 300 },
    ];
    const { peakAudioBytes } = simulateDay(day, { download: 3, transcribe: 1, summarize: 1 }, costs);
    expect(peakAudioBytes).toBe(900 * costs.audioBytesPerSecond);
  });
});

describe('a plan', () => {
  const plan = (episodes: number) => planDay({ episodes, medianMinutes: 40, random: seeded(1) }, MEASURED, 3600);

  test('is on time', () => {
    expect(plan(1000).p95Seconds).toBeLessThanOrEqual(3600);
  });

  test('needs about ten times the engines for ten times the episodes', () => {
    const ratio = plan(10_000).slots.transcribe / plan(1000).slots.transcribe;
    expect(ratio).toBeGreaterThan(6);
    expect(ratio).toBeLessThan(11);
  });
});
