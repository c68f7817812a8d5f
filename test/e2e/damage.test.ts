import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { audioPrefix, manifestKey, summaryKey, transcriptKey } from '#shared/contracts/artifact-keys';
import { EPISODES_BUCKET } from '#shared/contracts/subjects';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { readEngineLog } from '../chaos/engine-log.ts';
import { chunkKey } from '../support/chunk-key.ts';
import { FAKE_MODEL } from '../support/fake-models.ts';
import { body, type MediaRoute } from '../support/media-server.ts';
import { openReplicaStage, type ReplicaStage } from '../support/replica-stage.ts';
import { tonePcm, wav } from '../support/tone-episode.ts';

jest.setTimeout(120_000);

const MAX_BYTES = 10_000_000;
const SECONDS = 24;
const CHUNK_SECONDS = 12;
const DAMAGE = Buffer.from('{"v":1,"epi');

let stage: ReplicaStage;

/** As a host that inserts advertisements: the second download is another one. */
let downloads = 0;
const changing: MediaRoute = (request, response) =>
  body(wav(tonePcm(++downloads, SECONDS)), 'audio/wav')(request, response);

beforeAll(async () => {
  stage = await openReplicaStage({
    routes: { '/same.wav': body(wav(tonePcm(9, SECONDS)), 'audio/wav'), '/changing.wav': changing },
    env: { WHISPER_WORKERS: '1' },
  });
  await stage.launch('downloader');
});

afterAll(() => stage?.close());

const publish = (id: string, path = '/same.wav'): Promise<string> =>
  publishEpisode(stage.client, {
    id,
    url: stage.media.url(path),
    options: { chunkSeconds: CHUNK_SECONDS, model: FAKE_MODEL },
  });

const heard = async (): Promise<number> => (await readEngineLog(stage.engineLog)).length;

const text = async (key: string): Promise<string> =>
  Buffer.from((await stage.client.results.read(key, { maxBytes: MAX_BYTES })) ?? []).toString();

/** As if the episode had stopped before it was merged, and somebody had lost its state besides. */
const undo = async (id: string): Promise<void> => {
  const { results } = stage.client;
  const states = await stage.connection.jetstream().views.kv(EPISODES_BUCKET, { bindOnly: true });
  await states.delete(id);
  for (const format of ['json', 'txt', 'srt', 'vtt'] as const) await results.delete(transcriptKey(id, format));
  for (const format of ['json', 'md'] as const) await results.delete(summaryKey(id, format));
};

describe('two downloads of one episode that differ', () => {
  test('never mix: jobs of the first are of no use any more', async () => {
    const { client } = stage;
    const cut = new AbortController();
    await publish('changing', '/changing.wav');
    const queued = await untilCut('changing', cut.signal);
    expect(queued).toBe('..');
    for await (const { key } of client.audio.list(audioPrefix('changing'))) await client.audio.delete(key);
    const first = await stage.client.results.read(manifestKey('changing'), { maxBytes: MAX_BYTES });
    await publish('changing', '/changing.wav');
    // Jobs of both downloads wait now; whoever takes the first ones finds that they are of no use.
    await stage.launch('transcriber-whisper');
    await stage.launch('summarizer');
    expect(await stage.finished('changing')).toMatchObject({ status: 'done', errors: [], chunks: '##' });
    expect(downloads).toBe(2);
    expect(await stage.client.results.read(manifestKey('changing'), { maxBytes: MAX_BYTES })).not.toEqual(first);
    expect(await heard()).toBe(2);
  });
});

describe('an episode whose artifacts are damaged', () => {
  let transcript: string;
  beforeAll(async () => {
    await publish('damaged');
    expect(await stage.finished('damaged')).toMatchObject({ status: 'done' });
    transcript = await text(transcriptKey('damaged', 'json'));
  });

  test('hears a chunk again whose transcript is damaged, and no other', async () => {
    const before = await heard();
    await stage.client.results.put(await chunkKey(stage.client.results, 'damaged', 1), DAMAGE);
    await undo('damaged');
    await publish('damaged');
    expect(await stage.finished('damaged')).toMatchObject({ status: 'done', errors: [] });
    expect((await heard()) - before).toBe(1);
    expect(withoutFigures(await text(transcriptKey('damaged', 'json')))).toEqual(withoutFigures(transcript));
  });

  test('hears nothing again where only its manifest and summary are damaged', async () => {
    const before = await heard();
    await undo('damaged');
    await stage.client.results.put(manifestKey('damaged'), DAMAGE);
    await stage.client.results.put(summaryKey('damaged', 'json'), DAMAGE);
    await publish('damaged');
    expect(await stage.finished('damaged')).toMatchObject({ status: 'done', errors: [] });
    expect(await heard()).toBe(before);
    expect(JSON.parse(await text(summaryKey('damaged', 'json')))).toMatchObject({ episodeId: 'damaged' });
  });

  test('merges again where its transcript is damaged before it is summarized', async () => {
    const before = await heard();
    await undo('damaged');
    await stage.client.results.put(transcriptKey('damaged', 'json'), DAMAGE);
    await publish('damaged');
    expect(await stage.finished('damaged')).toMatchObject({ status: 'done', errors: [] });
    expect(await heard()).toBe(before);
    expect(withoutFigures(await text(transcriptKey('damaged', 'json')))).toEqual(withoutFigures(transcript));
  });
});

/** Resolves when the episode is cut. @returns its chunks' marks. */
async function untilCut(id: string, signal: AbortSignal): Promise<string> {
  for await (const state of stage.client.episodes.watch(id, signal)) {
    if (state.chunks !== '') return state.chunks;
  }
  return '';
}

/** A chunk heard again took another time. */
function withoutFigures(json: string): unknown {
  const { figures: _, ...rest } = JSON.parse(json) as Record<string, unknown>;
  return rest;
}
