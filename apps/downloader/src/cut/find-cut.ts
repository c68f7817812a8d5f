import { DIGITAL_SILENCE_DBFS, FRAMES_PER_SECOND } from './frame-levels.ts';
import { pauseThreshold } from './sound-threshold.ts';
import { type FrameSpan, LEAST_PAUSE_FRAMES, soundSpans } from './speech-map.ts';

/** What is looked at on both sides of the window to learn the noise of this part of the recording. */
const SURROUNDINGS_FRAMES = 15 * FRAMES_PER_SECOND;
/** A pause longer than 2 s is no better to cut in: the speaker has certainly stopped. */
const LONG_ENOUGH_FRAMES = 2 * FRAMES_PER_SECOND;
/** Where there is no pause, the quietest stretch of this length is taken: the gap between two words. */
const QUIET_FRAMES = 0.3 * FRAMES_PER_SECOND;

/** Where a cut may be, in frames, all within the recording; `first` and `last` are both allowed. */
export interface CutWindow {
  first: number;
  last: number;
  ideal: number;
}

export interface Cut {
  frame: number;
  /** Whether the cut is in a pause; otherwise it may go through a word. */
  inPause: boolean;
}

/**
 * The best place for a cut in the window: the middle of a long pause near the ideal position, else the quietest
 * 0.3 s. What counts as a pause is judged by the noise around the window as well as by that of the whole recording, so
 * that an interview in the street is not cut through words because the studio was quieter.
 *
 * @param pauses pauses of the whole recording, in order
 */
export function findCut(levels: Float32Array, pauses: readonly FrameSpan[], window: CutWindow): Cut {
  const candidates = [...pauses, ...localPauses(levels, window)].filter(
    ([start, end]) => shared(start, end, window) >= LEAST_PAUSE_FRAMES,
  );
  const best = first(candidates, (pause) => worth(pause, window));
  if (best !== undefined) return { frame: middle(best, window), inPause: true };
  return { frame: quietest(levels, window), inPause: false };
}

/** Pauses by the threshold of the window's surroundings. */
function localPauses(levels: Float32Array, { first, last }: CutWindow): FrameSpan[] {
  const from = Math.max(0, first - SURROUNDINGS_FRAMES);
  const around = levels.subarray(from, last + SURROUNDINGS_FRAMES);
  return pausesBetween(soundSpans(around, pauseThreshold(around)), around.length).map(([start, end]) => [
    start + from,
    end + from,
  ]);
}

/** What lies between stretches of sound, long enough to be a pause. */
export function pausesBetween(sounds: readonly FrameSpan[], frames: number): FrameSpan[] {
  const edges = [0, ...sounds.flat(), frames];
  const pauses: FrameSpan[] = [];
  for (let i = 0; i < edges.length; i += 2) {
    const [start = 0, end = 0] = edges.slice(i, i + 2);
    if (end - start >= LEAST_PAUSE_FRAMES) pauses.push([start, end]);
  }
  return pauses;
}

/** Frames of the pause inside the window. */
function shared(start: number, end: number, window: CutWindow): number {
  return Math.min(end, window.last) - Math.max(start, window.first);
}

/** A pause's length counts up to 2 s; at the window's edge it counts half. */
function worth([start, end]: FrameSpan, window: CutWindow): number {
  const reach = Math.max(window.last - window.ideal, window.ideal - window.first, 1);
  const distance = Math.abs(middle([start, end], window) - window.ideal) / reach;
  return Math.min(end - start, LONG_ENOUGH_FRAMES) * (1 - distance / 2);
}

function middle([start, end]: FrameSpan, window: CutWindow): number {
  return clamp(Math.round((start + end) / 2), Math.max(start, window.first), Math.min(end, window.last));
}

/** The middle of the quietest 0.3 s, the nearest to the ideal position where several are as quiet. */
function quietest(levels: Float32Array, window: CutWindow): number {
  const frames = Array.from({ length: window.last - window.first + 1 }, (_, i) => window.first + i);
  return (
    first(
      frames,
      (frame) => -meanLevel(levels, frame),
      (frame) => -Math.abs(frame - window.ideal),
    ) ?? window.ideal
  );
}

function meanLevel(levels: Float32Array, centre: number): number {
  const around = levels.subarray(Math.max(0, centre - QUIET_FRAMES / 2), centre + QUIET_FRAMES / 2);
  return around.length === 0 ? DIGITAL_SILENCE_DBFS : around.reduce((sum, level) => sum + level, 0) / around.length;
}

/** The item of the highest rank; of equals the one of the highest second rank, then the first. */
function first<T>(items: readonly T[], rank: (item: T) => number, then: (item: T) => number = () => 0): T | undefined {
  let best: { item: T; ranks: [number, number] } | undefined;
  for (const item of items) {
    const ranks: [number, number] = [rank(item), then(item)];
    if (best === undefined || ranks[0] > best.ranks[0] || (ranks[0] === best.ranks[0] && ranks[1] > best.ranks[1])) {
      best = { item, ranks };
    }
  }
  return best?.item;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
