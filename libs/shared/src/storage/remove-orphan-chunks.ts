import type { NatsConnection } from 'nats';
import { newestStoredAt, purgeChunks } from './bucket-messages.ts';
import { subjectPages } from './bucket-subjects.ts';
import { listMetas } from './list-metas.ts';
import { allChunks, chunkSubject, nuidOf } from './object-meta.ts';

export interface BucketConnection {
  connection: NatsConnection;
  bucket: string;
}

/**
 * Removes the chunks of objects that never became visible: of writers that were killed. An object counts as abandoned when
 * no meta message names it and its newest chunk is older than `olderThanMs`; so `olderThanMs` must be longer than a writer
 * may pause (`sourcePauseMs`), else the chunks of a writer at work are taken from it.
 * @returns how many unfinished objects were removed.
 */
export async function removeOrphanChunks(store: BucketConnection, olderThanMs: number): Promise<number> {
  return removeChunks(store, (now) => now - olderThanMs);
}

/** As `removeOrphanChunks`, by the time (epoch milliseconds) since which nothing may have been added. */
export async function removeChunksBefore(store: BucketConnection, before: number): Promise<number> {
  return removeChunks(store, () => before);
}

async function removeChunks(store: BucketConnection, beforeAt: (now: number) => number): Promise<number> {
  let removed = 0;
  for await (const { subjects, serverTime } of subjectPages(store.connection, store.bucket, allChunks(store.bucket))) {
    // Chunks carry the server's time: this machine's clock is the second choice.
    const now = serverTime?.getTime() ?? Date.now();
    removed += await removeAbandoned(
      store,
      new Set(subjects.map((subject) => nuidOf(store.bucket, subject))),
      beforeAt(now),
    );
  }
  return removed;
}

/**
 * The metas are read after the subjects: what became visible in between is found named. And the age is looked at after
 * the metas: what becomes visible later has a chunk that is too young.
 */
async function removeAbandoned(store: BucketConnection, nuids: Set<string>, before: number): Promise<number> {
  if (nuids.size === 0) return 0;
  const { connection, bucket } = store;
  for await (const { meta } of listMetas(connection, bucket, '')) nuids.delete(meta.nuid);
  let removed = 0;
  for (const nuid of nuids) {
    const newest = await newestStoredAt(connection, bucket, chunkSubject(bucket, nuid));
    if (newest === undefined || newest.getTime() >= before) continue;
    await purgeChunks(connection, bucket, nuid);
    removed += 1;
  }
  return removed;
}
