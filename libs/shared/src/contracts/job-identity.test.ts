import { describe, expect, test } from '@jest/globals';
import { episodeIdOf } from './episode-id.ts';
import { identifyJob } from './job-identity.ts';
import { jobConsumer, jobStream, jobSubject } from './subjects.ts';
import { LANES, QUEUES } from './names.ts';

const bytes = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

describe('episodeIdOf', () => {
  test('is the same for the same URL, however it is written', () => {
    const ids = [
      'https://Example.com:443/a.mp3',
      'https://example.com/a.mp3#t=1',
      'https://user:pw@example.com./a.mp3',
    ];
    expect(new Set(ids.map((url) => episodeIdOf({ url }))).size).toBe(1);
  });

  test('follows feed and guid when both are known, so that a moved file keeps its id', () => {
    const feed = 'https://example.com/feed.xml';
    const before = episodeIdOf({ url: 'https://cdn1.example/a.mp3', feed, guid: 'g1' });
    expect(episodeIdOf({ url: 'https://cdn2.example/b.mp3', feed, guid: 'g1' })).toBe(before);
    expect(episodeIdOf({ url: 'https://cdn1.example/a.mp3', feed, guid: 'g2' })).not.toBe(before);
  });
});

describe('identifyJob', () => {
  test('names a chunk by episode and index', () => {
    expect(identifyJob('transcribe-whisper', bytes({ episodeId: 'e1', chunk: 7 }))).toEqual({
      episodeId: 'e1',
      chunk: 7,
      jobKey: 'e1.7',
    });
  });

  test('derives the id of a request as the request itself would', () => {
    const url = 'https://example.com/a.mp3';
    expect(identifyJob('download', bytes({ url, unknown: true })).episodeId).toBe(episodeIdOf({ url }));
  });

  test('gives a message that names nothing an id made of its bytes', () => {
    expect(identifyJob('download', bytes('<rss>')).episodeId).toMatch(/^invalid-[0-9a-f]{12}$/);
  });

  test('never lets a hostile id into a subject', () => {
    for (const id of ['a.b', '>', '*', 'a b', '../x', 'x'.repeat(65)]) {
      expect(identifyJob('download', bytes({ id })).jobKey).toMatch(/^invalid-/);
    }
  });
});

describe('the names of a queue', () => {
  test('publish to the short subject by default', () => {
    expect(LANES.map((lane) => jobSubject('download', lane))).toEqual([
      'podline.episodes.high',
      'podline.episodes',
      'podline.episodes.bulk',
    ]);
  });

  test('are different for every queue and lane', () => {
    const names = QUEUES.flatMap((queue) =>
      LANES.map((lane) => `${jobStream(queue)} ${jobConsumer(queue, lane)} ${jobSubject(queue, lane)}`),
    );
    expect(new Set(names).size).toBe(QUEUES.length * LANES.length);
  });
});
