import { describe, expect, test } from '@jest/globals';
import { PermanentError } from '#shared/errors';
import { CORPUS_BASE, type CorpusFeed } from '../../../../test/support/feed-corpus/corpus-feed.ts';
import { FEED_CORPUS } from '../../../../test/support/feed-corpus/feed-corpus.ts';
import { decodeFeed } from './decode-feed.ts';
import { parseFeed } from './parse-feed.ts';

const parse = ({ bytes, charset }: CorpusFeed) => parseFeed(decodeFeed(bytes, charset), CORPUS_BASE);

describe('parseFeed', () => {
  test.each(FEED_CORPUS.map((feed) => [feed.name, feed] as const))('reads %s', async (_name, feed) => {
    const { expected } = feed;
    if ('refused' in expected) {
      const failure = parse(feed);
      await expect(failure).rejects.toThrow(PermanentError);
      await expect(failure).rejects.toMatchObject({ reason: expected.refused });
      return;
    }
    const { items, title, withoutAudio, unreadable, complete } = await parse(feed);
    expect(items).toHaveLength(expected.items);
    expect({ withoutAudio, unreadable, complete }).toEqual({
      withoutAudio: expected.withoutAudio ?? 0,
      unreadable: expected.unreadable ?? 0,
      complete: expected.complete ?? true,
    });
    if (expected.first) expect(items[0]).toMatchObject(expected.first);
    if (expected.title !== undefined) expect(title).toBe(expected.title);
  });

  test('has a corpus of more than forty feeds', () => {
    expect(new Set(FEED_CORPUS.map(({ name }) => name)).size).toBe(FEED_CORPUS.length);
    expect(FEED_CORPUS.length).toBeGreaterThan(60);
  });
});
