import { createHash } from 'node:crypto';
import { z } from 'zod';
import { episodeIdOf, episodeIdSchema } from './episode-id.ts';
import type { Queue } from './names.ts';

export interface JobIdentity {
  episodeId: string;
  chunk?: number;
  /** Names the job inside its queue; safe as the tail of a subject. */
  jobKey: string;
}

const loose = z.object({
  episodeId: episodeIdSchema.optional().catch(undefined),
  id: episodeIdSchema.optional().catch(undefined),
  url: z.string().optional().catch(undefined),
  feed: z.string().optional().catch(undefined),
  guid: z.string().optional().catch(undefined),
  chunk: z.int().min(0).max(99_999).optional().catch(undefined),
});

/**
 * Whose job a message is, as well as a broken message lets one say: its error has to show up at an episode, and its
 * dead letter under a subject of its own. A message that names no episode gets an id made from its bytes.
 */
export function identifyJob(queue: Queue, data: Uint8Array): JobIdentity {
  const fields = loose.safeParse(tryJson(data)).data ?? {};
  const episodeId =
    fields.episodeId ??
    fields.id ??
    idFromUrl(fields) ??
    `invalid-${createHash('sha256').update(data).digest('hex').slice(0, 12)}`;
  if (queue === 'webhook' && fields.id !== undefined) return { episodeId, jobKey: `${episodeId}.${fields.id}` };
  if (!queue.startsWith('transcribe') || fields.chunk === undefined) return { episodeId, jobKey: episodeId };
  return { episodeId, chunk: fields.chunk, jobKey: `${episodeId}.${fields.chunk}` };
}

function idFromUrl(fields: z.output<typeof loose>): string | undefined {
  if (fields.url === undefined) return undefined;
  try {
    return episodeIdOf({ url: fields.url, feed: fields.feed, guid: fields.guid });
  } catch {
    return undefined;
  }
}

function tryJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data).toString('utf8'));
  } catch {
    return undefined;
  }
}
