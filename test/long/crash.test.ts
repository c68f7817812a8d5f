import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { transcriptKey } from '#shared/contracts/artifact-keys';
import { transcriptSchema } from '#shared/contracts/transcript';
import { readJson } from '#shared/storage/json-blobs';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { CreationAudit } from '../chaos/creation-audit.ts';
import { type EngineCall, readEngineLog } from '../chaos/engine-log.ts';
import { FAKE_MODEL } from '../support/fake-models.ts';
import { until } from '../support/until.ts';
import { body, type MediaRoute } from '../support/media-server.ts';
import { openReplicaStage, type ReplicaStage } from '../support/replica-stage.ts';
import type { ServiceReplica } from '../support/service-replica.ts';
import { tonePcm, wav } from '../support/tone-episode.ts';

jest.setTimeout(120_000);

const MAX_BYTES = 10_000_000;
const SECONDS = 24;
const CHUNK_SECONDS = 12;

let stage: ReplicaStage;
let audit: CreationAudit;
/** Requests for `/slow.wav`; the first one is answered with half the file, and then with nothing. */
let slow: ServerResponse[] = [];

const tones = wav(tonePcm(1, SECONDS));
const half: MediaRoute = (_request, response) => {
  slow.push(response);
  response.writeHead(200, { 'content-type': 'audio/wav', 'content-length': tones.length });
  if (slow.length === 1) response.write(tones.subarray(0, tones.length / 2));
  else response.end(tones);
};

beforeAll(async () => {
  // A chunk takes its engine 3 s: long enough to be met at it.
  stage = await openReplicaStage({
    routes: { '/tones.wav': body(tones, 'audio/wav'), '/slow.wav': half },
    env: { ACK_WAIT_SECONDS: '2', FAKE_WHISPER_SPEED: '4', WHISPER_WORKERS: '1' },
  });
  // The first service prepares streams and buckets.
  await stage.launch('summarizer');
  audit = await CreationAudit.start(stage.connection);
});

afterAll(async () => {
  await audit?.stop();
  await stage?.close();
});

const publish = (id: string, path = '/tones.wav'): Promise<string> =>
  publishEpisode(stage.client, {
    id,
    url: stage.media.url(path),
    options: { chunkSeconds: CHUNK_SECONDS, model: FAKE_MODEL },
  });

/** The calls since the engine log had so many. */
const calls = async (from = 0): Promise<EngineCall[]> => (await readEngineLog(stage.engineLog)).slice(from);

const wordsOf = async (id: string): Promise<string[]> => {
  const transcript = await readJson(stage.client.results, transcriptKey(id, 'json'), transcriptSchema, MAX_BYTES);
  return transcript?.segments.flatMap(({ text }) => text.match(/w[0-9a-f]{10}/g) ?? []) ?? [];
};

/** Ends replicas politely: what they were at is settled then. */
const end = async (...replicas: ServiceReplica[]): Promise<void> => {
  for (const replica of replicas) replica.signal('SIGTERM');
  await Promise.all(replicas.map(({ ended }) => ended));
};

const expectWhole = async (id: string): Promise<void> => {
  expect(await stage.finished(id)).toMatchObject({ status: 'done', errors: [] });
  const words = await wordsOf(id);
  expect(words).toHaveLength(new Set(words).size);
  expect(words.length).toBeGreaterThanOrEqual(SECONDS - 2);
  expect((await audit.read()).doubled).toEqual([]);
};

