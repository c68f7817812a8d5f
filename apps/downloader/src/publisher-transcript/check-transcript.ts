import { PermanentError } from '#shared/errors';
import { AUTO, languageCode, languageName, UNDETERMINED } from '#shared/transcription/language';
import { splitWords } from '#shared/transcription/words';
import type { Cue } from './cue.ts';
import { guessLanguage } from './guess-language.ts';

/** What is known of the episode besides the transcript. */
export interface Expectation {
  /** Length as the feed says, in seconds. */
  seconds: number | undefined;
  /** What the feed says the transcript is in. */
  declaredLanguage: string | undefined;
  /** What the request asks for: a code or `auto`. */
  wantedLanguage: string;
}

/** Below, it is a placeholder ("Transcript follows"). */
const LEAST_WORDS = 20;
/** Words a minute over the whole episode: music and pauses count, so the lower bound is far below speech (100 to 200). */
const SLOWEST = 25;
const FASTEST = 330;
/** Share of the episode the times have to reach; inserted advertisements make audio longer than its transcript. */
const LEAST_REACH = 0.6;
/** How far behind the end they may reach: a tenth of the length, and this many seconds. */
const MOST_BEHIND = 60;
/** Share of the lines that may be one and the same. */
const MOST_REPEATED = 0.3;

/**
 * Refuses a transcript that can't be the episode's.
 * @returns its language: ISO 639-1, or "und".
 * @throws PermanentError `transcript-empty`, `transcript-repetitive`, `transcript-length`, `transcript-language`.
 */
export function checkTranscript(cues: readonly Cue[], expected: Expectation): string {
  const words = cues.reduce((sum, { text }) => sum + splitWords(text).length, 0);
  if (words < LEAST_WORDS) {
    throw new PermanentError('transcript-empty', `It has ${words} words; a transcript has at least ${LEAST_WORDS}.`);
  }
  refuseRepetition(cues);
  if (expected.seconds !== undefined) refuseLength(cues, words, expected.seconds);
  return languageOf(cues, expected);
}

function refuseRepetition(cues: readonly Cue[]): void {
  const counts = new Map<string, number>();
  for (const { text } of cues) counts.set(text, (counts.get(text) ?? 0) + text.length);
  const letters = cues.reduce((sum, { text }) => sum + text.length, 0);
  const most = Math.max(...counts.values());
  if (cues.length >= 5 && most > MOST_REPEATED * letters) {
    throw new PermanentError(
      'transcript-repetitive',
      `${Math.round((100 * most) / letters)} % of it is one line, again and again.`,
    );
  }
}

function refuseLength(cues: readonly Cue[], words: number, seconds: number): void {
  const rate = (words / seconds) * 60;
  if (seconds >= 60 && (rate < SLOWEST || rate > FASTEST)) {
    throw new PermanentError(
      'transcript-length',
      `${words} words in ${Math.round(seconds)} s of episode are ${Math.round(rate)} a minute; speech has ${SLOWEST} to ${FASTEST}.`,
    );
  }
  const reach = Math.max(...cues.map(({ start = 0, end = start }) => end));
  if (reach === 0) return;
  const latest = seconds * 1.1 + MOST_BEHIND;
  if (reach > latest || (seconds >= 60 && reach < LEAST_REACH * seconds)) {
    throw new PermanentError(
      'transcript-length',
      `Its times end at ${Math.round(reach)} s, and the episode is ${Math.round(seconds)} s long.`,
    );
  }
}

function languageOf(cues: readonly Cue[], { declaredLanguage, wantedLanguage }: Expectation): string {
  const declared = declaredLanguage === undefined ? undefined : languageCode(declaredLanguage);
  const guessed = guessLanguage(cues.map(({ text }) => text).join(' '));
  const wanted = wantedLanguage === AUTO ? undefined : wantedLanguage;
  const language = guessed ?? declared;
  if (wanted !== undefined && language !== undefined && language !== wanted) {
    throw new PermanentError(
      'transcript-language',
      `It is in ${languageName(language)}, and ${languageName(wanted)} was asked for.`,
    );
  }
  return language ?? wanted ?? UNDETERMINED;
}
