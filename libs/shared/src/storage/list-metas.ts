import type { NatsConnection } from 'nats';
import { newestMeta } from './bucket-messages.ts';
import { subjectPages } from './bucket-subjects.ts';
import { allMetas, isLive, keyOf, type StoredMeta } from './object-meta.ts';

/** Requests under way: enough to hide the way to the server, too few to crowd it. */
const IN_FLIGHT = 32;

/**
 * The objects of a bucket whose keys begin with `prefix`, each asked for by name: what comes, changes or goes meanwhile
 * does not disturb the others. In bounded memory.
 */
export async function* listMetas(
  connection: NatsConnection,
  bucket: string,
  prefix: string,
): AsyncGenerator<StoredMeta> {
  for await (const { subjects } of subjectPages(connection, bucket, allMetas(bucket))) {
    const wanted = subjects.filter((subject) => keyOf(bucket, subject).startsWith(prefix));
    for await (const stored of eachMeta(connection, bucket, wanted)) if (isLive(stored)) yield stored;
  }
}

async function* eachMeta(
  connection: NatsConnection,
  bucket: string,
  subjects: string[],
): AsyncGenerator<StoredMeta | undefined> {
  const underWay: Array<Promise<StoredMeta | undefined>> = [];
  for (const subject of subjects) {
    const meta = newestMeta(connection, bucket, subject);
    // It is looked at in its turn, which does not come when one before it fails.
    meta.catch(() => undefined);
    underWay.push(meta);
    if (underWay.length === IN_FLIGHT) yield await underWay.shift();
  }
  for (const meta of underWay) yield await meta;
}
