import type { JsMsg } from 'nats';
import type { DeadLetter } from '#shared/contracts/dead-letter';
import type { JobIdentity } from '#shared/contracts/job-identity';
import type { Queue } from '#shared/contracts/names';
import { HOST } from './publish.ts';

/**
 * Largest message kept whole, in bytes. The largest job, 23 minutes of chopped speech, has a tenth of it, and the letter with
 * it in base64 stays below NATS' usual limit of a message (1 MiB): a letter that can't be stored would leave its job in
 * the queue for ever.
 */
const MAX_DATA_BYTES = 512 * 1024;
/** What is kept of a larger one. */
const KEPT_BYTES = 16 * 1024;
/** Most headers kept, in characters of JSON. */
const MAX_HEADERS = 64 * 1024;
/** Longest error text kept, in characters. */
const MAX_MESSAGE = 2000;

export interface Death {
  queue: Queue;
  identity: JobIdentity;
  error: { reason: string; message: string };
  /** The first error of the job, where this replica has seen it. */
  firstMessage: string | undefined;
}

/** The dead letter of a job: everything that is known of it, never more than a stream takes. */
export function deadLetterOf(message: JsMsg, { queue, identity, error, firstMessage }: Death): DeadLetter {
  const truncated = message.data.length > MAX_DATA_BYTES;
  const data = truncated ? message.data.subarray(0, KEPT_BYTES) : message.data;
  const headers = headersOf(message);
  return {
    v: 1,
    queue,
    jobKey: identity.jobKey,
    episodeId: identity.episodeId,
    ...(identity.chunk === undefined ? {} : { chunk: identity.chunk }),
    reason: error.reason,
    message: bounded(error.message),
    ...(firstMessage === undefined || firstMessage === error.message ? {} : { firstMessage: bounded(firstMessage) }),
    deliveries: message.info.deliveryCount,
    host: HOST,
    at: new Date().toISOString(),
    original: {
      subject: message.subject,
      headers,
      data: Buffer.from(data).toString('base64'),
      ...(truncated ? { truncated: true } : {}),
    },
  };
}

/** podline's own headers are short; a message with more than this is somebody's trick, and keeps none. */
function headersOf(message: JsMsg): Record<string, string[]> {
  const headers = Object.fromEntries(
    (message.headers?.keys() ?? []).map((name) => [name, message.headers?.values(name) ?? []]),
  );
  return JSON.stringify(headers).length > MAX_HEADERS ? {} : headers;
}

function bounded(text: string): string {
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
}
