import { type ChunkPlan, SAMPLE_RATE } from '#shared/contracts/manifest';
import { type Cut, type CutWindow, findCut, pausesBetween } from './find-cut.ts';
import { FRAME_SAMPLES, FRAMES_PER_SECOND } from './frame-levels.ts';
import type { FrameSpan, SpeechMap } from './speech-map.ts';

export interface PlanInput {
  /** Length of the audio, in samples at 16 kHz. */
  samples: number;
  /** dBFS per 10 ms, from `LevelMeter`. */
  levels: Float32Array;
  speech: SpeechMap;
  /** Length a chunk should have, in seconds. */
  targetSeconds: number;
  /** Length no chunk may exceed, overlap included, in seconds. */
  maxSeconds: number;
  /** No chunk is made shorter by adding more of them, unless `maxSeconds` asks for it; in seconds. */
  minSeconds?: number;
  /** What a chunk hears before a cut that may go through a word, in seconds. */
  overlapSeconds: number;
}

/** Room left under `maxSeconds`, so that cuts can move to a pause. */
const SLACK = 0.05;
/**
 * How far from its place in an even division a cut may be: a tenth of a chunk, within these bounds in seconds; in short
 * chunks at most a sixth, so that none is more than twice as long as another.
 */
const WINDOW = { share: 0.1, least: 5, most: 45 };

/**
 * Cuts the audio into chunks of nearly equal length, each cut in a pause. Where no pause is in reach, the next chunk starts
 * `overlapSeconds` before the cut (`startSample < cutSample`), so that a word the cut goes through is heard whole. Chunk i
 * is responsible for its `cutSample` up to that of chunk i + 1: every sample belongs to exactly one chunk. A chunk that
 * hears no sound at all is marked silent.
 *
 * @throws RangeError when the lengths contradict each other.
 */
export function planChunks(input: PlanInput): ChunkPlan[] {
  assertPossible(input);
  const cuts = placeCuts(input);
  return cuts.map((cut, index) => {
    const startSample = index === 0 ? 0 : heardFrom(cut, cuts[index - 1]?.frame ?? 0, input) * FRAME_SAMPLES;
    const next = cuts[index + 1];
    const endSample = next === undefined ? input.samples : next.frame * FRAME_SAMPLES;
    return {
      index,
      startSample,
      endSample,
      cutSample: cut.frame * FRAME_SAMPLES,
      silent: isSilent(input.speech, startSample, endSample),
    };
  });
}

/** Where each chunk's responsibility begins; the first is the start of the audio. */
function placeCuts(input: PlanInput): Cut[] {
  const total = Math.ceil(input.samples / FRAME_SAMPLES);
  const count = chunkCount(input);
  const pauses = pausesBetween(input.speech.spans.map(inFrames), total);
  const cuts: Cut[] = [{ frame: 0, inPause: true }];
  while (cuts.length < count) cuts.push(findCut(input.levels, pauses, windowOfNext(cuts, count, total, input)));
  return cuts;
}

/** As many as the target asks for; more where they would not stay under the maximum, fewer where they got too short. */
function chunkCount({ samples, targetSeconds, maxSeconds, minSeconds, overlapSeconds }: PlanInput): number {
  const seconds = samples / SAMPLE_RATE;
  const wanted = Math.ceil(seconds / targetSeconds);
  const longEnough = minSeconds === undefined ? wanted : Math.floor(seconds / minSeconds);
  const needed = Math.ceil(seconds / (maxSeconds * (1 - SLACK) - overlapSeconds));
  return Math.max(1, needed, Math.min(wanted, longEnough));
}

/**
 * Where the next cut may be: near its place in an even division of the whole, so that chunks stay balanced however the cuts
 * before it moved; within the maximum; and late enough for the rest to stay within it.
 */
function windowOfNext(cuts: readonly Cut[], count: number, total: number, input: PlanInput): CutWindow {
  const cut = cuts.at(-1) ?? { frame: 0, inPause: true };
  const length = total / count;
  const ideal = Math.round(cuts.length * length);
  const least = Math.min(WINDOW.least * FRAMES_PER_SECOND, length / 6);
  const reach = Math.min(Math.max(WINDOW.share * length, least), WINDOW.most * FRAMES_PER_SECOND);
  const mostFrames = Math.floor(input.maxSeconds * FRAMES_PER_SECOND);
  const overlapFrames = Math.ceil(input.overlapSeconds * FRAMES_PER_SECOND);
  const start = heardFrom(cut, cuts.at(-2)?.frame ?? 0, input);
  return {
    first: Math.max(Math.ceil(ideal - reach), total - (count - cuts.length) * (mostFrames - overlapFrames)),
    last: Math.min(Math.floor(ideal + reach), start + mostFrames),
    ideal,
  };
}

/** First frame the chunk behind the cut hears; never reaching behind the chunk before it. */
function heardFrom(cut: Cut, previousCut: number, { overlapSeconds }: PlanInput): number {
  return cut.inPause ? cut.frame : Math.max(previousCut, cut.frame - Math.ceil(overlapSeconds * FRAMES_PER_SECOND));
}

function isSilent({ spans }: SpeechMap, startSample: number, endSample: number): boolean {
  return !spans.some(([start, end]) => start * SAMPLE_RATE < endSample && end * SAMPLE_RATE > startSample);
}

function inFrames([start, end]: readonly [number, number]): FrameSpan {
  return [Math.round(start * FRAMES_PER_SECOND), Math.round(end * FRAMES_PER_SECOND)];
}

function assertPossible({ samples, levels, targetSeconds, maxSeconds, overlapSeconds }: PlanInput): void {
  const frames = Math.ceil(samples / FRAME_SAMPLES);
  if (samples < 1) throw new RangeError(`Expected at least one sample of audio, got ${samples}.`);
  if (levels.length !== frames)
    throw new RangeError(`Expected ${frames} levels for ${samples} samples, got ${levels.length}.`);
  if (!(targetSeconds > 0 && targetSeconds <= maxSeconds)) {
    throw new RangeError(
      `The target of ${targetSeconds} s must be above 0 and at most the maximum of ${maxSeconds} s.`,
    );
  }
  if (!(overlapSeconds >= 0 && overlapSeconds <= maxSeconds / 4)) {
    throw new RangeError(
      `The overlap of ${overlapSeconds} s must be at most a quarter of the maximum of ${maxSeconds} s.`,
    );
  }
}
