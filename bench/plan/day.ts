/** An episode of a day's work. */
export interface Arrival {
  /** Seconds since midnight. */
  at: number;
  /** Length of its audio. */
  seconds: number;
}

export interface DaySettings {
  episodes: number;
  /** Median length of an episode, in minutes. */
  medianMinutes: number;
  random: () => number;
}

const DAY_SECONDS = 86_400;
/** Share of the day's episodes that appear in its four busiest hours: shows come out in the morning. */
const RUSH_SHARE = 0.5;
const RUSH = { from: 5 * 3600, seconds: 4 * 3600 };
/** Of the logarithm of an episode's length: two thirds are between 0.55 and 1.8 times the median. */
const SIGMA = 0.6;
/** Between a trailer and what podline takes by default, in seconds. */
const SHORTEST = 60;
const LONGEST = 6 * 3600;

/** A day of episodes, by the time they appear. */
export function drawDay({ episodes, medianMinutes, random }: DaySettings): Arrival[] {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const day = Array.from({ length: episodes }, () => ({
    at: random() < RUSH_SHARE ? RUSH.from + random() * RUSH.seconds : random() * DAY_SECONDS,
    seconds: Math.min(LONGEST, Math.max(SHORTEST, 60 * medianMinutes * Math.exp(SIGMA * normal()))),
  }));
  return day.toSorted((a, b) => a.at - b.at);
}
