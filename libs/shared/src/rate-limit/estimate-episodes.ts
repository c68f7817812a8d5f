import { estimateCost } from './estimate-cost.ts';
import type { Limits } from './limits.ts';

/** What is known of an episode before anything of it is sent. */
export interface PlannedEpisode {
  /** Length of the audio. */
  seconds: number;
}

export interface EpisodePlan {
  /** Undefined where no paid API transcribes. */
  transcription: { model: string; chunkSeconds: number } | undefined;
  /** Undefined where no paid API summarizes. */
  summary: { model: string } | undefined;
}

/** What episodes will use and cost, about. */
export interface EpisodesEstimate {
  episodes: number;
  audioMinutes: number;
  transcription: { requests: number; audioSeconds: number };
  summary: { requests: number; inputTokens: number; answerTokens: number };
  /** At list price; undefined where a price is not known. */
  dollars: { transcription: number | undefined; summary: number | undefined };
  /** Models whose price is not known. */
  unpriced: string[];
}

/** Speech has about 150 words a minute, a word 1.3 tokens, and each line its time. */
const TOKENS_PER_MINUTE = 230;
/** Instructions and schema of a summary; what an answer usually has, and what is reserved for it. In tokens. */
const PROMPT_TOKENS = 1000;
const ANSWER_TOKENS = 1500;
const RESERVED_ANSWER_TOKENS = 4000;
/** Transcript that fits one call of the usual models, in tokens; a longer one is summarized in parts. */
const WHOLE_TOKENS = 120_000;

/** What the calls of these episodes come to, each asked once: second attempts and retries are not in it. */
export function estimateEpisodes(episodes: readonly PlannedEpisode[], plan: EpisodePlan): EpisodesEstimate {
  const { transcription, summary } = plan;
  const seconds = episodes.map((episode) => episode.seconds);
  const total = sum(seconds);
  const chunks = transcription
    ? sum(seconds.map((one) => Math.max(1, Math.ceil(one / transcription.chunkSeconds))))
    : 0;
  const calls = summary ? sum(seconds.map(summaryCalls)) : 0;
  const inputTokens = summary ? Math.ceil((total / 60) * TOKENS_PER_MINUTE) + calls * PROMPT_TOKENS : 0;
  const answerTokens = calls * ANSWER_TOKENS;
  const price = {
    transcription: transcription ? estimateCost(transcription.model, { audioSeconds: total })?.dollars : 0,
    summary: summary ? estimateCost(summary.model, { inputTokens, outputTokens: answerTokens })?.dollars : 0,
  };
  return {
    episodes: episodes.length,
    audioMinutes: total / 60,
    transcription: { requests: chunks, audioSeconds: transcription ? total : 0 },
    summary: { requests: calls, inputTokens, answerTokens },
    dollars: price,
    unpriced: [
      ...(transcription && price.transcription === undefined ? [transcription.model] : []),
      ...(summary && price.summary === undefined ? [summary.model] : []),
    ],
  };
}

/** One where the transcript fits the context, else one for each part and one over all notes. */
function summaryCalls(seconds: number): number {
  const parts = Math.ceil(((seconds / 60) * TOKENS_PER_MINUTE) / WHOLE_TOKENS);
  return parts <= 1 ? 1 : parts + 1;
}

/** A call of the transcription API takes about this long: some seconds, and a share of the audio. An assumption. */
const TRANSCRIPTION_SECONDS = { constant: 5, perAudioSecond: 1 / 25 };
const SUMMARY_SECONDS = 20;

/** How long the calls take under limits with nothing else going on, in seconds, and which limit makes it so. */
export function timeUnderLimits(
  estimate: EpisodesEstimate,
  stage: 'transcription' | 'summary',
  limits: Limits | undefined,
): { seconds: number; by: string } {
  const { requests } = estimate[stage];
  const audio = stage === 'transcription' ? estimate.transcription.audioSeconds : 0;
  const { inputTokens } = estimate.summary;
  const tokens = stage === 'summary' ? inputTokens + requests * RESERVED_ANSWER_TOKENS : 0;
  const { constant, perAudioSecond } = TRANSCRIPTION_SECONDS;
  const work = stage === 'transcription' ? requests * constant + audio * perAudioSecond : requests * SUMMARY_SECONDS;
  const share = (amount: number, limit: number | undefined, windowSeconds: number): number =>
    limit === undefined ? 0 : (amount / limit) * windowSeconds;
  const times: [string, number][] = [
    ['the calls themselves', requests === 0 ? 0 : work / requests],
    ['maxConcurrent', limits?.maxConcurrent === undefined ? 0 : work / limits.maxConcurrent],
    ['requestsPerMinute', share(requests, limits?.requestsPerMinute, 60)],
    ['tokensPerMinute', share(tokens, limits?.tokensPerMinute, 60)],
    ['audioSecondsPerMinute', share(audio, limits?.audioSecondsPerMinute, 60)],
    // A day's limit is had at once; only what is beyond it waits.
    ['requestsPerDay', daysBeyond(requests, limits?.requestsPerDay)],
    ['audioSecondsPerDay', daysBeyond(audio, limits?.audioSecondsPerDay)],
  ];
  const [by, seconds] = times.reduce((longest, time) => (time[1] > longest[1] ? time : longest));
  return { by, seconds };
}

function daysBeyond(amount: number, limit: number | undefined): number {
  return limit === undefined ? 0 : Math.max(0, Math.ceil(amount / limit) - 1) * 86_400;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
