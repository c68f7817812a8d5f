/** Alerts that fire, each with how many times (once a label set). */
type Firing = readonly (readonly [alert: string, count: number])[];

export interface RuleCase {
  name: string;
  /** Series in promtool's notation, one value a minute; what is not named is as in a healthy cluster. */
  series: Record<string, string>;
  /** By time after the start, exactly what fires. The rules are evaluated every 5 minutes. */
  moments: Record<string, Firing>;
}

const WHISPER = 'queue="transcribe-whisper"';
const LANE = `${WHISPER},lane="normal"`;
const DAY = 1440;

/** A cluster at work: episodes come in and are done within minutes. */
const HEALTHY: Record<string, string> = {
  'podline_build_info{component="caretaker"}': `1x${DAY}`,
  'podline_nats_connected{component="caretaker"}': `1x${DAY}`,
  'podline_cluster_metrics_timestamp_seconds{component="caretaker"}': `0+60x${DAY}`,
  [`podline_queue_waiting_jobs{${LANE}}`]: `3x${DAY}`,
  [`podline_queue_unacked_jobs{${LANE}}`]: `2x${DAY}`,
  [`podline_queue_consumer_missing{${LANE}}`]: `0x${DAY}`,
  [`podline_queue_oldest_job_age_seconds{${WHISPER}}`]: `40x${DAY}`,
  [`podline_job_slots{${WHISPER},instance="w1"}`]: `2x${DAY}`,
  'podline_dead_letters{queue="download",reason="none"}': `0x${DAY}`,
  podline_episodes_stuck: `0x${DAY}`,
  podline_budget_spent_dollars: `4x${DAY}`,
  podline_budget_dollars: `10x${DAY}`,
  'podline_budget_reached_total{scope="all"}': `0x${DAY}`,
  'podline_limiter_condition{endpoint="openai.transcription",condition="stopped"}': `0x${DAY}`,
  'podline_limiter_used{endpoint="openai.transcription",limit="requestsPerMinute"}': `20x${DAY}`,
  'podline_limiter_limit{endpoint="openai.transcription",limit="requestsPerMinute"}': `50x${DAY}`,
  'podline_limiter_wait_seconds_bucket{endpoint="openai.transcription",le="1"}': `0+20x${DAY}`,
  'podline_limiter_wait_seconds_bucket{endpoint="openai.transcription",le="120"}': `0+20x${DAY}`,
  'podline_limiter_wait_seconds_bucket{endpoint="openai.transcription",le="+Inf"}': `0+20x${DAY}`,
  'podline_whisper_engine_restarts_total{instance="w1",reason="died"}': `0x${DAY}`,
  'podline_whisper_engines{instance="w1",state="wanted"}': `2x${DAY}`,
  'podline_whisper_engines{instance="w1",state="alive"}': `2x${DAY}`,
  podline_transcript_speech_seconds_total: `0+600x${DAY}`,
  podline_transcript_covered_seconds_total: `0+594x${DAY}`,
  'podline_stream_bytes{stream="OBJ_podline-audio"}': `500x${DAY}`,
  'podline_stream_max_bytes{stream="OBJ_podline-audio"}': `1000x${DAY}`,
  // Full, as it is after a week: it drops its oldest messages.
  'podline_stream_bytes{stream="PODLINE_EVENTS"}': `1000x${DAY}`,
  'podline_stream_max_bytes{stream="PODLINE_EVENTS"}': `1000x${DAY}`,
  podline_jetstream_storage_bytes: `900x${DAY}`,
  podline_jetstream_storage_limit_bytes: `-1x${DAY}`,
  'podline_episode_duration_seconds_bucket{result="done",le="3600"}': `0+98x${DAY}`,
  'podline_episode_duration_seconds_count{result="done"}': `0+99x${DAY}`,
  'podline_episode_duration_seconds_count{result="failed"}': `0+1x${DAY}`,
  'podline_episode_duration_seconds_count{result="rejected"}': `0+50x${DAY}`,
};

