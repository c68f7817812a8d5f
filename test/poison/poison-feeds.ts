import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { resolveSource } from '../../apps/cli/src/source/resolve-source.ts';
import { UsageError } from '../../apps/cli/src/usage-error.ts';
import { asError } from '#shared/errors';
import { body, type MediaRoute } from '../support/media-server.ts';
import { billionLaughs } from './forged-files.ts';
import { mutatedBytes } from './mutate-bytes.ts';
import type { PoisonStack } from './poison-stack.ts';

const MIB = 1024 ** 2;

const GOOD = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>A show</title>
<item><title>One</title><guid>g1</guid><pubDate>Mon, 05 Jan 2026 06:00:00 GMT</pubDate>
<enclosure url="https://example.com/1.mp3" type="audio/mpeg" length="10"/></item>
<item><title>Two</title><guid isPermaLink="false">g2</guid><pubDate>no date</pubDate>
<enclosure url="/2.mp3" type="audio/mpeg" length="x"/></item></channel></rss>`;

const item = (inside: string): string => GOOD.replace('<item>', `<item>${inside}</item><item>`);

/** Feeds made to do harm. */
const FORGED: readonly (readonly [content: string | Buffer, encoding?: string])[] = [
  [billionLaughs('rss')],
  [item('<enclosure url="http://["/>')],
  [item('<enclosure url="file:///etc/passwd"/>')],
  [item('<title>\u001b[2J../../x</title><enclosure url="http://user:secretpass@[::1/a"/>')],
  [`<rss version="2.0"><channel>${'<item>'.repeat(50_000)}`],
  ['<rss a="'.repeat(1000)],
  [GOOD.replace('g1', 'g'.repeat(3 * MIB))],
  [gzipSync(Buffer.concat([Buffer.from(GOOD), Buffer.alloc(80 * MIB, ' ')])), 'gzip'],
  [Buffer.from(GOOD), 'gzip'],
  [gzipSync(Buffer.from(GOOD)).subarray(0, 60), 'gzip'],
];

export function feedRoutes(count: number, seed: number): Record<string, MediaRoute> {
  const mutated = fc.sample(mutatedBytes([Buffer.from(GOOD)]), { numRuns: count, seed });
  const contents = [...FORGED, ...mutated.map((bytes) => [bytes] as const)].slice(0, count);
  return Object.fromEntries(
    contents
      .map(([content, encoding]) =>
        encoding === undefined ? body(content, 'application/rss+xml') : encoded(content, encoding),
      )
      .map((route, number) => [`/feed-${number}`, route]),
  );
}

/** Reads them as `podline submit` does. @returns what went wrong in other ways than it should. */
export async function readFeeds(stack: PoisonStack, count: number): Promise<string[]> {
  const trouble: string[] = [];
  for (let number = 0; number < count; number++) {
    try {
      const episodes = await resolveSource(stack.media.url(`/feed-${number}`), 3, stack.client.audio);
      if (episodes.length === 0 || episodes.length > 3) trouble.push(`feed ${number}: ${episodes.length} episodes`);
    } catch (error) {
      if (!(error instanceof UsageError)) trouble.push(`feed ${number}: ${asError(error).stack}`);
    }
  }
  return trouble;
}

function encoded(content: string | Buffer, encoding: string): MediaRoute {
  return (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/rss+xml', 'content-encoding': encoding }).end(content);
}
