import { page } from './page.ts';
import { chart, stat } from './panels.ts';

/** Is it healthy, how far behind is it, when will it be done, what does it cost? */
export const overview = page({
  uid: 'podline-overview',
  title: 'podline: overview',
  description: 'Is it healthy, how far behind is it, when will it be done, what does it cost?',
  sections: [
    {
      title: 'Is it healthy?',
      panels: [
        stat({
          title: 'Replicas',
          description: 'Processes that answer Prometheus.',
          unit: 'none',
          queries: [{ expr: 'count(podline_build_info)', legend: 'replicas' }],
        }),
        stat({
          title: 'Connected to NATS',
          description: 'Share of the replicas whose connection to NATS stands.',
          unit: 'percentunit',
          warnAt: 1,
          failAt: 0.5,
          queries: [{ expr: 'avg(podline_nats_connected)', legend: 'connected' }],
        }),
        stat({
          title: 'Alerts',
          description: 'Alerts of podline that fire now. Each has a page in docs/runbooks/.',
          unit: 'none',
          failAt: 1,
          queries: [
            { expr: 'count(ALERTS{alertname=~"Podline.*",alertstate="firing"}) or vector(0)', legend: 'firing' },
          ],
        }),
        stat({
          title: 'Dead letters',
          description: 'Jobs nobody could do, waiting for somebody: `podline dead list`.',
          unit: 'none',
          failAt: 1,
          queries: [{ expr: 'sum(max by (queue, reason) (podline_dead_letters))', legend: 'letters' }],
        }),
        stat({
          title: 'Stuck episodes',
          description: 'Unfinished episodes whose state has not changed for an hour.',
          unit: 'none',
          failAt: 1,
          queries: [{ expr: 'max(podline_episodes_stuck)', legend: 'stuck' }],
        }),
        stat({
          title: 'On time, last 3 days',
          description: 'Share of the episodes done within an hour of publishing. The objective is 95 %.',
          unit: 'percentunit',
          warnAt: 0.98,
          failAt: 0.95,
          queries: [{ expr: '1 - podline:episode_errors:ratio_rate3d', legend: 'on time' }],
        }),
      ],
    },
    {
      title: 'How far behind?',
      panels: [
        chart({
          title: 'Waiting jobs',
          description: 'Jobs nobody has begun, by queue. It should fall back to 0 between bursts.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (queue) (max by (queue, lane) (podline_queue_waiting_jobs))',
              legend: '{{queue}}',
            },
          ],
        }),
        chart({
          title: 'Age of the oldest job',
          description: 'How long the oldest unsettled job has been in its queue.',
          unit: 's',
          queries: [{ expr: 'max by (queue) (podline_queue_oldest_job_age_seconds)', legend: '{{queue}}' }],
        }),
        chart({
          title: 'Time until done',
          description: 'What is in each queue, at the rate of the last 15 minutes. Nothing where nothing was done.',
          unit: 's',
          queries: [
            {
              expr: 'podline:queue_jobs:sum / on (namespace, queue) podline:jobs_acked:rate15m',
              legend: '{{queue}}',
            },
          ],
        }),
        chart({
          title: 'Episodes by status',
          description: 'All episodes podline knows. Unfinished ones are work to do.',
          unit: 'short',
          queries: [{ expr: 'max by (status) (podline_episodes{status!="done"})', legend: '{{status}}' }],
        }),
      ],
    },
    {
      title: 'What comes out?',
      panels: [
        chart({
          title: 'Episodes ended per hour',
          description: 'By result: rejected where the audio cannot be had, failed where podline could not do its part.',
          unit: 'short',
          stacked: true,
          queries: [
            {
              expr: 'sum by (result) (rate(podline_episode_duration_seconds_count[$__rate_interval])) * 3600',
              legend: '{{result}}',
            },
          ],
        }),
        chart({
          title: 'From publishing to done',
          description: 'End-to-end time of episodes.',
          unit: 's',
          queries: [0.5, 0.9, 0.99].map((share) => ({
            expr: `histogram_quantile(${share}, sum by (le) (rate(podline_episode_duration_seconds_bucket{result="done"}[$__rate_interval])))`,
            legend: `${100 * share} % are done within`,
          })),
        }),
        chart({
          title: 'Transcription speed',
          description: 'Seconds of audio transcribed in a second: how many times faster than listening.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (provider) (rate(podline_audio_transcribed_seconds_total[$__rate_interval]))',
              legend: '{{provider}}',
            },
          ],
        }),
        chart({
          title: 'Speech with text',
          description: 'Share of the speech in finished transcripts that has text. Below 95 %, look at the gaps.',
          unit: 'percentunit',
          max: 1,
          queries: [
            {
              expr: 'sum(rate(podline_transcript_covered_seconds_total[$__rate_interval])) / sum(rate(podline_transcript_speech_seconds_total[$__rate_interval]))',
              legend: 'covered',
            },
          ],
        }),
      ],
    },
    {
      title: 'What does it cost?',
      panels: [
        chart({
          title: 'Paid calls',
          description: 'US dollars per hour at list price, by endpoint.',
          unit: 'currencyUSD',
          queries: [
            {
              expr: 'sum by (endpoint) (rate(podline_api_cost_dollars_total[$__rate_interval])) * 3600',
              legend: '{{endpoint}}',
            },
          ],
        }),
        chart({
          title: 'Spent this month',
          description: 'Of the calendar month (UTC), in the whole cluster, with the budget where there is one.',
          unit: 'currencyUSD',
          queries: [
            { expr: 'max(podline_budget_spent_dollars)', legend: 'spent' },
            { expr: 'max(podline_budget_dollars)', legend: 'budget' },
          ],
        }),
        chart({
          title: 'CPU',
          description: 'Cores in use, by component; engines and ffmpeg included.',
          unit: 'short',
          stacked: true,
          queries: [
            {
              expr:
                'sum by (component) (rate(process_cpu_seconds_total{component!=""}[$__rate_interval])) + ' +
                '(sum by (component) (rate(podline_child_cpu_seconds_total[$__rate_interval])) or ' +
                '0 * sum by (component) (rate(process_cpu_seconds_total{component!=""}[$__rate_interval])))',
              legend: '{{component}}',
            },
          ],
        }),
        chart({
          title: 'Memory',
          description: 'Resident memory, by component; engines and ffmpeg included.',
          unit: 'bytes',
          stacked: true,
          queries: [
            {
              expr:
                'sum by (component) (process_resident_memory_bytes{component!=""}) + ' +
                '(sum by (component) (podline_child_memory_bytes) or ' +
                '0 * sum by (component) (process_resident_memory_bytes{component!=""}))',
              legend: '{{component}}',
            },
          ],
        }),
        chart({
          title: 'Streams and buckets, filled',
          description:
            'Size of each as a share of its limit. Full job streams refuse new jobs; full buckets stop stages.',
          unit: 'percentunit',
          max: 1,
          queries: [
            {
              expr: 'max by (stream) (podline_stream_bytes / podline_stream_max_bytes)',
              legend: '{{stream}}',
            },
          ],
        }),
        chart({
          title: 'JetStream storage',
          description: 'What the account uses on disk.',
          unit: 'bytes',
          queries: [{ expr: 'max(podline_jetstream_storage_bytes)', legend: 'used' }],
        }),
      ],
    },
  ],
});
