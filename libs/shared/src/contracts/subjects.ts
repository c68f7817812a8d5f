import { type Lane, LANES, type Queue } from './names.ts';
import { type Turn, turnsOf } from './turn.ts';

/**
 * Every subject, stream, consumer and bucket name of podline. Nothing else in the code spells one out.
 *
 * The public subject for publishing an episode is `podline.episodes`; `podline.episodes.high` and
 * `podline.episodes.bulk` are the same with another priority.
 */
const ROOT = 'podline';

export const EPISODES_SUBJECT = `${ROOT}.episodes`;

/** Where a job waits: the part of a queue that has a subject and a consumer of its own. */
export interface JobPlace {
  lane: Lane;
  turn: Turn;
}

/** The places of a queue, in the order of lanes and turns. */
export function jobPlaces(queue: Queue): JobPlace[] {
  return LANES.flatMap((lane) => turnsOf(queue).map((turn) => ({ lane, turn })));
}

/**
 * The subject a job is published to; also its consumer's filter. The public ones, without a number, are turn 0:
 * `podline.episodes`, `podline.episodes.bulk`, but `podline.episodes.normal.2`.
 */
export function jobSubject(queue: Queue, lane: Lane, turn: Turn = 0): string {
  if (turn !== 0) return `${queueSubject(queue)}.${lane}.${turn}`;
  return queue === 'download' && lane === 'normal' ? EPISODES_SUBJECT : `${queueSubject(queue)}.${lane}`;
}

/** What a replica subscribes to in order to hear every job of a queue. */
export function allJobSubjects(queue: Queue): string[] {
  return [...(queue === 'download' ? [EPISODES_SUBJECT] : []), `${queueSubject(queue)}.>`];
}

const queueSubject = (queue: Queue): string =>
  queue === 'download' ? EPISODES_SUBJECT : `${ROOT}.${queue.replace('-', '.')}`;

/** `PODLINE_TRANSCRIBE_WHISPER`: the work-queue stream of a queue. */
export function jobStream(queue: Queue): string {
  return `${ROOT}_${queue.replace('-', '_')}`.toUpperCase();
}

/** `transcribe-whisper-high`, `transcribe-whisper-high-1`: the durable consumer of one place. */
export function jobConsumer(queue: Queue, lane: Lane, turn: Turn = 0): string {
  return turn === 0 ? `${queue}-${lane}` : `${queue}-${lane}-${turn}`;
}

export const EVENTS_STREAM = 'PODLINE_EVENTS';
export const EVENTS_SUBJECTS = `${ROOT}.events.>`;

/**
 * One event per state change of an episode, kept in a stream: `nats sub 'podline.events.<episodeId>.>'`. What can happen
 * to an episode more than once (a chunk done, a job dead) carries a detail, so that each event has a subject of its own.
 */
export function eventSubject(episodeId: string, type: string, detail?: number | string): string {
  return `${ROOT}.events.${episodeId}.${type}${detail === undefined ? '' : `.${detail}`}`;
}

/** What happened, by an event's subject; undefined where it is no event's. */
export function eventTypeOf(subject: string): string | undefined {
  return subject.startsWith(`${ROOT}.events.`) ? subject.split('.')[3] : undefined;
}

/** Progress of a running job: core NATS only, never stored; losing one costs a moment of a progress bar. */
export function progressSubject(episodeId: string): string {
  return `${ROOT}.progress.${episodeId}`;
}

/** Asks running replicas to log more, or less, for a while: core NATS, answered by those that do. */
export const LOG_LEVEL_SUBJECT = `${ROOT}.control.log-level`;

/** Where those answer: no inbox, so that a replica's NATS user needs no right to write to everybody's. */
export function answersSubject(asker: string): string {
  return `${ROOT}.control.answers.${asker}`;
}

export const DEAD_LETTERS_STREAM = 'PODLINE_DEAD_LETTERS';
export const DEAD_LETTERS_SUBJECTS = `${ROOT}.dead.>`;

/**
 * Where a dead letter rests. The subject names the job, and the stream keeps one message per subject: dead-lettering a
 * job twice leaves one letter.
 */
export function deadLetterSubject(queue: Queue, jobKey: string): string {
  return `${ROOT}.dead.${queue}.${jobKey}`;
}

export const ADVISORIES_STREAM = 'PODLINE_ADVISORIES';
/** Backstop: JetStream's own notice that a message ran out of deliveries, should a settling ever be missed. */
export const ADVISORIES_SUBJECTS = '$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.PODLINE_*.*';

/** KV bucket of episode states, key = episodeId. */
export const EPISODES_BUCKET = 'podline-episodes';
/** KV bucket of attempts at jobs that were delivered suspiciously often. */
export const ATTEMPTS_BUCKET = 'podline-attempts';
/** KV bucket of the feeds podline follows: `feed.<id>`, `marks.<id>`, `audio.<hash>`. */
export const FEEDS_BUCKET = 'podline-feeds';
/** Object bucket of chunk audio and uploads: goes when an episode is complete. */
export const AUDIO_BUCKET = 'podline-audio';
/** Object bucket of manifests, chunk transcripts, transcripts and summaries. */
export const RESULTS_BUCKET = 'podline-results';
