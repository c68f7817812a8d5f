import { FRAMES_PER_SECOND } from './frame-levels.ts';
import { type SoundThreshold, soundThreshold } from './sound-threshold.ts';

/** A gap this short belongs to the speech around it: the closure of a "t" takes 0.1 s, a breath between sentences 0.3 s. */
export const LEAST_PAUSE_FRAMES = 0.3 * FRAMES_PER_SECOND;
/** Sound this short with pauses on both sides is a click, not a word. */
const LEAST_SOUND_FRAMES = 0.1 * FRAMES_PER_SECOND;

/** A stretch of frames: the first, and one past the last. */
export type FrameSpan = readonly [start: number, end: number];

export interface SpeechMap {
  /** Stretches that are not silence, in order and apart: start and end in seconds. Music counts as sound. */
  spans: [start: number, end: number][];
  /** Share of the time that is silence, 0 to 1; 1 for audio without length. */
  silentShare: number;
  /** Level above which sound begins, in dBFS. */
  thresholdDb: number;
}

/**
 * Where the recording holds sound that may be speech. The threshold adapts to the recording's own noise; pauses under
 * 0.3 s are bridged, lone clicks under 0.1 s dropped. Music without pauses is one long span.
 *
 * @param levels dBFS per 10 ms, from `LevelMeter`
 */
export function speechMap(levels: Float32Array): SpeechMap {
  const threshold = soundThreshold(levels);
  const spans = soundSpans(levels, threshold);
  const sounding = spans.reduce((frames, [start, end]) => frames + end - start, 0);
  return {
    spans: spans.map(([start, end]) => [start / FRAMES_PER_SECOND, end / FRAMES_PER_SECOND]),
    silentShare: levels.length === 0 ? 1 : 1 - sounding / levels.length,
    thresholdDb: Math.round(threshold.thresholdDb * 10) / 10,
  };
}

/** The stretches above the threshold, in frames; see `speechMap`. */
export function soundSpans(levels: Float32Array, threshold: SoundThreshold): FrameSpan[] {
  const joined: [number, number][] = [];
  for (const [start, end] of rawSpans(levels, threshold)) {
    const last = joined.at(-1);
    if (last !== undefined && start - last[1] < LEAST_PAUSE_FRAMES) last[1] = end;
    else joined.push([start, end]);
  }
  return joined.filter(([start, end]) => end - start >= LEAST_SOUND_FRAMES);
}

function* rawSpans(levels: Float32Array, { thresholdDb, releaseDb }: SoundThreshold): Generator<FrameSpan> {
  let start: number | undefined;
  for (let frame = 0; frame < levels.length; frame++) {
    const level = levels[frame] ?? 0;
    if (start === undefined) {
      if (level > thresholdDb) start = frame;
    } else if (level <= releaseDb) {
      yield [start, frame];
      start = undefined;
    }
  }
  if (start !== undefined) yield [start, levels.length];
}
