import { page } from './page.ts';
import { chart } from './panels.ts';

const quantile = (share: number, metric: string, by: string, range = '[$__rate_interval]'): string =>
  `histogram_quantile(${share}, sum by (le, ${by}) (rate(${metric}${range})))`;

/** What each stage does, how long it takes, and what goes wrong. */
export const stages = page({
  uid: 'podline-stages',
  title: 'podline: stages',
  description: 'What each stage does, how long it takes, and what goes wrong.',
  sections: [
    {
      title: 'Jobs',
      panels: [
        chart({
          title: 'Jobs settled',
          description: 'Deliveries per second, by queue and result. nak means: tried again later.',
          unit: 'ops',
          queries: [
            {
              expr: 'sum by (queue, result) (rate(podline_jobs_total[$__rate_interval]))',
              legend: '{{queue}} {{result}}',
            },
          ],
        }),
        chart({
          title: 'Duration of a job',
          description: 'From delivery to settling, of jobs that were done.',
          unit: 's',
          queries: [
            {
              expr: quantile(0.5, 'podline_job_duration_seconds_bucket{result="ack"}', 'queue'),
              legend: '{{queue}} median',
            },
            {
              expr: quantile(0.95, 'podline_job_duration_seconds_bucket{result="ack"}', 'queue'),
              legend: '{{queue}} 95 %',
            },
          ],
        }),
        chart({
          title: 'Slots in use',
          description:
            'Share of the slots of all replicas that work; a chunk whose audio is read ahead counts too. At 100 % for long, more replicas would help.',
          unit: 'percentunit',
          max: 1,
          queries: [
            {
              expr: 'clamp_max(sum by (queue) (podline_jobs_in_flight) / (sum by (queue) (podline_job_slots) > 0), 1)',
              legend: '{{queue}}',
            },
          ],
        }),
        chart({
          title: 'Failures by reason',
          description:
            'Deliveries given back or dead-lettered per minute. The reasons are those of `podline dead list`.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (queue, reason) (rate(podline_jobs_total{result!="ack"}[$__rate_interval])) * 60',
              legend: '{{queue}} {{reason}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'Queues',
      panels: [
        chart({
          title: 'Waiting, by lane',
          description: 'Jobs nobody has begun. high goes first, bulk last.',
          unit: 'short',
          queries: [{ expr: 'max by (queue, lane) (podline_queue_waiting_jobs)', legend: '{{queue}} {{lane}}' }],
        }),
        chart({
          title: 'Handed out, not settled',
          description: 'At work, or waiting to be tried again.',
          unit: 'short',
          queries: [
            { expr: 'sum by (queue) (max by (queue, lane) (podline_queue_unacked_jobs))', legend: '{{queue}}' },
            {
              expr: 'sum by (queue) (max by (queue, lane) (podline_queue_redelivered_jobs))',
              legend: '{{queue}}, more than once',
            },
          ],
        }),
        chart({
          title: 'Repeated deliveries',
          description: 'Per minute: retries, and jobs whose replica was killed.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (queue) (rate(podline_job_redeliveries_total[$__rate_interval])) * 60',
              legend: '{{queue}}',
            },
          ],
        }),
        chart({
          title: 'Dead letters',
          description: 'Those that wait for somebody, by queue and reason.',
          unit: 'short',
          queries: [
            {
              expr: 'max by (queue, reason) (podline_dead_letters)',
              legend: '{{queue}} {{reason}}',
            },
          ],
        }),
        chart({
          title: 'Longest without a change',
          description: 'Time since the last change of the unfinished episode that has stood still for longest.',
          unit: 's',
          queries: [{ expr: 'max(podline_episode_oldest_change_age_seconds)', legend: 'oldest' }],
        }),
        chart({
          title: 'Missing consumers',
          description: 'Lanes without a durable consumer. 1 with waiting jobs is an outage of that stage.',
          unit: 'none',
          max: 1,
          queries: [{ expr: 'max by (queue) (podline_queue_consumer_missing)', legend: '{{queue}}' }],
        }),
        chart({
          title: 'Messages in streams',
          description: 'Of every stream and bucket.',
          unit: 'short',
          queries: [{ expr: 'max by (stream) (podline_stream_messages)', legend: '{{stream}}' }],
        }),
      ],
    },
    {
      title: 'Download',
      panels: [
        chart({
          title: 'Bytes received',
          description: 'From the hosts of the audio.',
          unit: 'Bps',
          queries: [{ expr: 'sum(rate(podline_download_bytes_total[$__rate_interval]))', legend: 'received' }],
        }),
        chart({
          title: 'Speed of a download',
          description: 'Average speed of each complete download.',
          unit: 'Bps',
          queries: [
            {
              expr: 'histogram_quantile(0.5, sum by (le) (rate(podline_download_speed_bytes_per_second_bucket[$__rate_interval])))',
              legend: 'median',
            },
            {
              expr: 'histogram_quantile(0.05, sum by (le) (rate(podline_download_speed_bytes_per_second_bucket[$__rate_interval])))',
              legend: 'slowest 5 %',
            },
          ],
        }),
        chart({
          title: 'Audio cut',
          description: 'Seconds of audio cut into chunks in a second.',
          unit: 'short',
          queries: [{ expr: 'sum(rate(podline_download_audio_seconds_total[$__rate_interval]))', legend: 'audio' }],
        }),
        chart({
          title: 'Running tools',
          description: 'ffmpeg and ffprobe processes that run now.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (process) (podline_child_processes{component="downloader"})',
              legend: '{{process}}',
            },
          ],
        }),
      ],
    },
    {
      title: 'Processes',
      panels: [
        chart({
          title: 'Event loop lag',
          description:
            '99 % of the looks at the event loop come later than they should by less. Node looks every 0.1 s, and counts that in: here it is taken off. Above 1 s, health checks are in danger.',
          unit: 's',
          queries: [
            {
              expr: 'max by (component) (nodejs_eventloop_lag_p99_seconds{component!=""}) - 0.1',
              legend: '{{component}}',
            },
          ],
        }),
        chart({
          title: 'Heap',
          description: 'JavaScript objects in memory.',
          unit: 'bytes',
          queries: [
            { expr: 'max by (component) (nodejs_heap_size_used_bytes{component!=""})', legend: '{{component}}' },
          ],
        }),
        chart({
          title: 'Versions',
          description: 'Replicas by version: two lines during a rollout only.',
          unit: 'none',
          queries: [{ expr: 'count by (version, node) (podline_build_info)', legend: '{{version}} on Node {{node}}' }],
        }),
        chart({
          title: 'Age of the cluster’s figures',
          description: 'Time since the caretaker last read queues and streams. Should stay below 15 s.',
          unit: 's',
          queries: [{ expr: 'time() - max(podline_cluster_metrics_timestamp_seconds)', legend: 'age' }],
        }),
      ],
    },
  ],
});
