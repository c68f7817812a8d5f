import { describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UsedSettings } from '#shared/contracts/chunk-transcript';
import type { TranscribeJob } from '#shared/contracts/jobs';
import { type ChunkEngine, transcribeCompletely } from './transcribe-completely.ts';

const job: TranscribeJob = {
  v: 1,
  episodeId: 'e1',
  lane: 'normal',
  cut: '0123456789ab',
  chunk: 3,
  chunks: 4,
  seconds: 60,
  speech: [[0, 60]],
  audio: 'e1/audio/0003.flac',
  provider: 'whisper',
  model: 'tiny.en',
  language: 'en',
  decoding: { bestOf: 3 },
};

/** Real sentences: made-up words would look like an engine that repeats itself. */
const script = (await readFile(join(import.meta.dirname, '../../../../examples/reference.txt'), 'utf8')).split(/\s+/);
const spoken = (from: number, to: number) => ({ start: from, end: to, text: script.slice(from * 2, to * 2).join(' ') });

/** An engine that answers with these segments, one list an attempt, and remembers the settings it was asked with. */
const engineThatHears = (...answers: ReturnType<typeof spoken>[][]): ChunkEngine & { asked: UsedSettings[] } => {
  const asked: UsedSettings[] = [];
  return {
    name: 'test',
    asked,
    attempt: async (_audio, _job, settings) => {
      asked.push(settings);
      return {
        answer: { segments: answers[asked.length - 1] ?? [], language: 'en', warnings: [] },
        peakMemoryBytes: 7,
      };
    },
  };
};

const run = (engine: ChunkEngine, more: Partial<TranscribeJob> = {}) =>
  transcribeCompletely(
    engine,
    new Uint8Array(),
    { ...job, ...more },
    {
      signal: new AbortController().signal,
      timeoutMs: 1000,
      onProgress: () => undefined,
    },
  );

describe('a chunk', () => {
  test('whose speech has text is transcribed once, as it was asked for', async () => {
    const engine = engineThatHears([spoken(0, 60)]);
    const { transcript, findings } = await run(engine);
    expect(findings).toEqual([]);
    expect(engine.asked).toEqual([{ bestOf: 3, language: 'en', attempt: 1 }]);
    expect(transcript).toMatchObject({
      chunk: 3,
      model: 'tiny.en',
      settings: { attempt: 1 },
      figures: { audioSeconds: 60, peakMemoryBytes: 7 },
    });
  });

  test('with a hole is decoded once more with a wider search, and the fuller text is kept', async () => {
    const engine = engineThatHears([spoken(0, 20)], [spoken(0, 60)]);
    const { transcript, findings } = await run(engine);
    expect(findings).toEqual([]);
    expect(engine.asked[1]).toMatchObject({ attempt: 2, beamSize: 5, noContext: true });
    expect(transcript.segments.at(-1)?.end).toBe(60);
  });

  test('of an API that has no beam is asked again with a temperature', async () => {
    const engine = engineThatHears([], [spoken(0, 60)]);
    await run(engine, { provider: 'openai' });
    expect(engine.asked[1]).toMatchObject({ attempt: 2, temperature: 0.2 });
  });

  test('keeps the first text where the second is worse, and says what is missing', async () => {
    const { transcript, findings } = await run(engineThatHears([spoken(0, 40)], [spoken(0, 5)]));
    expect(transcript.settings.attempt).toBe(1);
    expect(findings).toMatchObject([{ kind: 'hole' }]);
    expect(transcript.warnings).toMatchObject([{ reason: 'hole' }]);
  });

  test('in which both attempts hear nothing in the same place is believed to hold no speech there', async () => {
    const { findings, doubts } = await run(engineThatHears([spoken(0, 30)], [spoken(0, 30)]));
    expect(findings).toEqual([]);
    // Somebody else may be asked all the same.
    expect(doubts).toMatchObject([{ kind: 'hole' }]);
  });

  test('is tried twice at most', async () => {
    const engine = engineThatHears([], [], [spoken(0, 60)]);
    await run(engine);
    expect(engine.asked).toHaveLength(2);
  });
});
