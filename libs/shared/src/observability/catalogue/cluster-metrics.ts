import type { MetricSpec } from './metric-spec.ts';

const CARETAKER = ['caretaker'] as const;

/** What JetStream knows, told by the caretaker alone. Should two caretakers run, both tell the same: take the `max`. */
export const CLUSTER_METRICS = {
  podline_queue_waiting_jobs: {
    type: 'gauge',
    help: 'Jobs nobody has begun.',
    labels: ['queue', 'lane'],
    from: CARETAKER,
  },
  podline_queue_unacked_jobs: {
    type: 'gauge',
    help: 'Jobs that were handed out and are not settled: at work, or waiting to be tried again.',
    labels: ['queue', 'lane'],
    from: CARETAKER,
  },
  podline_queue_redelivered_jobs: {
    type: 'gauge',
    help: 'Unsettled jobs that were handed out more than once.',
    labels: ['queue', 'lane'],
    from: CARETAKER,
  },
  podline_queue_oldest_job_age_seconds: {
    type: 'gauge',
    help: 'Age of the oldest job that is not settled; 0 where there is none.',
    labels: ['queue'],
    from: CARETAKER,
  },
  podline_queue_consumer_missing: {
    type: 'gauge',
    help: '1 where a durable consumer of a lane does not exist, so that nobody can take its jobs.',
    labels: ['queue', 'lane'],
    from: CARETAKER,
  },
  podline_stream_bytes: {
    type: 'gauge',
    help: 'Size of each stream and bucket of podline.',
    labels: ['stream'],
    from: CARETAKER,
  },
  podline_stream_max_bytes: {
    type: 'gauge',
    help: 'Largest size of each stream and bucket; absent where it has none.',
    labels: ['stream'],
    from: CARETAKER,
  },
  podline_stream_messages: {
    type: 'gauge',
    help: 'Messages in each stream and bucket.',
    labels: ['stream'],
    from: CARETAKER,
  },
  podline_jetstream_storage_bytes: {
    type: 'gauge',
    help: 'File storage the account uses in JetStream.',
    labels: [],
    from: CARETAKER,
  },
  podline_jetstream_storage_limit_bytes: {
    type: 'gauge',
    help: 'File storage the account may use in JetStream; -1 where it has no limit of its own.',
    labels: [],
    from: CARETAKER,
  },
  podline_dead_letters: {
    type: 'gauge',
    help: 'Dead letters that wait for somebody to replay or drop them.',
    labels: ['queue', 'reason'],
    from: CARETAKER,
  },
  podline_episodes: {
    type: 'gauge',
    help: 'Episodes podline knows, by status.',
    labels: ['status'],
    from: CARETAKER,
  },
  podline_episode_oldest_change_age_seconds: {
    type: 'gauge',
    help: 'Time since the last change of the unfinished episode that has not changed for longest; 0 where there is none.',
    labels: [],
    from: CARETAKER,
  },
  podline_episodes_stuck: {
    type: 'gauge',
    help: 'Unfinished episodes whose state has not changed for an hour.',
    labels: [],
    from: CARETAKER,
  },
  podline_cluster_metrics_timestamp_seconds: {
    type: 'gauge',
    help: 'When the figures of this group were last read from JetStream, in seconds since 1970.',
    labels: [],
    from: CARETAKER,
  },
} as const satisfies Record<string, MetricSpec>;
