import type { Segment, Warning, Word } from '#shared/contracts/chunk-transcript';
import { cleanText } from './clean-text.ts';
import { NO_SPEECH_THRESHOLD } from './coverage.ts';
import type { EngineAnswerSegment, EngineAnswerWord } from './engine-answer.ts';
import { nonSpeechWords, withoutNotes } from './non-speech.ts';
import { type GivenTimes, type RepairedTimes, repairTimes, type Times } from './repair-times.ts';
import { toMilliseconds } from './spans.ts';
import { type TimedWord, timeWords } from './time-words.ts';
import { joinWords, splitWords } from './words.ts';

/** A word is seldom longer than this, in seconds: assumed where its end is missing. */
const LONGEST_WORD = 1;

/** An engine's segment on its way to podline's: cleaned, inside the audio, its words timed as far as the engine did. */
interface Draft extends Times {
  engine: EngineAnswerSegment;
  text: string;
  words: TimedWord[];
}

/**
 * The segments of an engine's answer with times that can be relied on, words put together from tokens, and descriptions
 * of sounds apart from what was said.
 * @param answerWords words the answer lists beside its segments.
 * @param seconds length of the audio.
 */
export function readSegments(
  engineSegments: readonly EngineAnswerSegment[],
  answerWords: readonly EngineAnswerWord[],
  seconds: number,
): { segments: Segment[]; warnings: Warning[] } {
  const given = engineSegments
    .map((segment) => ({ ...segment, text: cleanText(segment.text) }))
    .filter(({ text, no_speech_prob: noSpeech }) => text !== '' || (noSpeech ?? 0) >= NO_SPEECH_THRESHOLD);
  const bounds = repairTimes(given.map(givenTimes), 0, seconds, seconds);
  const drafts = given.map((engine, index): Draft => {
    const times = bounds.times[index] ?? { start: 0, end: seconds };
    const own = engine.words?.length ? engine.words : answerWords.filter((word) => isWithin(word, times));
    const engineWords = own.map((word) => ({
      ...givenTimes(word),
      word: word.word,
      probability: word.probability ?? undefined,
    }));
    return { ...times, engine, text: engine.text, words: timeWords(splitWords(engine.text), engineWords) };
  });
  const silent = nonSpeechWords(drafts.flatMap(({ words }, segment) => words.map(({ word }) => ({ word, segment }))));
  let first = 0;
  const segments = drafts.map((draft) => {
    const marks = silent.slice(first, first + draft.words.length);
    first += draft.words.length;
    return toSegment(draft, marks);
  });
  return { segments, warnings: timeWarnings(bounds, given.length, seconds) };
}

/** @param silent for each word whether it describes a sound. */
function toSegment({ engine, text, words, start, end }: Draft, silent: readonly boolean[]): Segment {
  const times = repairTimes(words, start, end, LONGEST_WORD).times;
  const common = { start: toMilliseconds(start), end: toMilliseconds(end), ...figuresOf(engine) };
  const spoken = words.map((word, at) => toWord(word, times[at])).filter((_, at) => !silent[at]);
  if (spoken.length === 0) return { ...common, text, nonSpeech: true };
  const untouched = spoken.length === words.length && withoutNotes(text) === text;
  const timed = words.some((word) => word.start !== undefined && word.start >= 0);
  return {
    ...common,
    text: untouched ? text : joinWords(spoken.map(({ word }) => word)),
    ...(timed ? { words: spoken } : {}),
  };
}

function toWord({ word, probability }: TimedWord, times: Times = { start: 0, end: 0 }): Word {
  return {
    word: withoutNotes(word),
    start: toMilliseconds(times.start),
    end: toMilliseconds(times.end),
    ...(probability === undefined ? {} : { probability: toShare(probability) }),
  };
}

function figuresOf({
  avg_logprob: logprob,
  no_speech_prob: noSpeech,
  temperature,
}: EngineAnswerSegment): Partial<Segment> {
  return {
    ...(logprob == null ? {} : { avgLogprob: Math.round(logprob * 1000) / 1000 }),
    ...(noSpeech == null ? {} : { noSpeechProb: toShare(noSpeech) }),
    ...(temperature == null ? {} : { temperature: Math.max(0, Math.round(temperature * 1000) / 1000) }),
  };
}

/** What is wrong with the times, in words; they are repaired all the same. */
function timeWarnings({ missing, outside, unordered }: RepairedTimes, segments: number, seconds: number): Warning[] {
  const warning = (reason: string, count: number, what: string): Warning[] =>
    count === 0 ? [] : [{ reason, message: `${count} of ${segments} segments ${what}` }];
  return [
    ...warning('timestamps-missing', missing, 'came without a time'),
    ...warning('timestamps-outside', outside, `lie outside the ${toMilliseconds(seconds)} s of audio`),
    ...warning('timestamps-unordered', unordered, 'were out of order'),
  ];
}

function isWithin(word: EngineAnswerWord, { start, end }: Times): boolean {
  const middle = ((word.start ?? -1) + (word.end ?? -1)) / 2;
  return middle >= start && middle < end;
}

function givenTimes({ start, end }: Pick<EngineAnswerWord, 'start' | 'end'>): GivenTimes {
  return { start: start ?? undefined, end: end ?? undefined };
}

function toShare(value: number): number {
  return Math.min(1, Math.max(0, Math.round(value * 1000) / 1000));
}
