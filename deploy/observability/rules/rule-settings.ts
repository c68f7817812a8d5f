/** Everything in a rule that one may argue about. Times in seconds. */
export interface RuleSettings {
  /** How much faster than in production rules look and fire: tests can't wait for half an hour. */
  pace: number;
  /** An episode is on time when it is done so long after publishing: an upper bound of the histogram's buckets. */
  onTimeSeconds: number;
  /** Share of the episodes that shall be on time. */
  objective: number;
  /** A queue that holds fewer jobs is no backlog. */
  backlogJobs: number;
  oldestJobSeconds: number;
  /** Share of a limit, and wait for a permit, from which on the limiter counts as saturated. */
  limiterUse: number;
  limiterWaitSeconds: number;
  /** Restarts of one replica's engines in a quarter of an hour. */
  engineRestarts: number;
  /** Share of the speech that must have text, where there was at least so much of it in an hour. */
  coverage: number;
  coverageSpeechSeconds: number;
  /** Share of the month's budget. */
  budgetShare: number;
  /** Share of a stream's or an account's limit. */
  storageShare: number;
  /** Age of the caretaker's figures. */
  staleSeconds: number;
}

export const DEFAULT_RULE_SETTINGS: RuleSettings = {
  pace: 1,
  onTimeSeconds: 3600,
  objective: 0.95,
  backlogJobs: 50,
  oldestJobSeconds: 2 * 3600,
  limiterUse: 0.9,
  limiterWaitSeconds: 60,
  engineRestarts: 3,
  coverage: 0.9,
  coverageSpeechSeconds: 600,
  budgetShare: 0.9,
  storageShare: 0.85,
  staleSeconds: 120,
};

/** A time as Prometheus writes it, at the pace of the settings, but never below what a scrape can see. */
export function time(seconds: number, { pace }: Pick<RuleSettings, 'pace'>): string {
  const scaled = pace === 1 ? seconds : Math.max(4, Math.round(seconds / pace));
  if (scaled % 86_400 === 0) return `${scaled / 86_400}d`;
  if (scaled % 3600 === 0) return `${scaled / 3600}h`;
  if (scaled % 60 === 0) return `${scaled / 60}m`;
  return `${scaled}s`;
}
