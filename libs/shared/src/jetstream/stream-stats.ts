import type { JetStreamManager } from 'nats';
import { QUEUES } from '#shared/contracts/names';
import {
  ADVISORIES_STREAM,
  ATTEMPTS_BUCKET,
  AUDIO_BUCKET,
  DEAD_LETTERS_STREAM,
  EPISODES_BUCKET,
  EVENTS_STREAM,
  jobStream,
  RESULTS_BUCKET,
} from '#shared/contracts/subjects';
import { apiErrorCode, fromNats, JS_ERROR } from './nats-errors.ts';

export interface StreamStats {
  stream: string;
  bytes: number;
  /** undefined where the stream has no limit of its own. */
  maxBytes: number | undefined;
  messages: number;
}

export interface StorageStats {
  bytes: number;
  /** -1 where the account has no limit of its own. */
  limitBytes: number;
}

/** By name, not by listing: an account may hold streams that are no business of podline's. */
const STREAMS = [
  ...QUEUES.map(jobStream),
  EVENTS_STREAM,
  DEAD_LETTERS_STREAM,
  ADVISORIES_STREAM,
  `KV_${ATTEMPTS_BUCKET}`,
  `KV_${EPISODES_BUCKET}`,
  `OBJ_${AUDIO_BUCKET}`,
  `OBJ_${RESULTS_BUCKET}`,
];

/** Size of every stream and bucket of podline that exists. */
export async function readStreamStats(jsm: JetStreamManager): Promise<StreamStats[]> {
  const all = await Promise.all(STREAMS.map((stream) => streamStats(jsm, stream)));
  return all.filter((stats) => stats !== undefined);
}

async function streamStats(jsm: JetStreamManager, stream: string): Promise<StreamStats | undefined> {
  try {
    const { config, state } = await jsm.streams.info(stream);
    const maxBytes = config.max_bytes > 0 ? config.max_bytes : undefined;
    return { stream, bytes: state.bytes, maxBytes, messages: state.messages };
  } catch (error) {
    if (apiErrorCode(error) === JS_ERROR.streamNotFound) return undefined;
    throw fromNats(error);
  }
}

export async function readStorageStats(jsm: JetStreamManager): Promise<StorageStats> {
  try {
    const { storage, limits } = await jsm.getAccountInfo();
    return { bytes: storage, limitBytes: limits.max_storage };
  } catch (error) {
    throw fromNats(error);
  }
}
