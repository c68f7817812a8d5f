import fc from 'fast-check';
import type { ChunkTranscript, Segment, Word } from '../../libs/shared/src/contracts/chunk-transcript.ts';
import { figuresOf } from '../../libs/shared/src/contracts/chunk-transcript.ts';
import { type ChunkPlan, SAMPLE_RATE } from '../../libs/shared/src/contracts/manifest.ts';
import type { MergePlan } from '../../libs/shared/src/transcription/merge.ts';

/** A made-up episode: what is said when, how it is cut, and what an engine hears of each chunk. */
export interface SimulatedEpisode {
  words: string[];
  plan: MergePlan;
  chunks: ChunkTranscript[];
}

export interface Hearing {
  /** Whether the engine times words, or only segments. */
  wordTimes: boolean;
  /** Most by which a time is off, in seconds. */
  jitter: number;
  /** Share of the words that are one of a few and come back all the time, 0 to 1. */
  repetitive: number;
}

/** Longer than any word, so that each is whole in one chunk at least. */
const OVERLAP = 2;
const EPISODE = 'simulated';
const COMMON = ['very', 'the', 'no', 'and', 'a', 'so', 'it', 'is'];

interface Said {
  word: string;
  start: number;
  end: number;
}

/** Random episodes, random cuts at silences or through speech, and times that are off. */
export function simulatedEpisode(hearing: Hearing): fc.Arbitrary<SimulatedEpisode> {
  const spoken = fc.record({
    repeated: fc.integer({ min: 0, max: 99 }),
    common: fc.nat(COMMON.length - 1),
    length: fc.integer({ min: 120, max: 900 }),
    pause: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 250 }) }, fc.integer({ min: 600, max: 2500 })),
  });
  return fc
    .record({
      script: fc.array(spoken, { minLength: 1, maxLength: 60, size: 'max' }),
      cuts: fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 4, size: 'max' }),
      seed: fc.integer({ min: 1, max: 2 ** 31 - 2 }),
    })
    .map(({ script, cuts, seed }) => {
      const random = noise(seed);
      let at = 0.5;
      const said = script.map(({ repeated, common, length, pause }, index): Said => {
        const word = repeated < 100 * hearing.repetitive ? (COMMON[common] ?? 'the') : `word${index}`;
        const start = at;
        at += (length + pause) / 1000;
        return { word, start, end: start + length / 1000 };
      });
      return simulate(said, at + 0.5, cuts, hearing, random);
    });
}

/** Numbers from 0 to 1 (Lehmer's generator): thousands an episode, too many to be drawn and shrunk one by one. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function simulate(
  said: Said[],
  seconds: number,
  cuts: number[],
  hearing: Hearing,
  random: () => number,
): SimulatedEpisode {
  const plans = cutPlans(said, seconds, cuts);
  return {
    words: said.map(({ word }) => word),
    plan: {
      episodeId: EPISODE,
      request: { v: 1, url: 'https://example.org/a.mp3', options: {} },
      source: { bytes: 1, sha256: 'a', codec: 'mp3', channels: 1, sampleRate: 16_000, container: 'mp3' },
      options: {
        provider: 'whisper',
        model: 'tiny.en',
        language: 'en',
        chunkSeconds: 300,
        decoding: {},
        lane: 'normal',
        summary: { provider: 'extractive' },
      },
      samples: Math.round(seconds * SAMPLE_RATE),
      speech: said.map(({ start, end }): [number, number] => [start, end]),
      chunks: plans,
    },
    chunks: plans.map((plan) => hear(said, plan, hearing, random)),
  };
}

/** A cut in a pause of at least 0.3 s is clean; any other takes the last seconds of the left chunk into the right one. */
function cutPlans(said: Said[], seconds: number, cuts: number[]): ChunkPlan[] {
  const times = cuts
    .map((cut) => 0.5 + (cut / 1000) * (seconds - 1))
    .toSorted((a, b) => a - b)
    .filter((time, index, all) => time - (all[index - 1] ?? 0) > 2 * OVERLAP && seconds - time > OVERLAP);
  const borders = times.map((time) => {
    const before = said.findLast(({ start }) => start < time);
    const after = said.find(({ start }) => start >= time);
    const pause: [number, number] = [before?.end ?? 0, after?.start ?? seconds];
    const clean = pause[1] - pause[0] >= 0.3 && time >= pause[0];
    return clean ? { cut: (pause[0] + pause[1]) / 2, overlap: 0 } : { cut: time, overlap: OVERLAP };
  });
  const sample = (time: number): number => Math.round(time * SAMPLE_RATE);
  return [...borders, { cut: seconds, overlap: 0 }].map(({ cut }, index) => {
    const { cut: from, overlap } = borders[index - 1] ?? { cut: 0, overlap: 0 };
    return {
      index,
      startSample: sample(from - overlap),
      endSample: sample(cut),
      cutSample: sample(from),
      silent: false,
    };
  });
}

function hear(said: Said[], plan: ChunkPlan, hearing: Hearing, random: () => number): ChunkTranscript {
  const [from, to] = [plan.startSample / SAMPLE_RATE, plan.endSample / SAMPLE_RATE];
  const off = (): number => (random() * 2 - 1) * hearing.jitter;
  let earliest = 0;
  const words = said.flatMap((one): Word[] => {
    const word = heardAs(one, from, to, random);
    if (word === undefined) return [];
    const start = Math.min(to - from, Math.max(earliest, one.start - from + off()));
    const end = Math.min(to - from, Math.max(start, one.end - from + off()));
    earliest = end;
    return [{ word, start, end }];
  });
  const segments: Segment[] = [];
  for (let at = 0; at < words.length;) {
    const own = words.slice(at, at + 1 + Math.floor(random() * 8));
    at += own.length;
    const [start, end] = [own[0]?.start ?? 0, own.at(-1)?.end ?? 0];
    const text = own.map(({ word }) => word).join(' ');
    segments.push({ start, end, text, ...(hearing.wordTimes ? { words: own } : {}) });
  }
  return {
    v: 1,
    episodeId: EPISODE,
    chunk: plan.index,
    provider: 'whisper',
    engine: { name: 'simulated' },
    model: 'tiny.en',
    settings: { language: 'en', attempt: 1 },
    language: 'en',
    segments,
    figures: figuresOf(to - from, 1),
    warnings: [],
  };
}

/** A word on a chunk's border is heard whole, in part, or not at all, unless hardly any of it is inside. */
function heardAs({ word, start, end }: Said, from: number, to: number, random: () => number): string | undefined {
  if (end <= from || start >= to) return undefined;
  if (start >= from && end <= to) return word;
  const share = (Math.min(end, to) - Math.max(start, from)) / (end - start);
  const chance = random();
  if (chance < 0.4) return undefined;
  if (chance < 0.7 && share > 0.6) return word;
  const letters = Math.max(1, Math.round(word.length * share));
  return start < from ? word.slice(-letters) : word.slice(0, letters);
}
