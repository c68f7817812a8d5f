import type { Costs } from './costs.ts';
import { type DaySettings, drawDay } from './day.ts';
import { type DayFigures, simulateDay, type Slots } from './simulate-day.ts';

export interface Plan extends DayFigures {
  slots: Slots;
  audioHours: number;
  chunks: number;
  /** Stored messages a second, over the day. */
  messagesPerSecond: number;
  resultBytesPerDay: number;
  /** Requests a minute of a transcription API, were it used instead, with chunks of 20 minutes. */
  apiRequestsPerMinute: number;
}

const API_CHUNK_SECONDS = 1200;
/** Work a slot is given at most in the busiest hours: above, waiting grows without bound. */
const USE = 0.7;

/**
 * The fewest slots of each stage that hold the objective: 95 % of the episodes done within so many seconds. Starts from
 * what the day's average work needs and adds a tenth of the engines until the simulated day is on time.
 */
export function planDay(settings: DaySettings, costs: Costs, onTimeSeconds: number): Plan {
  const day = drawDay(settings);
  const audio = day.reduce((sum, { seconds }) => sum + seconds, 0);
  const needed = (seconds: number): number => Math.max(1, Math.ceil(seconds / 86_400 / USE));
  // The busiest hours see three times the average: downloads and summaries are cheap enough to be ready for them.
  const slots: Slots = {
    download: needed(3 * (day.length * costs.downloadSeconds + audio * costs.downloadPerSecond)),
    transcribe: needed(audio * costs.enginePerSecond),
    summarize: needed(3 * day.length * costs.summarySeconds),
  };
  let figures = simulateDay(day, slots, costs);
  while (figures.p95Seconds > onTimeSeconds) {
    slots.transcribe += Math.ceil(slots.transcribe / 10);
    figures = simulateDay(day, slots, costs);
  }
  const chunks = day.reduce((sum, { seconds }) => sum + Math.max(1, Math.ceil(seconds / costs.chunkSeconds)), 0);
  return {
    ...figures,
    slots,
    audioHours: audio / 3600,
    chunks,
    messagesPerSecond: (day.length * costs.messagesPerEpisode + chunks * costs.messagesPerChunk) / 86_400,
    resultBytesPerDay: audio * costs.resultBytesPerSecond,
    apiRequestsPerMinute: audio / API_CHUNK_SECONDS / 1440,
  };
}
