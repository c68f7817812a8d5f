import type { NatsConnection } from 'nats';
import { z } from 'zod';
import { fromNats } from '#shared/jetstream/nats-errors';
import { bucketStream } from './object-meta.ts';
import { unavailable } from './storage-errors.ts';

/** Milliseconds for a page: 100,000 subjects, which is the server's own limit and bounds the memory here. */
const PAGE_TIMEOUT_MS = 30_000;
/** What is deleted between two pages moves the second one up: they overlap, so that nothing is missed. */
const OVERLAP = 10_000;

const pageSchema = z.object({
  ts: z.string().optional(),
  total: z.number().default(0),
  state: z.object({ subjects: z.record(z.string(), z.number()).nullish() }).default({}),
  error: z.object({ description: z.string().default('no reason given') }).optional(),
});

export interface SubjectsPage {
  subjects: string[];
  /** The server's clock, where it tells it (2.10 and newer). */
  serverTime: Date | undefined;
}

/**
 * The subjects of a bucket, page by page; some come twice when there are several pages. The server has them in memory. And
 * they are certain, which the messages of a consumer with a wildcard are not: on 2.9 it skips messages when an object is
 * replaced meanwhile, and one of the last message of each subject stops early even on 2.15.
 */
export async function* subjectPages(
  connection: NatsConnection,
  bucket: string,
  filter: string,
): AsyncGenerator<SubjectsPage> {
  for (let offset = 0; ;) {
    const { total, subjects, serverTime } = await subjectsPage(connection, bucket, { subjects_filter: filter, offset });
    yield { subjects, serverTime };
    if (offset + subjects.length >= total || subjects.length <= OVERLAP) return;
    offset += subjects.length - OVERLAP;
  }
}

async function subjectsPage(
  connection: NatsConnection,
  bucket: string,
  query: { subjects_filter: string; offset: number },
): Promise<SubjectsPage & { total: number }> {
  try {
    const answer = await connection.request(`$JS.API.STREAM.INFO.${bucketStream(bucket)}`, JSON.stringify(query), {
      timeout: PAGE_TIMEOUT_MS,
    });
    const { error, state, total, ts } = pageSchema.parse(answer.json());
    if (error !== undefined) throw unavailable(`NATS did not list bucket "${bucket}": ${error.description}.`);
    return {
      subjects: Object.keys(state.subjects ?? {}),
      total,
      serverTime: ts === undefined ? undefined : new Date(ts),
    };
  } catch (error) {
    throw fromNats(error);
  }
}
