import type { BatchWork, StageWork } from './stage-work.ts';

/** Share of what a stage has done above which what waits in front of it shows that it is the slow one. */
const BEHIND = 0.25;
/** Fewer waiting episodes than this are no queue: they have just come. */
const QUEUE = 4;

export interface Estimate {
  /** Seconds of audio transcribed a second, all providers together; undefined while nothing is transcribed. */
  rate: number | undefined;
  /** Seconds until everything is finished; undefined while nothing tells. */
  etaSeconds: number | undefined;
}

/**
 * When a batch will be finished: each stage by the audio it has left and the rate it had since there was work for it. The
 * slowest one tells. A stage behind a slower one only keeps pace with it, so its own rate says nothing, unless work piles
 * up in front of it.
 */
export function estimate(work: BatchWork, nowMs: number): Estimate {
  const transcribing = [...work.transcribe.values()].filter(({ done, left }) => done + left > 0);
  const times = [work.download, ...transcribing].map((stage) => secondsLeft(stage, nowMs));
  const rates = transcribing.map(rateOf).filter((rate) => rate !== undefined);
  const rate = rates.length > 0 ? rates.reduce((total, one) => total + one, 0) : undefined;
  if (times.includes(undefined)) return { rate, etaSeconds: undefined };
  const before = Math.max(0, ...times.map((time) => time ?? 0));
  const { summarize, summarizing, summarySeconds } = work;
  if (summarize.left === 0) return { rate, etaSeconds: 0 };
  const slow = summarizing >= QUEUE && summarize.waiting > BEHIND * summarize.done;
  const behind = slow ? (secondsLeft(summarize, nowMs) ?? 0) : 0;
  return { rate, etaSeconds: Math.max(before + summarySeconds, behind) };
}

/**
 * Seconds of audio a second, measured up to the last piece of work that was finished: in between nothing is heard of what
 * runs, and the rate would seem to fall.
 */
function rateOf({ done, begunAt, lastAt }: StageWork): number | undefined {
  if (begunAt === undefined || lastAt === undefined || lastAt <= begunAt || done <= 0) return undefined;
  return (1000 * done) / (lastAt - begunAt);
}

function secondsLeft(stage: StageWork, nowMs: number): number | undefined {
  if (stage.left <= 0) return 0;
  const rate = rateOf(stage);
  const { begunAt = nowMs, lastAt = nowMs, done, left } = stage;
  if (rate === undefined) return undefined;
  const since = Math.max(0, nowMs - lastAt);
  // As long without a piece as all pieces before took: it stands still, and the wait counts.
  if (since > lastAt - begunAt) return (left / done) * ((nowMs - begunAt) / 1000);
  // Overdue is not done: 0 means that nothing is left.
  return Math.max(1, left / rate - since / 1000);
}
