import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import { connect, type NatsConnection } from 'nats';
import { manifestKey } from '#shared/contracts/artifact-keys';
import { manifestSchema } from '#shared/contracts/manifest';
import { DEAD_LETTERS_STREAM, jobStream } from '#shared/contracts/subjects';
import { readJson } from '#shared/storage/json-blobs';
import { findPaths } from '../../apps/cli/src/paths.ts';
import { writeResults } from '../../apps/cli/src/write-results.ts';
import { prepareFakeEngine } from '../support/fake-models.ts';
import { findSecret } from '../support/find-secret.ts';
import { until } from '../support/until.ts';
import { file, type MediaServer, startMediaServer } from '../support/media-server.ts';
import { type ServiceStack, startServiceStack } from '../support/service-stack.ts';

jest.setTimeout(120_000);

const SPEECH = join(import.meta.dirname, '..', 'fixtures', 'speech-12s.flac');
const SECRET = 'secretpass';
const AUTHORIZATION = `Basic ${Buffer.from(`user:${SECRET}`).toString('base64')}`;
const HOSTILE_TITLE = '\u001b[2J\u001b]0;owned\u0007../../../etc/cron.d/\u202etxt';

let media: MediaServer;
let stack: ServiceStack;
let raw: NatsConnection;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-credentials-'));
  const speech = file(SPEECH, 'audio/flac');
  media = await startMediaServer({
    '/private.flac': (request, response) =>
      request.headers.authorization === AUTHORIZATION ? speech(request, response) : void response.writeHead(401).end(),
    '/moved.flac': (_request, response) => void response.writeHead(302, { location: '/private.flac' }).end(),
    '/open.flac': speech,
  });
  stack = await startServiceStack(
    { ...(await prepareFakeEngine(folder)), DOWNLOAD_ALLOW_HOSTS: media.host, LOG_LEVEL: 'trace' },
    ['downloader', 'transcriber-whisper', 'summarizer'],
  );
  raw = await connect({ servers: stack.nats.url });
});

afterAll(async () => {
  await raw?.close();
  await stack?.stop();
  await media?.close();
  await rm(folder, { recursive: true, force: true });
});

const withSecret = (path: string): string => media.url(path).replace('://', `://user:${SECRET}@`);

const publish = async (message: Record<string, unknown> & { id: string }) => {
  raw.publish('podline.episodes', JSON.stringify(message));
  return stack.finished(message.id);
};

/** The command as a person runs it. */
const podline = async (...args: string[]): Promise<string> => {
  const main = join(findPaths().root, 'dist', 'apps', 'cli', 'src', 'main.js');
  const { all } = await execa(process.execPath, [main, ...args], { env: { NATS_URL: stack.nats.url }, all: true });
  return all;
};

describe('credentials in a URL', () => {
  test('open the door of a private episode', async () => {
    const feed = withSecret('/feed.xml');
    expect((await publish({ id: 'private', url: withSecret('/private.flac'), feed, guid: 'g' })).status).toBe('done');
    expect((await publish({ id: 'moved', url: withSecret('/moved.flac') })).status).toBe('done');
    const manifest = await readJson(stack.client.results, manifestKey('private'), manifestSchema, 1_000_000);
    expect(manifest?.request).toMatchObject({ url: media.url('/private.flac'), feed: media.url('/feed.xml') });
  });

  test.each<[string, Record<string, unknown>]>([
    ['nobody-there', { url: 'http://user:secretpass@127.0.0.1:1/a.mp3' }],
    ['not-found', { url: 'http://user:secretpass@HOST/nothing.mp3' }],
    ['other-scheme', { url: 'ftp://user:secretpass@example.com/a.mp3' }],
    ['odd-password', { url: 'http://user:a@secretpass@HOST/nothing.mp3' }],
    ['broken-password', { url: 'http://user:a/secretpass@HOST/nothing.mp3' }],
    ['unknown-field', { url: 'http://user:secretpass@HOST/open.flac', speed: 2 }],
  ])('are not told by an episode that fails: %s', async (id, message) => {
    const filled = JSON.parse(JSON.stringify(message).replace('HOST', media.host)) as Record<string, unknown>;
    expect((await publish({ id, ...filled })).status).toBe('failed');
  });

  test('are in no log, state, event or artifact; only in the letters that keep a dead job as it was', async () => {
    const { streams } = await raw.jetstreamManager();
    // An episode is seen to fail a moment before its message, which needs them, leaves the queue.
    await until(async () => (await streams.info(jobStream('download'))).state.messages === 0, 'an empty queue');
    const places = await findSecret(SECRET, raw, stack.logs);
    expect(places).toContain(`${DEAD_LETTERS_STREAM} podline.dead.download.not-found`);
    expect(places.filter((place) => !place.startsWith(DEAD_LETTERS_STREAM))).toEqual([]);
    const told: string[] = [];
    for await (const { letter } of stack.client.deadLetters.list())
      told.push(letter.message, letter.firstMessage ?? '', JSON.stringify(letter.original.headers));
    expect(told.join('\n')).not.toContain(SECRET);
    expect(told.length).toBeGreaterThan(10);
  });

  test('are not on the terminal either', async () => {
    expect(await podline('status')).not.toContain(SECRET);
    expect(await podline('status', 'private', '--json')).not.toContain(SECRET);
    expect(await podline('dead', 'list')).not.toContain(SECRET);
  });
});

describe('a hostile title', () => {
  test('reaches neither the terminal nor the file system', async () => {
    const state = await publish({ id: 'hostile', url: media.url('/open.flac'), title: HOSTILE_TITLE });
    expect(state).toMatchObject({ status: 'done', title: HOSTILE_TITLE });
    for (const shown of [await podline('status'), await podline('status', 'hostile')]) {
      expect(shown).toContain('etc/cron.d');
      // eslint-disable-next-line no-control-regex
      expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }
    const written = await writeResults(stack.client.results, state, folder);
    expect(dirname(written.folder)).toBe(folder);
    expect(basename(written.folder)).toMatch(/^[a-z0-9-]+$/);
    expect(await readdir(written.folder)).toContain('transcript.txt');
  });
});
