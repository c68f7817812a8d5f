import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { transcriptKey } from '#shared/contracts/artifact-keys';
import type { EpisodeState, EpisodeStatus } from '#shared/contracts/episode-state';
import { PermanentError, RetryableError } from '#shared/errors';
import { type NatsServer, startNatsServer } from '../../../../test/support/nats-server.ts';
import { type StartedBucket, startBucket } from '../../../../test/support/start-bucket.ts';
import { toVtt } from '../transcription/formats/to-vtt.ts';
import { parseQuery } from './parse-query.ts';
import { searchTranscripts } from './search-transcripts.ts';

jest.setTimeout(60_000);

let nats: NatsServer;
let results: StartedBucket;

beforeAll(async () => {
  nats = await startNatsServer();
  results = await startBucket(nats.url);
  for (let day = 1; day <= 40; day++) {
    const text = `This is day ${day}. The owl is ${day % 2 === 0 ? 'asleep' : 'awake'}.`;
    await results.store.put(
      transcriptKey(`day-${day}`, 'vtt'),
      Buffer.from(toVtt({ segments: [{ start: 2, end: 6, text, chunk: 0 }] })),
    );
  }
});

afterAll(async () => {
  await results?.close();
  await nats?.stop();
});

const episode = (day: number, status: EpisodeStatus = 'done'): EpisodeState => {
  const at = new Date(Date.UTC(2026, 0, day)).toISOString();
  return {
    v: 1,
    episodeId: `day-${day}`,
    status,
    lane: 'normal',
    chunks: '#',
    errors: [],
    at: { accepted: at, changed: at },
  };
};
async function* episodes(status?: EpisodeStatus): AsyncGenerator<EpisodeState> {
  for (let day = 1; day <= 41; day++) yield episode(day, status);
}

describe('all transcripts', () => {
  test('are searched, the newest hits kept; one that is not there yet is left out', async () => {
    const found = await searchTranscripts(results.store, episodes(), parseQuery('owl asleep'), 3);
    expect(found).toMatchObject({ searched: 40, passages: 20, unreadable: [] });
    expect(found.hits.map(({ episode: { episodeId }, start }) => [episodeId, start])).toEqual([
      ['day-40', 2],
      ['day-38', 2],
      ['day-36', 2],
    ]);
  });

  test('are those of finished episodes', async () => {
    const found = await searchTranscripts(results.store, episodes('failed'), parseQuery('owl'), 3);
    expect(found).toMatchObject({ searched: 0, hits: [] });
  });

  test('are searched although one is damaged, but not when the store is away', async () => {
    const damaged = (error: Error) => ({
      read: async (key: string, options: { maxBytes: number }) => {
        if (key.startsWith('day-7/')) throw error;
        return results.store.read(key, options);
      },
    });
    const found = await searchTranscripts(
      damaged(new PermanentError('blob-too-large', 'big')),
      episodes(),
      parseQuery('owl'),
      1,
    );
    expect(found).toMatchObject({ searched: 39, unreadable: ['day-7'] });
    const away = damaged(new RetryableError('nats-unavailable', 'away'));
    await expect(searchTranscripts(away, episodes(), parseQuery('owl'), 1)).rejects.toThrow('away');
  });
});
