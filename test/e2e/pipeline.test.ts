import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type NatsConnection } from 'nats';
import { chunkTranscriptKey, manifestKey, summaryKey, transcriptKey } from '#shared/contracts/artifact-keys';
import { cutOf, manifestSchema } from '#shared/contracts/manifest';
import { transcriptSchema } from '#shared/contracts/transcript';
import { DEAD_LETTERS_STREAM, EVENTS_STREAM } from '#shared/contracts/subjects';
import { wordErrorRate } from '../../bench/eval/word-error-rate.ts';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { file, type MediaServer, startMediaServer } from '../support/media-server.ts';
import { until } from '../support/until.ts';
import { type ServiceStack, startServiceStack } from '../support/service-stack.ts';

jest.setTimeout(180_000);

const FIXTURES = join(import.meta.dirname, '..', 'fixtures');
const MAX = { maxBytes: 10_000_000 };

let media: MediaServer;
let stack: ServiceStack;
let raw: NatsConnection;

beforeAll(async () => {
  media = await startMediaServer({
    '/speech.mp3': file(join(FIXTURES, 'speech-40s.mp3')),
    '/moved.mp3': (_request, response) => void response.writeHead(302, { location: '/speech.mp3' }).end(),
  });
  stack = await startServiceStack({ DOWNLOAD_ALLOW_HOSTS: media.host, MIN_CHUNK_SECONDS: '10' });
  raw = await connect({ servers: stack.nats.url });
});

afterAll(async () => {
  await raw?.close();
  await stack?.stop();
  await media?.close();
});

const text = async (key: string): Promise<string> =>
  Buffer.from((await stack.client.results.read(key, MAX)) ?? '').toString('utf8');

const messages = async (stream: string, subject = '>'): Promise<number> => {
  const { streams } = await raw.jetstreamManager();
  const info = await streams.info(stream, { subjects_filter: subject });
  return Object.values(info.state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
};

describe('an episode published with a plain NATS message', () => {
  const episodeId = 'plain-nats';

  beforeAll(async () => {
    // What the README tells a person to type: nats pub podline.episodes '{...}'
    raw.publish(
      'podline.episodes',
      JSON.stringify({
        url: media.url('/moved.mp3'),
        id: episodeId,
        title: 'Forty seconds',
        metadata: { show: 'Test' },
        options: { chunkSeconds: 15 },
      }),
    );
    await stack.finished(episodeId);
  });

  test('ends in a transcript that says what was spoken', async () => {
    const reference = await readFile(join(FIXTURES, 'speech-40s.txt'), 'utf8');
    const { rate } = wordErrorRate(reference, await text(transcriptKey(episodeId, 'txt')));
    expect(rate).toBeLessThanOrEqual(0.08);
  });

  test('was cut into chunks that were transcribed one by one', async () => {
    const manifest = manifestSchema.parse(JSON.parse(await text(manifestKey(episodeId))));
    expect(manifest.chunks.length).toBeGreaterThanOrEqual(2);
    for (const { index } of manifest.chunks)
      expect(await stack.client.results.head(chunkTranscriptKey(episodeId, cutOf(manifest), index))).toBeDefined();
  });

  test('has its transcript in every format, with what the publisher passed along and what the work cost', async () => {
    const transcript = transcriptSchema.parse(JSON.parse(await text(transcriptKey(episodeId, 'json'))));
    expect(transcript).toMatchObject({
      title: 'Forty seconds',
      language: 'en',
      metadata: { show: 'Test' },
      providers: ['whisper'],
      models: ['tiny.en-q8_0'],
    });
    expect(transcript.figures.audioSeconds).toBeGreaterThan(30);
    expect(transcript.figures.peakMemoryBytes).toBeGreaterThan(50_000_000);
    expect(await text(transcriptKey(episodeId, 'vtt'))).toMatch(/^WEBVTT\n/);
    expect(await text(transcriptKey(episodeId, 'srt'))).toMatch(/^1\n00:00:0/);
  });

  test('has a summary', async () => {
    expect(JSON.parse(await text(summaryKey(episodeId, 'json')))).toMatchObject({
      v: 1,
      episodeId,
      provider: 'extractive',
    });
    expect((await text(summaryKey(episodeId, 'md'))).length).toBeGreaterThan(50);
  });

  test('told each change once, and left no audio, job or dead letter behind', async () => {
    const { chunks } = manifestSchema.parse(JSON.parse(await text(manifestKey(episodeId))));
    expect(await messages(EVENTS_STREAM, `podline.events.${episodeId}.>`)).toBe(4 + chunks.length);
    // The episode is done a moment before its last job is acked.
    await until(
      async () => (await messages('PODLINE_TRANSCRIBE_WHISPER')) + (await messages('PODLINE_SUMMARIZE')) === 0,
    );
    expect(await messages(DEAD_LETTERS_STREAM)).toBe(0);
    const left: string[] = [];
    for await (const { key } of stack.client.audio.list('')) left.push(key);
    expect(left).toEqual([]);
  });

  test('is not done again when it is published again', async () => {
    const before = media.hits.get('/speech.mp3');
    const events = await messages(EVENTS_STREAM);
    await publishEpisode(stack.client, { id: episodeId, url: media.url('/moved.mp3') });
    // The next episode goes through the same queue, so once it is taken in, the repetition has been handled.
    await publishEpisode(stack.client, { id: 'next', url: media.url('/nothing.mp3') });
    await stack.finished('next');
    expect(media.hits.get('/speech.mp3')).toBe(before);
    expect(await messages(EVENTS_STREAM)).toBe(events + 2);
  });
});
