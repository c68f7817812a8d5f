import { DAY, MINUTE, SECOND } from '#shared/config/defaults';
import type { EpisodeState } from './episode-state.ts';
import type { Queue } from './names.ts';

/**
 * The parts of a lane, in their order: a job of turn 0 goes before one of turn 1, mostly. Each is a subject and a consumer
 * of its own in each lane.
 */
export const TURNS = [0, 1, 2, 3, 4] as const;
export type Turn = (typeof TURNS)[number];
const LAST_TURN = 4;

/**
 * Seconds up to which an episode is in turn 0, 1, 2 and 3. Podcasts of half an hour to an hour are the most,
 * and are told apart.
 */
const UP_TO = [20, 40, 80, 180].map((minutes) => (minutes * MINUTE) / SECOND);

/**
 * What counts of the audio ahead of an episode. All of it would be plain fair queueing, where a feed's second episode waits
 * for the long ones of all others, and short before long gains next to nothing. With an eighth it gains most of what it can, and
 * a feed of hundreds still goes last.
 */
const AHEAD_SHARE = 1 / 8;

/** The first turn of the back catalogue. */
const BACK_CATALOGUE_TURN = 2;

/** The back catalogue begins at this age, in milliseconds: the newest episode of a monthly show is not in it. */
const BACK_CATALOGUE_MS = 32 * DAY;

/** Length of an episode nobody has said the length of, in seconds, where others wait behind it: a usual one. */
const USUAL_SECONDS = (40 * MINUTE) / SECOND;

/** Most audio an episode may say to be behind, in seconds: a year of it. */
export const MAX_AHEAD_SECONDS = (365 * DAY) / SECOND;

/** What the turn of an episode follows from. */
export interface Standing {
  /** Length of the audio; undefined while nobody knows it. */
  seconds?: number | undefined;
  /** Seconds of audio published together with it, before it. */
  ahead?: number | undefined;
  /** ISO 8601. */
  publishedAt?: string | undefined;
}

/**
 * Which turn an episode's jobs take. Its length counts, and a part of what the same feed has sent ahead of it: short episodes go
 * before long ones, and the hundredth of one feed behind the first of another. The back catalogue goes a turn later, and
 * behind all new episodes of up to 40 minutes.
 * @param now milliseconds since 1970.
 */
export function turnOf({ seconds = 0, ahead = 0, publishedAt }: Standing, now: number): Turn {
  const weight = seconds + ahead * AHEAD_SHARE;
  const turn = UP_TO.filter((most) => weight > most).length;
  const isOld = publishedAt !== undefined && now - Date.parse(publishedAt) > BACK_CATALOGUE_MS;
  return TURNS[isOld ? Math.max(BACK_CATALOGUE_TURN, turn + 1) : turn] ?? LAST_TURN;
}

/**
 * Which turn the next job of an episode takes, by what is known of it. Whoever was bumped goes first.
 * @param seconds of its audio.
 */
export function turnOfEpisode(
  { request, at }: { request?: Standing | undefined; at?: Pick<EpisodeState['at'], 'bumped'> | undefined },
  seconds: number | undefined,
  now: number,
): Turn {
  return at?.bumped === undefined ? turnOf({ ...request, seconds: seconds ?? request?.seconds }, now) : 0;
}

/** Tells the episodes of one batch, in the order they are published, how much of it is ahead of them. */
export class BatchOrder {
  #ahead = 0;

  /** @returns what belongs into the next episode's request. */
  next({ seconds = USUAL_SECONDS }: Pick<Standing, 'seconds'>): { ahead?: number } {
    const ahead = Math.min(MAX_AHEAD_SECONDS, Math.round(this.#ahead));
    this.#ahead += seconds;
    return ahead === 0 ? {} : { ahead };
  }
}

/** The turns a queue has: webhooks wait for nobody's audio. */
export function turnsOf(queue: Queue): readonly Turn[] {
  return queue === 'webhook' ? [0] : TURNS;
}
