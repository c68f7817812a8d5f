import { FRAMES_PER_SECOND } from './frame-levels.ts';

/** Nothing below this is ever sound: 30 dB under the quietest speech somebody would publish. */
const NEVER_SOUND_DBFS = -65;
/** Blocks as long as the shortest pause, in frames; they begin 0.1 s apart, so that a pause holds a whole one wherever it lies. */
const BLOCK = { frames: 0.3 * FRAMES_PER_SECOND, step: 0.1 * FRAMES_PER_SECOND };
/** Noise hardly moves within a block, while syllables rise and fall by 20 dB and more. */
const STEADY_DB = 8;
/** A floor is one if enough of the recording lies within `nearDb` of it, `rangeDb` below the loud parts. */
const FLOOR = { nearDb: 6, rangeDb: 12 };
/** How much is enough: less where a mistake only makes a cut worse. */
const FLOOR_SHARE = { sound: 0.02, pause: 0.01 };
/** What is so far below the loud parts is no sound where there is no floor, be it ever so quiet a guest. */
const NO_FLOOR_RANGE_DB = 45;
/** What is less far below the loud parts is sound, whatever the floor: the quiet one of two voices. */
const SURE_RANGE_DB = 25;

export interface SoundThreshold {
  /** Sound begins above this level, in dBFS. */
  thresholdDb: number;
  /** Sound lasts until the level is below this one, in dBFS. */
  releaseDb: number;
}

/**
 * Where sound ends and silence begins in this recording, from its own noise: the level its pauses reach, plus a third of
 * the distance to the loud parts (3 to 10 dB). In doubt it is low: to take noise for sound costs time, to take speech for
 * noise loses it.
 *
 * @param levels dBFS per 10 ms
 */
export function soundThreshold(levels: Float32Array): SoundThreshold {
  const { thresholdDb, releaseDb, loud } = aboveFloor(levels, FLOOR_SHARE.sound);
  const most = Math.max(NEVER_SOUND_DBFS, loud - SURE_RANGE_DB);
  return { thresholdDb: Math.min(thresholdDb, most), releaseDb: Math.min(releaseDb, most) };
}

/** The same for choosing a place to cut: also in a street, where the voice is hardly above the noise. */
export function pauseThreshold(levels: Float32Array): SoundThreshold {
  return aboveFloor(levels, FLOOR_SHARE.pause);
}

function aboveFloor(levels: Float32Array, share: number): SoundThreshold & { loud: number } {
  const blocks = blocksOf(levels);
  const loud =
    percentile(
      blocks.filter(({ most }) => most > NEVER_SOUND_DBFS),
      0.9,
    ) ?? NEVER_SOUND_DBFS;
  const floor = floorOf(blocks, share);
  if (floor === undefined || loud - floor < FLOOR.rangeDb) {
    const thresholdDb = Math.max(NEVER_SOUND_DBFS, loud - NO_FLOOR_RANGE_DB);
    return { thresholdDb, releaseDb: thresholdDb, loud };
  }
  const margin = Math.min(10, Math.max(3, (loud - floor) / 3));
  return {
    thresholdDb: Math.max(NEVER_SOUND_DBFS, floor + margin),
    releaseDb: Math.max(NEVER_SOUND_DBFS, floor + margin / 2),
    loud,
  };
}

/** The extremes of a block's levels, in dBFS. */
interface Block {
  most: number;
  least: number;
}

function blocksOf(levels: Float32Array): Block[] {
  const blocks: Block[] = [];
  for (let start = 0; start + BLOCK.frames <= levels.length; start += BLOCK.step) {
    let most = -Infinity;
    let least = Infinity;
    for (let frame = start; frame < start + BLOCK.frames; frame++) {
      const level = levels[frame] ?? 0;
      if (level > most) most = level;
      if (level < least) least = level;
    }
    blocks.push({ most, least });
  }
  return blocks;
}

/**
 * The level that the quietest of the steady blocks reach, if there are so many of them that they are pauses and not the
 * ends of words.
 */
function floorOf(blocks: readonly Block[], share: number): number | undefined {
  const steady = blocks.filter(({ most, least }) => most <= NEVER_SOUND_DBFS || most - least <= STEADY_DB);
  const quietest = percentile(steady, 0.1);
  if (quietest === undefined) return undefined;
  const floor = Math.max(NEVER_SOUND_DBFS, quietest);
  const near = steady.filter(({ most }) => most <= floor + FLOOR.nearDb).length;
  return near >= share * blocks.length ? floor : undefined;
}

/** The level that this share of the blocks do not exceed. */
function percentile(blocks: readonly Block[], share: number): number | undefined {
  const sorted = Float32Array.from(blocks, ({ most }) => most).toSorted();
  return sorted[Math.floor(share * (sorted.length - 1))];
}
