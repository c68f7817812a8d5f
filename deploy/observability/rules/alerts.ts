import { alert, type AlertingRule } from './rule.ts';
import { type RuleSettings, time } from './rule-settings.ts';

const waiting = 'sum by (namespace, queue) (max by (namespace, queue, lane) (podline_queue_waiting_jobs))';

/** Work that does not move. */
export function workAlerts(settings: RuleSettings): AlertingRule[] {
  const t = (seconds: number): string => time(seconds, settings);
  return [
    alert('PodlineBacklogGrowing', {
      severity: 'warning',
      expr: `podline:queue_jobs:sum > ${settings.backlogJobs} and deriv(podline:queue_jobs:sum[${t(1800)}]) > 0`,
      for: t(1800),
      summary: 'The queue {{ $labels.queue }} grows',
      description: 'It holds {{ $value }} jobs, and has been growing for half an hour: more comes in than goes out.',
    }),
    alert('PodlineOldestJobTooOld', {
      severity: 'warning',
      expr: `max by (namespace, queue) (podline_queue_oldest_job_age_seconds) > ${settings.oldestJobSeconds}`,
      for: t(600),
      summary: 'A job has been in {{ $labels.queue }} for {{ $value | humanizeDuration }}',
      description: `The oldest unsettled job is older than ${settings.oldestJobSeconds / 3600} h.`,
    }),
    alert('PodlineDeadLetters', {
      severity: 'warning',
      expr: 'max by (namespace, queue, reason) (podline_dead_letters) > 0',
      for: t(300),
      summary: 'Dead letters in {{ $labels.queue }}: {{ $labels.reason }}',
      description: '{{ $value }} jobs could not be done and wait for somebody to replay or drop them.',
    }),
    alert('PodlineEpisodesStuck', {
      severity: 'warning',
      expr:
        'max by (namespace) (podline_episodes_stuck) > 0' +
        ' and on (namespace) sum by (namespace) (podline:queue_jobs:sum{queue!="webhook"}) == 0',
      for: t(900),
      summary: 'Episodes are stuck',
      description: '{{ $value }} unfinished episodes have not changed for an hour, and no queue holds a job of theirs.',
    }),
    alert('PodlineStageWithoutWorkers', {
      severity: 'critical',
      expr:
        `(${waiting} > 0 unless on (namespace, queue) sum by (namespace, queue) (podline_job_slots) > 0)` +
        ' or (max by (namespace, queue) (podline_queue_consumer_missing * podline_queue_waiting_jobs) > 0)',
      for: t(600),
      summary: 'Nobody works on {{ $labels.queue }}',
      description: '{{ $value }} jobs wait, and no replica takes jobs of this queue, or its consumer is missing.',
    }),
  ];
}

/** The rate limiter, and the account behind it. */
export function limiterAlerts(settings: RuleSettings): AlertingRule[] {
  const t = (seconds: number): string => time(seconds, settings);
  const wait = `sum by (namespace, endpoint, le) (rate(podline_limiter_wait_seconds_bucket[${t(600)}]))`;
  return [
    alert('PodlineLimiterSaturated', {
      severity: 'warning',
      expr:
        `max by (namespace, endpoint) (podline:limiter_use:ratio) > ${settings.limiterUse}` +
        ` and on (namespace, endpoint) histogram_quantile(0.9, ${wait}) > ${settings.limiterWaitSeconds}`,
      for: t(900),
      summary: 'The limits of {{ $labels.endpoint }} hold up the work',
      description:
        '{{ $value | humanizePercentage }} of a limit is used, and one call in ten waits for longer than ' +
        `${settings.limiterWaitSeconds} s.`,
    }),
    alert('PodlineQuotaExhausted', {
      severity: 'critical',
      expr: 'max by (namespace, endpoint) (podline_limiter_condition{condition="stopped"}) == 1',
      summary: 'The provider serves the account of {{ $labels.endpoint }} no more',
      description: 'Its quota is exhausted. Nothing is sent until somebody pays and resumes the endpoint.',
    }),
    alert('PodlineBudgetUsedUp', {
      severity: 'warning',
      expr:
        `max by (namespace) (podline_budget_spent_dollars / podline_budget_dollars) > ${settings.budgetShare}` +
        ` or sum by (namespace, scope) (increase(podline_budget_reached_total[${t(900)}])) > 0`,
      summary: 'The budget of paid calls is used up, or nearly',
      description: 'Episodes for the API wait, or soon will, until the budget is raised or the next month begins.',
    }),
  ];
}

