import type { RecordingRule } from './rule.ts';
import { type RuleSettings, time } from './rule-settings.ts';

/** Windows of the burn-rate alerts, in seconds, by the name they have in `podline:episode_errors:ratio_rate<name>`. */
export const ERROR_WINDOWS = {
  '5m': 300,
  '30m': 1800,
  '1h': 3600,
  '2h': 7200,
  '6h': 21_600,
  '1d': 86_400,
  '3d': 259_200,
} as const;
export type ErrorWindow = keyof typeof ERROR_WINDOWS;

/** What several alerts and panels ask for. */
export function recordingRules(settings: RuleSettings): RecordingRule[] {
  return [
    {
      record: 'podline:queue_jobs:sum',
      expr:
        'sum by (namespace, queue) (max by (namespace, queue, lane) (podline_queue_waiting_jobs))' +
        ' + sum by (namespace, queue) (max by (namespace, queue, lane) (podline_queue_unacked_jobs))',
    },
    {
      record: 'podline:jobs_acked:rate15m',
      expr: `sum by (namespace, queue) (rate(podline_jobs_total{result="ack"}[${time(900, settings)}]))`,
    },
    {
      record: 'podline:limiter_use:ratio',
      expr:
        'max by (namespace, endpoint, limit) (podline_limiter_used)' +
        ' / max by (namespace, endpoint, limit) (podline_limiter_limit)',
    },
    {
      record: 'podline:transcript_coverage:ratio_rate1h',
      expr: coverage(time(3600, settings)),
    },
    ...Object.entries(ERROR_WINDOWS).map(([name, seconds]) => ({
      record: `podline:episode_errors:ratio_rate${name}`,
      expr: episodeErrors(time(seconds, settings), settings),
    })),
  ];
}

function coverage(window: string): string {
  return (
    `sum by (namespace) (increase(podline_transcript_covered_seconds_total[${window}]))` +
    ` / sum by (namespace) (increase(podline_transcript_speech_seconds_total[${window}]))`
  );
}

/** Share of the episodes that were late or failed. Rejected ones had no audio to be had: they are in neither number. */
function episodeErrors(window: string, { onTimeSeconds }: RuleSettings): string {
  const good = `podline_episode_duration_seconds_bucket{result="done",le="${onTimeSeconds}"}`;
  const all = 'podline_episode_duration_seconds_count{result!="rejected"}';
  return `1 - sum by (namespace) (rate(${good}[${window}])) / sum by (namespace) (rate(${all}[${window}]))`;
}
