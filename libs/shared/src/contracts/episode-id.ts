import { createHash } from 'node:crypto';
import { z } from 'zod';

/** 1 to 64 letters, digits, `_` or `-`: safe in a subject, a KV key, a path and a URL. */
export const episodeIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, "_" or "-"')
  .describe('Stable id of the episode');

/**
 * The stable id of an episode: from feed and guid where both are known, else from the normalised audio URL.
 * 20 hexadecimal digits (80 bits) of a SHA-256: two of a billion episodes collide with a chance below 1e-6.
 */
export function episodeIdOf(source: { url: string; feed?: string | undefined; guid?: string | undefined }): string {
  const identity =
    source.feed !== undefined && source.guid !== undefined
      ? `feed\n${normaliseUrl(source.feed)}\n${source.guid.trim()}`
      : `url\n${normaliseUrl(source.url)}`;
  return createHash('sha256').update(identity).digest('hex').slice(0, 20);
}

/** Host in lower case, no default port, fragment or trailing dot: what WHATWG URL does, minus the fragment. */
export function normaliseUrl(url: string): string {
  const parsed = new URL(url);
  parsed.hash = '';
  parsed.username = '';
  parsed.password = '';
  parsed.hostname = parsed.hostname.replace(/\.$/, '');
  return parsed.href;
}