describe('a downloader', () => {
  test('that is killed in the middle of a download is replaced', async () => {
    slow = [];
    const first = await stage.launch('downloader');
    await publish('killed-download', '/slow.wav');
    await until(() => slow.length === 1, 'the first download');
    first.signal('SIGKILL');
    await first.ended;
    const second = await stage.launch('downloader');
    await until(() => slow.length === 2, 'the second download');
    const transcriber = await stage.launch('transcriber-whisper');
    await expectWhole('killed-download');
    await end(second, transcriber);
  });

  test('that is frozen, replaced and thawed changes nothing', async () => {
    slow = [];
    const first = await stage.launch('downloader');
    await publish('frozen-download', '/slow.wav');
    await until(() => slow.length === 1, 'the first download');
    first.signal('SIGSTOP');
    slow[0]?.end(tones.subarray(tones.length / 2));
    const second = await stage.launch('downloader');
    await until(() => slow.length === 2, 'the second download');
    const transcriber = await stage.launch('transcriber-whisper');
    await expectWhole('frozen-download');
    first.signal('SIGCONT');
    await end(first, second, transcriber);
    await expectWhole('frozen-download');
  });
});

describe('a transcriber', () => {
  let downloader: ServiceReplica;
  beforeAll(async () => {
    downloader = await stage.launch('downloader');
  });
  afterAll(() => end(downloader));

  test('that is killed at a chunk is replaced, and only that chunk is heard again', async () => {
    const before = (await calls()).length;
    const first = await stage.launch('transcriber-whisper');
    await publish('killed-chunk');
    await until(async () => (await calls(before)).length === 1, 'the first chunk');
    first.signal('SIGKILL');
    await first.ended;
    const second = await stage.launch('transcriber-whisper');
    await expectWhole('killed-chunk');
    expect(await calls(before)).toHaveLength(3);
    await end(second);
  });

  test('that is frozen at a chunk, replaced and thawed doubles nothing', async () => {
    const before = (await calls()).length;
    const first = await stage.launch('transcriber-whisper');
    await publish('frozen-chunk');
    await until(async () => (await calls(before)).length === 1, 'the first chunk');
    first.signal('SIGSTOP');
    const second = await stage.launch('transcriber-whisper');
    await expectWhole('frozen-chunk');
    first.signal('SIGCONT');
    await end(first, second);
    await expectWhole('frozen-chunk');
    expect((await calls(before)).length).toBeLessThanOrEqual(4);
  });

  test.each(['SIGKILL', 'SIGSTOP'] as const)('whose engine gets a %s tries the chunk again', async (signal) => {
    const before = (await calls()).length;
    const transcriber = await stage.launch('transcriber-whisper', {
      CHUNK_TIMEOUT_PER_SECOND: '0.1',
      CHUNK_TIMEOUT_CONSTANT_SECONDS: '6',
    });
    const id = `engine-${signal.toLowerCase()}`;
    await publish(id);
    await until(async () => (await calls(before)).length === 1, 'the first chunk');
    process.kill((await calls(before))[0]?.engine ?? 0, signal);
    await expectWhole(id);
    expect(await calls(before)).toHaveLength(3);
    await end(transcriber);
  });

  test('whose engine spews hears every word all the same', async () => {
    const transcriber = await stage.launch('transcriber-whisper', { FAKE_WHISPER_SPEW: String(20_000_000) });
    await publish('engine-spews');
    await expectWhole('engine-spews');
    await end(transcriber);
  });

  test('that is asked to stop gives its chunk back at once when its grace is over', async () => {
    const before = (await calls()).length;
    // Were the chunk not given back, nobody would get it before a minute is over.
    const first = await stage.launch('transcriber-whisper', { ACK_WAIT_SECONDS: '60', SHUTDOWN_GRACE_SECONDS: '0' });
    await publish('given-back');
    await until(async () => (await calls(before)).length === 1, 'the first chunk');
    await end(first);
    const second = await stage.launch('transcriber-whisper', { ACK_WAIT_SECONDS: '60' });
    await expectWhole('given-back');
    await end(second);
  });
});

describe('a summarizer', () => {
  test('that is killed is replaced', async () => {
    const services = [await stage.launch('downloader'), await stage.launch('transcriber-whisper')];
    const summarizer = await stage.launch('summarizer');
    const transcribed = stage.connection.subscribe('podline.events.killed-summary.transcribed', { max: 1 });
    await publish('killed-summary');
    for await (const _ of transcribed) summarizer.signal('SIGKILL');
    await expectWhole('killed-summary');
    await end(...services);
  });
});
