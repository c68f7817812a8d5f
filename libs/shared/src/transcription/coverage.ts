import type { Segment, Word } from '#shared/contracts/chunk-transcript';
import { explainsSilence } from './non-speech.ts';
import { difference, intersectionOf, lengthOf, type Span, unionOf } from './spans.ts';
import { spokenWords } from './spoken-words.ts';
import { displayWidth, joinWords } from './words.ts';

/** Between words this far apart somebody paused; nearer ones are one run of speech. In seconds. */
const PAUSE = 1.5;
/** What lies this near to a run of words is its sound, in seconds: whisper's word times are that rough. */
const MARGIN = 0.5;

/**
 * A run of words sparser than this, in columns a second, does not fill its time: engines stretch the words they got over
 * what they did not get. Speech has about 15, half of that with long pauses.
 */
const SPARSEST = 4;
/** Slow speech, in columns a second: so much time the words of a sparse run are given. */
const SLOW = 8;

/** What whisper decodes at once, in seconds. */
const WINDOW = 30;

/** `no_speech_threshold` of OpenAI's whisper (transcribe.py): from here on the model says that nobody speaks. */
export const NO_SPEECH_THRESHOLD = 0.6;

export interface SpeechCoverage {
  /** Sound that may be speech and that no marker explains, in seconds. */
  speechSeconds: number;
  /** The part of it with text. */
  coveredSeconds: number;
  /** coveredSeconds / speechSeconds; 1 where there is no speech. */
  share: number;
  /** Stretches without text, each with the seconds of unexplained speech in it. */
  holes: { start: number; end: number; speechSeconds: number }[];
  /** Sound of which the engine says that it is music, noise or applause. */
  explained: Span[];
}

/**
 * Compares what sounds like speech with what has text.
 * @param speech stretches that are not silence; a level can't tell speech from music, so an engine's "[MUSIC]" counts.
 */
export function coverageOf(speech: readonly Span[], segments: readonly Segment[]): SpeechCoverage {
  const covered = unionOf(segments.filter(({ nonSpeech }) => !nonSpeech).flatMap(textSpans));
  const explained = difference(intersectionOf(speech, silentSpans(segments)), covered);
  const unexplained = difference(speech, explained);
  const speechSeconds = lengthOf(unexplained);
  const coveredSeconds = lengthOf(intersectionOf(unexplained, covered));
  const sound = unionOf(speech);
  const whole: Span[] = [[sound[0]?.[0] ?? 0, sound.at(-1)?.[1] ?? 0]];
  const holes = difference(whole, [...covered, ...explained]).flatMap((span) => {
    const inside = intersectionOf([span], unexplained);
    const [first, last] = [inside[0], inside.at(-1)];
    return first && last ? [{ start: first[0], end: last[1], speechSeconds: lengthOf(inside) }] : [];
  });
  return {
    speechSeconds,
    coveredSeconds,
    share: speechSeconds > 0 ? coveredSeconds / speechSeconds : 1,
    holes,
    explained,
  };
}

/**
 * Where an engine says why there are no words: it names another sound, or is sure that nobody speaks. whisper writes one
 * short "(music)" for all that is left of its window, so a sure one counts up to the next segment.
 */
function silentSpans(segments: readonly Segment[]): Span[] {
  const ordered = segments.toSorted((a, b) => a.start - b.start);
  return ordered.flatMap(({ start, end, nonSpeech, text, noSpeechProb = 0 }, index): Span[] => {
    const isSure = noSpeechProb >= NO_SPEECH_THRESHOLD;
    if (!nonSpeech || !(isSure || explainsSilence(text))) return [];
    const next = ordered[index + 1]?.start ?? Infinity;
    return [[start, isSure ? Math.max(end, Math.min(next, start + WINDOW)) : end]];
  });
}

/** The stretches a segment's text speaks for. */
function textSpans(segment: Segment): Span[] {
  if (segment.estimated) return [[segment.start, segment.end]];
  const runs: Word[][] = [];
  for (const word of spokenWords([segment])) {
    const run = runs.at(-1);
    if (run && word.start - (run.at(-1)?.end ?? 0) < PAUSE) run.push(word);
    else runs.push([word]);
  }
  return runs.map((run) => {
    const start = run[0]?.start ?? segment.start;
    const end = run.at(-1)?.end ?? segment.end;
    const width = displayWidth(joinWords(run.map(({ word }) => word)));
    const filled = width >= SPARSEST * (end - start) ? end : start + width / SLOW;
    return [start - MARGIN, filled + MARGIN];
  });
}
