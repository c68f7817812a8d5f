import type { Segment } from '#shared/contracts/chunk-transcript';
import { spreadOverSpeech } from '#shared/transcription/estimate-times';
import { repairTimes } from '#shared/transcription/repair-times';
import { toMilliseconds } from '#shared/transcription/spans';
import { splitWords } from '#shared/transcription/words';
import type { Cue } from './cue.ts';

/** Words a minute of unhurried speech: the length of a text that has neither times nor a known length. */
const WORDS_PER_MINUTE = 150;
/** Longest a cue without an end is taken to last, in seconds. */
const LONGEST_CUE = 15;
/** A line of the feed's own rounding: what lies this far behind the end is still inside, in seconds. */
const ROUNDING = 1;

export interface PlacedCues {
  segments: Segment[];
  /** Length of the episode, in seconds: as the feed says, else as the transcript says. */
  seconds: number;
}

/**
 * Gives every cue a place in time. Where a transcript has times for some lines only, or none, the others are spread between
 * by their length and marked as estimated.
 */
export function placeCues(cues: readonly Cue[], declaredSeconds: number | undefined): PlacedCues {
  const words = cues.reduce((sum, { text }) => sum + splitWords(text).length, 0);
  const lastEnd = cues.reduce((latest, { start = 0, end = start }) => Math.max(latest, end), 0);
  const spoken = (words / WORDS_PER_MINUTE) * 60;
  const last = cues.findLast(({ start }) => start !== undefined);
  const tail = last?.end === undefined ? LONGEST_CUE : 0;
  const seconds = Math.max(
    declaredSeconds ?? 0,
    lastEnd === 0 ? (declaredSeconds ?? spoken) : lastEnd + tail,
    ROUNDING,
  );
  const timed = cues.every(({ start }) => start !== undefined);
  return { segments: timed ? repaired(cues, seconds) : spread(cues, seconds), seconds: toMilliseconds(seconds) };
}

function repaired(cues: readonly Cue[], seconds: number): Segment[] {
  const { times } = repairTimes(cues, 0, seconds, LONGEST_CUE);
  return cues.map(({ text }, index) => {
    const { start, end } = times[index] ?? { start: 0, end: 0 };
    return { start: toMilliseconds(start), end: toMilliseconds(end), text };
  });
}

function spread(cues: readonly Cue[], seconds: number): Segment[] {
  const segments: Segment[] = [];
  for (let from = 0; from < cues.length;) {
    let to = from + 1;
    while (to < cues.length && cues[to]?.start === undefined) to++;
    const start = Math.min(seconds, Math.max(segments.at(-1)?.end ?? 0, cues[from]?.start ?? 0));
    const end = Math.min(seconds, Math.max(start, cues[to]?.start ?? seconds));
    const texts = cues.slice(from, to).map(({ text }) => text);
    const times = spreadOverSpeech(texts, [[start, end]], seconds);
    texts.forEach((text, index) => {
      const place = times[index] ?? { start, end };
      segments.push({
        start: toMilliseconds(place.start),
        end: toMilliseconds(place.end),
        text,
        estimated: true,
      });
    });
    from = to;
  }
  return segments;
}