/** The engines, and what they hear. */
export function engineAlerts(settings: RuleSettings): AlertingRule[] {
  const t = (seconds: number): string => time(seconds, settings);
  const speech = `sum by (namespace) (increase(podline_transcript_speech_seconds_total[${t(3600)}]))`;
  return [
    alert('PodlineEngineCrashLooping', {
      severity: 'warning',
      expr:
        'sum by (namespace, instance) (increase(podline_whisper_engine_restarts_total{reason!="interrupted"}' +
        `[${t(900)}])) > ${settings.engineRestarts}`,
      summary: 'Whisper engines of {{ $labels.instance }} keep dying',
      description: '{{ $value | humanize }} engines were replaced in a quarter of an hour.',
    }),
    alert('PodlineEngineMissing', {
      severity: 'warning',
      expr:
        'sum by (namespace, instance) (podline_whisper_engines{state="wanted"})' +
        ' - sum by (namespace, instance) (podline_whisper_engines{state="alive"}) > 0',
      for: t(600),
      summary: '{{ $value }} whisper engines of {{ $labels.instance }} do not run',
      description: 'They could not be started again; the replica works with those that are left.',
    }),
    alert('PodlineCompletenessLow', {
      severity: 'warning',
      expr:
        `podline:transcript_coverage:ratio_rate1h < ${settings.coverage}` +
        ` and on (namespace) ${speech} > ${settings.coverageSpeechSeconds}`,
      for: t(900),
      summary: 'Transcripts leave speech out',
      description: 'Only {{ $value | humanizePercentage }} of the speech of the last hour has text.',
    }),
  ];
}

/** What podline stands on. */
export function foundationAlerts(settings: RuleSettings): AlertingRule[] {
  const t = (seconds: number): string => time(seconds, settings);
  // These two drop their oldest messages when they are full, as they should.
  const bounded = 'stream!~"PODLINE_EVENTS|PODLINE_ADVISORIES"';
  return [
    alert('PodlineNatsDown', {
      severity: 'critical',
      expr: 'min by (namespace, component) (podline_nats_connected) == 0',
      for: t(60),
      summary: '{{ $labels.component }} does not reach NATS',
      description: 'At least one replica has no connection to NATS: it takes no jobs and loses none.',
    }),
    alert('PodlineDown', {
      severity: 'critical',
      expr: 'absent(podline_build_info)',
      for: t(300),
      summary: 'Nothing of podline answers Prometheus',
      description: 'No replica of any component is scraped: podline is down, or Prometheus does not find it.',
    }),
    alert('PodlineStorageNearlyFull', {
      severity: 'critical',
      expr:
        `(max by (namespace, stream) (podline_stream_bytes{${bounded}} / podline_stream_max_bytes{${bounded}}) > ${settings.storageShare})` +
        ' or (max by (namespace) (podline_jetstream_storage_bytes / (podline_jetstream_storage_limit_bytes > 0))' +
        ` > ${settings.storageShare})`,
      for: t(300),
      summary: '{{ with $labels.stream }}{{ . }}{{ else }}JetStream{{ end }} is {{ $value | humanizePercentage }} full',
      description: 'When it is full, the stages that write to it stop until there is room; nothing is lost.',
    }),
    alert('PodlineClusterMetricsStale', {
      severity: 'warning',
      expr:
        `time() - max by (namespace) (podline_cluster_metrics_timestamp_seconds) > ${settings.staleSeconds}` +
        ' or (absent(podline_cluster_metrics_timestamp_seconds) and on () count(podline_build_info) > 0)',
      for: t(300),
      summary: 'Nobody tells how long the queues are',
      description:
        'The caretaker does not run, or does not reach JetStream. The alerts on queues, storage and dead letters are blind.',
    }),
  ];
}
