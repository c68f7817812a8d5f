import {
  DiscardPolicy,
  type JetStreamManager,
  nanos,
  RetentionPolicy,
  StorageType,
  type StreamConfig as NatsStreamConfig,
} from 'nats';
import type { StreamConfig } from '#shared/config/common';
import { DAY, MIB, MINUTE, SECOND } from '#shared/config/defaults';
import { QUEUES, type Queue } from '#shared/contracts/names';
import {
  ADVISORIES_STREAM,
  ADVISORIES_SUBJECTS,
  ATTEMPTS_BUCKET,
  DEAD_LETTERS_STREAM,
  DEAD_LETTERS_SUBJECTS,
  EPISODES_BUCKET,
  EVENTS_STREAM,
  EVENTS_SUBJECTS,
  FEEDS_BUCKET,
  jobPlaces,
  jobStream,
  jobSubject,
} from '#shared/contracts/subjects';
import { apiErrorCode, JS_ERROR } from './nats-errors.ts';

type StreamSpec = Partial<NatsStreamConfig> & { name: string };

/** A second publish of the same message id within this is dropped by the server; handlers don't rely on it. */
const DUPLICATE_WINDOW = nanos(2 * MINUTE);

/** The streams podline needs besides its object buckets, as data. */
export function streamSpecs(config: StreamConfig): StreamSpec[] {
  const common = { storage: StorageType.File, num_replicas: config.STREAM_REPLICAS };
  return [
    ...QUEUES.map((queue) => ({ ...common, ...queueSpec(queue, config) })),
    {
      ...common,
      name: EVENTS_STREAM,
      subjects: [EVENTS_SUBJECTS],
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_bytes: config.EVENTS_MAX_BYTES,
      max_age: nanos(config.EVENTS_MAX_AGE_SECONDS * SECOND),
      duplicate_window: DUPLICATE_WINDOW,
    },
    {
      ...common,
      name: DEAD_LETTERS_STREAM,
      subjects: [DEAD_LETTERS_SUBJECTS],
      retention: RetentionPolicy.Limits,
      // A full stream refuses the next letter, and its job stays in its queue: better late than lost.
      discard: DiscardPolicy.New,
      max_bytes: config.DEAD_LETTERS_MAX_BYTES,
      max_msgs_per_subject: 1,
      duplicate_window: DUPLICATE_WINDOW,
    },
    {
      ...common,
      name: ADVISORIES_STREAM,
      subjects: [ADVISORIES_SUBJECTS],
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_bytes: 16 * MIB,
      max_age: nanos(7 * DAY),
    },
    { ...common, ...kvSpec(ATTEMPTS_BUCKET), max_bytes: 16 * MIB, max_age: nanos(7 * DAY) },
    { ...common, ...kvSpec(EPISODES_BUCKET), max_age: nanos(config.RESULTS_MAX_AGE_SECONDS * SECOND) },
    { ...common, ...kvSpec(FEEDS_BUCKET) },
  ];
}

function queueSpec(queue: Queue, config: StreamConfig): StreamSpec {
  return {
    name: jobStream(queue),
    subjects: jobPlaces(queue).map(({ lane, turn }) => jobSubject(queue, lane, turn)),
    retention: RetentionPolicy.Workqueue,
    discard: DiscardPolicy.New,
    max_bytes: config.JOBS_MAX_BYTES,
    duplicate_window: DUPLICATE_WINDOW,
  };
}

/** The stream behind a KV bucket: the client's own call fails on servers from 2.12 on when replicas are named. */
function kvSpec(bucket: string): StreamSpec {
  return {
    name: `KV_${bucket}`,
    subjects: [`$KV.${bucket}.>`],
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    max_msgs_per_subject: 1,
    allow_rollup_hdrs: true,
    deny_delete: true,
    allow_direct: true,
  };
}

/** Creates the stream or brings it to this configuration; safe when several services start at once. */
export async function ensureStream(jsm: JetStreamManager, spec: StreamSpec): Promise<void> {
  try {
    await jsm.streams.add(spec);
  } catch (error) {
    if (apiErrorCode(error) !== JS_ERROR.streamNameInUse) throw error;
    await jsm.streams.update(spec.name, spec);
  }
}

export async function ensureStreams(jsm: JetStreamManager, config: StreamConfig): Promise<void> {
  for (const spec of streamSpecs(config)) await ensureStream(jsm, spec);
}
