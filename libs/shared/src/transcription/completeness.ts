import type { Segment, Warning } from '#shared/contracts/chunk-transcript';
import { coverageOf, type SpeechCoverage } from './coverage.ts';
import { findLoops } from './loops.ts';
import { difference, lengthOf, type Span } from './spans.ts';
import { spokenWords } from './spoken-words.ts';
import { displayWidth } from './words.ts';

export const FINDING_KINDS = [
  'empty-for-speech',
  'hole',
  'loop',
  'timestamps-outside',
  'too-fast',
  'truncated',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** A reason to distrust an answer; times in seconds from the start of the chunk. */
export interface Finding {
  kind: FindingKind;
  message: string;
  start?: number;
  end?: number;
}

export interface CompletenessLimits {
  /** Speech without text from this length on is a finding, in seconds. A jingle is seldom longer. */
  holeSeconds: number;
  /** Share of the speech that must have text, where there is at least `holeSeconds` of it. */
  minShare: number;
  /** Sound shorter than this altogether may well be a cough: an answer without text is then no finding, in seconds. */
  minSpeechSeconds: number;
  /** Two attempts that hear nothing in the same place are believed up to this length, in seconds: a song's. */
  agreedSeconds: number;
  /** More columns of text a second than anyone speaks: fast talkers reach 25, auctioneers 35. */
  maxColumnsPerSecond: number;
}

export const COMPLETENESS_LIMITS: CompletenessLimits = {
  holeSeconds: 10,
  minShare: 0.5,
  minSpeechSeconds: 3,
  agreedSeconds: 240,
  maxColumnsPerSecond: 50,
};

/** Shorter text is not judged by its speed: the times of single words are rough. About 20 s of speech, in columns. */
const PARAGRAPH_COLUMNS = 300;

export interface Completeness extends Pick<SpeechCoverage, 'share' | 'speechSeconds' | 'coveredSeconds' | 'holes'> {
  findings: Finding[];
  /** What would be a finding, had an earlier attempt not heard nothing there either. */
  doubts: Finding[];
}

export interface CheckedAnswer {
  /** Length of the chunk, in seconds. */
  seconds: number;
  /** Stretches of the chunk that are not silence, in seconds from its start: speech, but music and noise as well. */
  speech: readonly Span[];
  segments: readonly Segment[];
  /** What the parser found wrong with the times, and the client with the length. */
  warnings: readonly Warning[];
  /** Holes of earlier attempts at the same chunk, decoded with other settings. */
  earlierHoles?: readonly Span[];
}

/**
 * Compares a chunk's text with what its audio promises.
 *
 * A level can't tell speech from music, so sound without text is not always a fault. It is explained where the engine
 * says what the sound is ("[MUSIC]", but not "[BLANK_AUDIO]" or "[INAUDIBLE]"), where it is sure that nobody speaks
 * (a segment without words and a no-speech probability of at least 0.6, whisper's own threshold), and where an earlier
 * attempt with other settings heard nothing there either, up to the length of a song: longer silence of an engine that
 * should have spoken is a fault.
 */
export function checkCompleteness(
  answer: CheckedAnswer,
  limits: CompletenessLimits = COMPLETENESS_LIMITS,
): Completeness {
  const { segments, earlierHoles = [] } = answer;
  const coverage = coverageOf(answer.speech, segments);
  const holes = coverage.holes.filter(({ start, end }) => !isAgreed([start, end], earlierHoles, limits));
  const empty = segments.every(({ nonSpeech }) => nonSpeech);
  const unheard = empty ? emptyFinding : holeFindings;
  const findings = [
    ...unheard(coverage, holes, limits),
    ...findLoops(segments).map((loop): Finding => ({ kind: 'loop', ...loop })),
    ...tooFast(segments, limits),
    ...answer.warnings.filter(isGrave).map(({ reason, message }): Finding => ({ kind: reason, message })),
  ];
  const { share, speechSeconds, coveredSeconds } = coverage;
  const doubts = holes.length === coverage.holes.length ? [] : unheard(coverage, coverage.holes, limits);
  return { share, speechSeconds, coveredSeconds, holes: coverage.holes, findings, doubts };
}

/** Of two attempts at a chunk the one to keep: the fewer findings that spoil text, then the more speech with text. */
export function isBetter(one: Completeness, other: Completeness): boolean {
  const spoilt = ({ findings }: Completeness): number =>
    findings.filter(({ kind }) => kind === 'loop' || kind === 'too-fast').length;
  return spoilt(one) === spoilt(other) ? one.coveredSeconds > other.coveredSeconds : spoilt(one) < spoilt(other);
}

function isAgreed(hole: Span, earlier: readonly Span[], { agreedSeconds }: CompletenessLimits): boolean {
  const length = hole[1] - hole[0];
  return length <= agreedSeconds && lengthOf(difference([hole], earlier)) <= Math.max(1, 0.2 * length);
}

function emptyFinding(coverage: SpeechCoverage, holes: SpeechCoverage['holes'], limits: CompletenessLimits): Finding[] {
  if (holes.length === 0 || coverage.speechSeconds < limits.minSpeechSeconds) return [];
  return [{ kind: 'empty-for-speech', message: `no text for ${coverage.speechSeconds.toFixed(1)} s of speech` }];
}

function holeFindings(coverage: SpeechCoverage, holes: SpeechCoverage['holes'], limits: CompletenessLimits): Finding[] {
  const long = holes
    .filter(({ speechSeconds }) => speechSeconds >= limits.holeSeconds)
    .map(({ start, end, speechSeconds }): Finding => {
      const where = `between ${start.toFixed(1)} s and ${end.toFixed(1)} s`;
      return { kind: 'hole', message: `no text for ${speechSeconds.toFixed(1)} s of speech ${where}`, start, end };
    });
  const unheard = holes.reduce((sum, { speechSeconds }) => sum + speechSeconds, 0);
  const enough = coverage.speechSeconds - unheard >= limits.minShare * coverage.speechSeconds;
  if (long.length > 0 || enough || coverage.speechSeconds < limits.holeSeconds) return long;
  const share = Math.round(100 * coverage.share);
  return [{ kind: 'hole', message: `only ${share} % of ${coverage.speechSeconds.toFixed(1)} s of speech have text` }];
}

/** A paragraph that nobody can have said in the time the engine gives it. */
function tooFast(segments: readonly Segment[], { maxColumnsPerSecond }: CompletenessLimits): Finding[] {
  const words = spokenWords(segments.filter(({ nonSpeech }) => !nonSpeech));
  const columns = words.map(({ word }) => displayWidth(word) + 1);
  let first = 0;
  let sum = 0;
  for (let last = 0; last < words.length; last++) {
    sum += columns[last] ?? 0;
    while (sum - (columns[first] ?? 0) >= PARAGRAPH_COLUMNS) sum -= columns[first++] ?? 0;
    const start = words[first]?.start ?? 0;
    const end = words[last]?.end ?? 0;
    const rate = sum / Math.max(0.1, end - start);
    if (sum < PARAGRAPH_COLUMNS || rate <= maxColumnsPerSecond) continue;
    const message = `${rate.toFixed(0)} characters a second; nobody says more than ${maxColumnsPerSecond}`;
    return [{ kind: 'too-fast', message, start, end }];
  }
  return [];
}

function isGrave(warning: Warning): warning is Warning & { reason: 'timestamps-outside' | 'truncated' } {
  return warning.reason === 'timestamps-outside' || warning.reason === 'truncated';
}
