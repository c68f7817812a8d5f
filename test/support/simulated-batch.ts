import fc from 'fast-check';
import type { EpisodeState } from '../../libs/shared/src/contracts/episode-state.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const CHUNK_SECONDS = 300;
/** Seconds of audio an engine hears in a second, and a download fetches. */
const ENGINE_SPEED = 10;
const DOWNLOAD_SPEED = 1500;
const DOWNLOADS = 2;

interface Simulated {
  /** Seconds from the beginning to the end. */
  seconds: number;
  /** How it stands once this share of all audio is transcribed, by the states alone. */
  at: (share: number) => { states: EpisodeState[]; nowMs: number; leftSeconds: number };
}

interface Times {
  length: number;
  known: boolean;
  downloading: number;
  downloaded: number;
  chunks: number[];
  transcribed: number;
  finished: number;
}

/** Thirty to sixty episodes of very different lengths, transcribed by one to six engines whose times vary. */
export function simulatedBatch(): fc.Arbitrary<Simulated> {
  return fc
    .record({
      minutes: fc.array(fc.oneof(fc.integer({ min: 3, max: 30 }), fc.integer({ min: 20, max: 120 })), {
        minLength: 30,
        maxLength: 60,
        size: 'max',
      }),
      engines: fc.integer({ min: 1, max: 6 }),
      known: fc.integer({ min: 0, max: 10 }),
      seed: fc.integer({ min: 1, max: 2 ** 31 - 2 }),
    })
    .map(({ minutes, engines, known, seed }) => simulate(minutes, engines, known / 10, noise(seed)));
}

/** Numbers from 0 to 1 (Lehmer's generator). */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function simulate(minutes: readonly number[], engines: number, known: number, random: () => number): Simulated {
  const downloads = Array.from({ length: DOWNLOADS }, () => 0);
  const free = Array.from({ length: engines }, () => 0);
  const episodes = minutes.map((length): Times => {
    const downloading = take(downloads, 0, 2 + (60 * length) / DOWNLOAD_SPEED);
    const downloaded = downloading + 2 + (60 * length) / DOWNLOAD_SPEED;
    const count = Math.max(1, Math.round((60 * length) / CHUNK_SECONDS));
    const chunks = Array.from({ length: count }, () => {
      const took = ((60 * length) / count / ENGINE_SPEED) * (0.8 + 0.4 * random());
      return take(free, downloaded, took) + took;
    });
    const transcribed = Math.max(...chunks);
    const isKnown = random() < known;
    return {
      length: 60 * length,
      known: isKnown,
      downloading,
      downloaded,
      chunks,
      transcribed,
      finished: transcribed + 1,
    };
  });
  const seconds = Math.max(...episodes.map(({ finished }) => finished));
  const pieces = episodes
    .flatMap(({ length, chunks }) => chunks.map((at) => ({ at, audio: length / chunks.length })))
    .toSorted((a, b) => a.at - b.at);
  const all = pieces.reduce((sum, { audio }) => sum + audio, 0);
  return {
    seconds,
    at: (share) => {
      let done = 0;
      const now = pieces.find(({ audio }) => (done += audio) >= share * all)?.at ?? seconds;
      return {
        states: episodes.map((one, index) => stateAt(one, index, now)),
        nowMs: START + 1000 * now,
        leftSeconds: seconds - now,
      };
    },
  };
}

/** Takes the worker that is free first. @returns when it begins. */
function take(workers: number[], from: number, took: number): number {
  const first = workers.indexOf(Math.min(...workers));
  const begin = Math.max(from, workers[first] ?? 0);
  workers[first] = begin + took;
  return begin;
}

function stateAt(one: Times, index: number, now: number): EpisodeState {
  const past = (at: number): boolean => at <= now;
  const iso = (at: number): string => new Date(START + 1000 * at).toISOString();
  const status = past(one.finished)
    ? 'done'
    : past(one.transcribed)
      ? 'summarizing'
      : past(one.downloaded)
        ? 'transcribing'
        : past(one.downloading)
          ? 'downloading'
          : 'accepted';
  const events = [0, one.downloading, one.downloaded, ...one.chunks, one.transcribed, one.finished];
  return {
    v: 1,
    episodeId: `e${index}`,
    status,
    lane: 'normal',
    request: { v: 1, url: 'https://example.org/a.mp3', options: {}, ...(one.known ? { seconds: one.length } : {}) },
    chunks: past(one.downloaded) ? one.chunks.map((at) => (past(at) ? '#' : '.')).join('') : '',
    ...(past(one.downloaded) ? { seconds: one.length } : {}),
    errors: [],
    at: {
      accepted: iso(0),
      ...(past(one.downloaded) ? { downloaded: iso(one.downloaded) } : {}),
      ...(past(one.transcribed) ? { transcribed: iso(one.transcribed) } : {}),
      ...(past(one.finished) ? { finished: iso(one.finished) } : {}),
      changed: iso(Math.max(...events.filter(past))),
    },
  };
}