/** Of a cluster that is gone, what the alerts on absence look at. */
const UNTIL_10M = Object.fromEntries(
  Object.entries(HEALTHY)
    .filter(([series]) => /build_info|cluster_metrics/.test(series))
    .map(([series, values]) => [series, values.replace(`x${DAY}`, 'x10 _x60')]),
);

/** The series of a case; an empty text takes one of the healthy cluster's away. */
export function seriesOf(series: RuleCase['series']): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...HEALTHY, ...series }).filter(([, values]) => values !== ''));
}

export const CASES: readonly RuleCase[] = [
  { name: 'a healthy cluster', series: {}, moments: { '10m': [], '2h': [], '8h': [] } },
  {
    name: 'a queue that grows for an hour, then is worked off',
    series: { [`podline_queue_waiting_jobs{${LANE}}`]: '0x30 0+10x90 900-30x30 0x60' },
    moments: { '30m': [], '60m': [], '110m': [['PodlineBacklogGrowing', 1]], '160m': [] },
  },
  {
    name: 'a large queue that is being worked off',
    series: { [`podline_queue_waiting_jobs{${LANE}}`]: '5000-5x240' },
    moments: { '1h': [], '3h': [] },
  },
  {
    name: 'a job nobody gets done',
    series: { [`podline_queue_oldest_job_age_seconds{${WHISPER}}`]: '0+60x300' },
    moments: { '110m': [], '125m': [], '140m': [['PodlineOldestJobTooOld', 1]] },
  },
  {
    name: 'dead letters of two reasons, dropped after a while',
    series: {
      'podline_dead_letters{queue="download",reason="not-audio"}': '0x10 2x20 0x30',
      'podline_dead_letters{queue="transcribe-whisper",reason="engine-died"}': '0x10 1x20 0x30',
    },
    moments: { '9m': [], '12m': [], '20m': [['PodlineDeadLetters', 2]], '35m': [] },
  },
  {
    name: 'unfinished episodes without a job',
    series: {
      podline_episodes_stuck: '0x10 2x60',
      [`podline_queue_waiting_jobs{${LANE}}`]: '0x120',
      [`podline_queue_unacked_jobs{${LANE}}`]: '0x120',
    },
    moments: { '10m': [], '20m': [], '40m': [['PodlineEpisodesStuck', 1]] },
  },
  {
    name: 'unfinished episodes that wait behind a long queue',
    series: { podline_episodes_stuck: '5x120' },
    moments: { '1h': [] },
  },
  {
    name: 'a stage whose replicas are gone while jobs wait',
    series: { [`podline_job_slots{${WHISPER},instance="w1"}`]: '2x20 _x60' },
    moments: { '20m': [], '28m': [], '40m': [['PodlineStageWithoutWorkers', 1]] },
  },
  {
    name: 'a stage scaled to zero without work',
    series: {
      [`podline_job_slots{${WHISPER},instance="w1"}`]: '2x20 _x60',
      [`podline_queue_waiting_jobs{${LANE}}`]: '0x120',
    },
    moments: { '60m': [] },
  },
  {
    name: 'a consumer that somebody deleted',
    series: { [`podline_queue_consumer_missing{${LANE}}`]: '0x10 1x60' },
    moments: { '15m': [], '30m': [['PodlineStageWithoutWorkers', 1]] },
  },
  {
    name: 'a limiter at its limit, with long waits',
    series: {
      'podline_limiter_used{endpoint="openai.transcription",limit="requestsPerMinute"}': '49x120',
      'podline_limiter_wait_seconds_bucket{endpoint="openai.transcription",le="1"}': '0x120',
    },
    moments: { '10m': [], '40m': [['PodlineLimiterSaturated', 1]] },
  },
  {
    name: 'a limiter at its limit that nobody waits for',
    series: { 'podline_limiter_used{endpoint="openai.transcription",limit="requestsPerMinute"}': '49x120' },
    moments: { '1h': [] },
  },
  {
    name: 'an account without quota, until it is resumed',
    series: {
      'podline_limiter_condition{endpoint="openai.transcription",condition="stopped"}': '0x10 1x20 0x30',
    },
    moments: { '9m': [], '15m': [['PodlineQuotaExhausted', 1]], '40m': [] },
  },
  {
    name: 'a budget that is nearly used up',
    series: { podline_budget_spent_dollars: '4x20 9.5x60' },
    moments: { '20m': [], '30m': [['PodlineBudgetUsedUp', 1]] },
  },
  {
    name: 'a budget of a feed that held no call for a while',
    series: { 'podline_budget_reached_total{scope="feed"}': '0x20 0+1x10 10x60' },
    moments: { '20m': [], '30m': [['PodlineBudgetUsedUp', 1]], '60m': [] },
  },
  {
    name: 'no budget at all',
    series: { podline_budget_dollars: Array.from({ length: 61 }, () => 'NaN').join(' ') },
    moments: { '1h': [] },
  },
  {
    name: 'an engine that dies again and again',
    series: { 'podline_whisper_engine_restarts_total{instance="w1",reason="died"}': '0x20 0+1x20 20x60' },
    moments: { '20m': [], '23m': [], '30m': [['PodlineEngineCrashLooping', 1]], '70m': [] },
  },
  {
    name: 'an engine that does not come back',
    series: { 'podline_whisper_engines{instance="w1",state="alive"}': '2x20 1x60' },
    moments: { '25m': [], '40m': [['PodlineEngineMissing', 1]] },
  },
  {
    name: 'transcripts with a fifth of the speech missing',
    series: { podline_transcript_covered_seconds_total: '0+480x240' },
    moments: { '10m': [], '30m': [['PodlineCompletenessLow', 1]] },
  },
  {
    name: 'one short and noisy episode',
    series: {
      podline_transcript_speech_seconds_total: '0x20 120x240',
      podline_transcript_covered_seconds_total: '0x20 20x240',
    },
    moments: { '1h': [] },
  },
  {
    name: 'NATS away for ten minutes',
    series: { 'podline_nats_connected{component="caretaker"}': '1x20 0x10 1x60' },
    moments: { '20m': [], '30m': [['PodlineNatsDown', 1]], '40m': [] },
  },
  {
    name: 'NATS away for a moment',
    series: { 'podline_nats_connected{component="caretaker"}': '1x19 0 1x60' },
    moments: { '20m': [], '25m': [] },
  },
  {
    name: 'nothing answers any more',
    series: { ...Object.fromEntries(Object.keys(HEALTHY).map((series) => [series, ''])), ...UNTIL_10M },
    moments: { '10m': [], '30m': [['PodlineDown', 1]] },
  },
  {
    name: 'a bucket that is nearly full',
    series: { 'podline_stream_bytes{stream="OBJ_podline-audio"}': '500x20 900x60' },
    moments: { '20m': [], '30m': [['PodlineStorageNearlyFull', 1]] },
  },
  {
    name: 'an account that is nearly full',
    series: { podline_jetstream_storage_limit_bytes: '1000x60' },
    moments: { '30m': [['PodlineStorageNearlyFull', 1]] },
  },
  {
    name: 'a caretaker that does not look any more',
    series: { 'podline_cluster_metrics_timestamp_seconds{component="caretaker"}': '0+60x20 1200x60' },
    moments: { '20m': [], '24m': [], '35m': [['PodlineClusterMetricsStale', 1]] },
  },
  {
    name: 'a caretaker that is not there',
    series: { 'podline_cluster_metrics_timestamp_seconds{component="caretaker"}': '' },
    moments: { '10m': [['PodlineClusterMetricsStale', 1]] },
  },
  {
    name: 'most episodes late',
    series: { 'podline_episode_duration_seconds_bucket{result="done",le="3600"}': '0+98x240 23520+10x120' },
    moments: {
      '3h': [],
      '4h': [],
      '5h30m': [
        ['PodlineEpisodesLateFast', 1],
        ['PodlineEpisodesLateSlow', 1],
      ],
    },
  },
  {
    name: 'a tenth of the episodes failed, for a day',
    series: { 'podline_episode_duration_seconds_count{result="failed"}': `0+11x${DAY}` },
    moments: { '30m': [], '12h': [['PodlineEpisodesLateSlow', 1]] },
  },
];
