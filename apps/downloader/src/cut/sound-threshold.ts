import { FRAMES_PER_SECOND } from './frame-levels.ts';

/** Nothing below this is ever sound: 30 dB under the quietest speech somebody would publish. */
const NEVER_SOUND_DBFS = -65;
/** Blocks as long as the shortest pause: a pause fills at least one of them nearly whole. */
const BLOCK_FRAMES = 0.3 * FRAMES_PER_SECOND;
/** Blocks begin this far apart and overlap, so that a short pause holds a whole one wherever it lies. */
const STEP_FRAMES = 0.1 * FRAMES_PER_SECOND;
/** Noise hardly moves within a block, while syllables rise and fall by 20 dB and more. */
const STEADY_DB = 10;
/** A floor this little below the loud parts is no floor: the recording has no pauses (music, a running engine). */
const LEAST_RANGE_DB = 10;
/** Without a floor: what is so far below the loud parts is no sound, be it ever so quiet a guest. */
const NO_FLOOR_RANGE_DB = 45;

const LEAST_BLOCKS = 3;

export interface SoundThreshold {
  /** Sound begins above this level, in dBFS. */
  thresholdDb: number;
  /** Sound lasts until the level is below this one, in dBFS. */
  releaseDb: number;
}

/**
 * Where sound ends and silence begins in this recording, from its own noise: the level that its steady, quiet blocks
 * reach at most, plus a third of the distance to the loud parts (3 to 10 dB). In doubt it is low: to take noise for
 * sound costs time, to take speech for noise loses it.
 *
 * @param levels dBFS per 10 ms
 */
export function soundThreshold(levels: Float32Array): SoundThreshold {
  const blocks = audibleBlocks(levels);
  const loud = percentile(
    blocks.map(({ most }) => most),
    0.9,
  );
  if (loud === undefined) return { thresholdDb: NEVER_SOUND_DBFS, releaseDb: NEVER_SOUND_DBFS };
  const steady = blocks.filter(({ most, least }) => most - least <= STEADY_DB);
  const floor =
    steady.length < LEAST_BLOCKS
      ? undefined
      : percentile(
          steady.map(({ most }) => most),
          0.1,
        );
  if (floor === undefined || loud - floor < LEAST_RANGE_DB) {
    const thresholdDb = Math.max(NEVER_SOUND_DBFS, loud - NO_FLOOR_RANGE_DB);
    return { thresholdDb, releaseDb: thresholdDb };
  }
  const margin = Math.min(10, Math.max(3, (loud - floor) / 3));
  return {
    thresholdDb: Math.max(NEVER_SOUND_DBFS, floor + margin),
    releaseDb: Math.max(NEVER_SOUND_DBFS, floor + margin / 2),
  };
}

interface Block {
  most: number;
  least: number;
}

/** The extremes of each 0.3 s that holds any sound at all: digital silence says nothing about the room's noise. */
function audibleBlocks(levels: Float32Array): Block[] {
  const blocks: Block[] = [];
  for (let start = 0; start + BLOCK_FRAMES <= levels.length; start += STEP_FRAMES) {
    let most = -Infinity;
    let least = Infinity;
    for (let frame = start; frame < start + BLOCK_FRAMES; frame++) {
      const level = levels[frame] ?? 0;
      if (level > most) most = level;
      if (level < least) least = level;
    }
    if (most > NEVER_SOUND_DBFS) blocks.push({ most, least });
  }
  return blocks;
}

function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = Float32Array.from(values).toSorted();
  return sorted[Math.floor(share * (sorted.length - 1))];
}
