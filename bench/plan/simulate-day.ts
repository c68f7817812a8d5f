import type { Costs } from './costs.ts';
import type { Arrival } from './day.ts';

/** Slots of a stage in the whole cluster. */
export interface Slots {
  download: number;
  transcribe: number;
  summarize: number;
}

export interface DayFigures {
  /** Seconds from an episode's appearance to its summary. */
  medianSeconds: number;
  p95Seconds: number;
  /** Most audio in the bucket at any moment, in bytes. */
  peakAudioBytes: number;
  /** Share of the day the engines work. */
  engineUse: number;
}

/**
 * A day through three stages of so many slots, each first come, first served: every slot takes the job that has waited
 * longest, and the chunks of an episode are jobs of their own.
 */
export function simulateDay(day: readonly Arrival[], slots: Slots, costs: Costs): DayFigures {
  const cut = serve(
    slots.download,
    day.map(({ at, seconds }) => ({ at, takes: costs.downloadSeconds + seconds * costs.downloadPerSecond })),
  );
  const chunks = day
    .flatMap(({ seconds }, episode) => {
      const count = Math.max(1, Math.ceil(seconds / costs.chunkSeconds));
      const job = { episode, at: cut[episode] ?? 0, takes: (seconds / count) * costs.enginePerSecond };
      return Array.from({ length: count }, () => job);
    })
    .toSorted((a, b) => a.at - b.at);
  const heard = day.map(() => 0);
  for (const [index, end] of serve(slots.transcribe, chunks).entries()) {
    const episode = chunks[index]?.episode ?? 0;
    heard[episode] = Math.max(heard[episode] ?? 0, end);
  }
  const order = [...heard.keys()].toSorted((a, b) => (heard[a] ?? 0) - (heard[b] ?? 0));
  const ends = serve(
    slots.summarize,
    order.map((episode) => ({ at: heard[episode] ?? 0, takes: costs.summarySeconds })),
  );
  const took = order.map((episode, index) => (ends[index] ?? 0) - (day[episode]?.at ?? 0)).toSorted((a, b) => a - b);
  const work = chunks.reduce((sum, { takes }) => sum + takes, 0);
  return {
    medianSeconds: took[Math.floor(took.length / 2)] ?? 0,
    p95Seconds: took[Math.floor(took.length * 0.95)] ?? 0,
    peakAudioBytes: peakOf(day, cut, heard) * costs.audioBytesPerSecond,
    engineUse: work / (slots.transcribe * Math.max(86_400, ...heard.slice(-1000))),
  };
}

/** @param jobs by the time they come. @returns when each ends. */
function serve(slots: number, jobs: readonly { at: number; takes: number }[]): number[] {
  const free = Array.from({ length: slots }, () => 0);
  return jobs.map(({ at, takes }) => {
    let first = 0;
    for (let slot = 1; slot < slots; slot++) if ((free[slot] ?? 0) < (free[first] ?? 0)) first = slot;
    const end = Math.max(at, free[first] ?? 0) + takes;
    free[first] = end;
    return end;
  });
}

/** Most seconds of audio that lie between being cut and being heard. */
function peakOf(day: readonly Arrival[], cut: readonly number[], heard: readonly number[]): number {
  const changes = day
    .flatMap(({ seconds }, episode) => [
      { at: cut[episode] ?? 0, by: seconds },
      { at: heard[episode] ?? 0, by: -seconds },
    ])
    .toSorted((a, b) => a.at - b.at);
  let held = 0;
  let peak = 0;
  for (const { by } of changes) {
    held += by;
    peak = Math.max(peak, held);
  }
  return peak;
}
