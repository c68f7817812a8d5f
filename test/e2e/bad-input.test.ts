import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { connect, type NatsConnection } from 'nats';
import { identifyJob } from '#shared/contracts/job-identity';
import { transcriptKey } from '#shared/contracts/artifact-keys';
import { body, file, type MediaServer, startMediaServer } from '../support/media-server.ts';
import { type ServiceStack, startServiceStack } from '../support/service-stack.ts';

jest.setTimeout(180_000);

const FIXTURES = join(import.meta.dirname, '..', 'fixtures');
const SPEECH = join(FIXTURES, 'speech-12s.flac');

let media: MediaServer;
let stack: ServiceStack;
let raw: NatsConnection;
let folder: string;

const ffmpeg = (...args: string[]): Promise<unknown> => execa('ffmpeg', ['-hide_banner', '-v', 'error', '-y', ...args]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-bad-input-'));
  const at = (name: string): string => join(folder, name);
  await ffmpeg('-f', 'lavfi', '-i', 'anullsrc=r=16000:cl=mono', '-t', '20', at('silence.mp3'));
  await ffmpeg('-i', SPEECH, '-ar', '8000', at('telephone.wav'));
  await ffmpeg(
    '-f',
    'lavfi',
    '-i',
    'testsrc=size=64x64:rate=5',
    '-i',
    SPEECH,
    '-shortest',
    '-c:a',
    'aac',
    at('video.mp4'),
  );
  await ffmpeg('-f', 'lavfi', '-i', 'testsrc=size=64x64:rate=5', '-t', '3', at('mute.mp4'));
  await ffmpeg('-f', 'lavfi', '-i', 'sine=frequency=300', '-t', '100', '-b:a', '64k', at('long.mp3'));
  await ffmpeg('-i', join(FIXTURES, 'speech-40s.mp3'), '-c:a', 'libmp3lame', '-b:a', '64k', at('whole.mp3'));
  const whole = await readFile(at('whole.mp3'));
  await writeFile(at('truncated.mp3'), whole.subarray(0, whole.length / 3));
  media = await startMediaServer({
    '/good.flac': file(SPEECH, 'audio/flac'),
    '/page.mp3': body('<!doctype html><title>Log in</title>', 'text/html'),
    '/lying.mp3': body('<!doctype html><title>Log in</title>', 'audio/mpeg'),
    '/noise.mp3': body(Buffer.alloc(50_000, 7), 'audio/mpeg'),
    '/empty.mp3': body('', 'audio/mpeg'),
    '/private': (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/secret' }).end(),
    ...Object.fromEntries(
      ['silence.mp3', 'telephone.wav', 'video.mp4', 'mute.mp4', 'long.mp3', 'truncated.mp3'].map((name) => [
        `/${name}`,
        file(at(name), name.endsWith('mp4') ? 'video/mp4' : 'audio/mpeg'),
      ]),
    ),
  });
  stack = await startServiceStack(
    { DOWNLOAD_ALLOW_HOSTS: media.host, DOWNLOAD_MAX_HOURS: '0.02', ALLOWED_PROVIDERS: 'whisper' },
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

/** Publishes exactly these bytes, and waits for the end of whatever episode they make. */
const publish = async (message: unknown) => {
  const data = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
  raw.publish('podline.episodes', data);
  return stack.finished(identifyJob('download', data).episodeId);
};

describe('bad input', () => {
  test.each<[string, () => unknown, string, string]>([
    ['text that is not JSON', () => '{"url": https://oops}', 'malformed-json', '{\\"url\\": https://oops}'],
    ['an unknown field', () => ({ url: media.url('/good.flac'), speed: 2 }), 'invalid-message', 'speed'],
    ['another version', () => ({ v: 9, id: 'v9', url: media.url('/good.flac') }), 'invalid-message', 'got 9'],
    [
      'an unknown provider',
      () => ({ id: 'siri', url: media.url('/good.flac'), options: { provider: 'siri' } }),
      'invalid-message',
      'siri',
    ],
    [
      'a provider that is not allowed',
      () => ({ id: 'paid', url: media.url('/good.flac'), options: { provider: 'openai' } }),
      'option-refused',
      'openai',
    ],
    [
      'an unknown language',
      () => ({ id: 'elvish', url: media.url('/good.flac'), options: { language: 'elvish' } }),
      'unknown-language',
      'elvish',
    ],
    ['an address that gives 404', () => ({ id: 'gone', url: media.url('/gone.mp3') }), '', '404'],
    ['a web page instead of audio', () => ({ id: 'page', url: media.url('/page.mp3') }), '', 'HTML'],
    ['a web page that says it is audio', () => ({ id: 'lying', url: media.url('/lying.mp3') }), '', 'HTML'],
    ['bytes that are no audio at all', () => ({ id: 'noise', url: media.url('/noise.mp3') }), '', ''],
    ['an empty file', () => ({ id: 'empty', url: media.url('/empty.mp3') }), '', 'empty.mp3'],
    ['a truncated file', () => ({ id: 'truncated', url: media.url('/truncated.mp3') }), 'truncated-audio', ''],
    ['a video without sound', () => ({ id: 'mute', url: media.url('/mute.mp4') }), 'no-audio', ''],
    ['nothing but silence', () => ({ id: 'silence', url: media.url('/silence.mp3') }), 'no-speech', '20'],
    ['more audio than is allowed', () => ({ id: 'long', url: media.url('/long.mp3') }), 'too-long', '100'],
    ['a way into the private network', () => ({ id: 'private', url: media.url('/private') }), '', '127.0.0.1:1'],
  ])('%s fails with a reason that names it', async (_name, message, reason, named) => {
    const state = await publish(message());
    const error = state.errors.at(-1);
    expect(state.status).toBe('failed');
    expect(error?.message).toContain(named);
    if (reason !== '') expect(error?.reason).toBe(reason);
    const readable = reason !== 'malformed-json' && reason !== 'invalid-message';
    expect(state.request?.url !== undefined).toBe(readable);
    const letters = [];
    for await (const stored of stack.client.deadLetters.list({ episodeId: state.episodeId }))
      letters.push(stored.letter.reason);
    expect(letters).toEqual([error?.reason]);
  });

  test.each([
    ['a video with sound', '/video.mp4'],
    ['a telephone recording of 8 kHz', '/telephone.wav'],
  ])('%s is no bad input: it is transcribed', async (_name, path) => {
    const state = await publish({ id: `good${path.replace(/\W/g, '-')}`, url: media.url(path) });
    expect(state.errors).toEqual([]);
    expect(state.status).toBe('done');
  });

  test('leaves the way free for the next episode', async () => {
    const state = await publish({ id: 'good', url: media.url('/good.flac') });
    expect(state.status).toBe('done');
    expect(await stack.client.results.head(transcriptKey('good', 'json'))).toBeDefined();
  });

  test('an episode that failed is done when it is published again and its audio is there', async () => {
    expect((await publish({ id: 'mended', url: media.url('/gone.mp3') })).status).toBe('failed');
    raw.publish('podline.episodes', JSON.stringify({ id: 'mended', url: media.url('/good.flac') }));
    const stop = AbortSignal.timeout(60_000);
    for await (const state of stack.client.episodes.watch('mended', stop)) if (state.status === 'done') return;
    throw new Error('The episode was not done within 60 s.');
  });
});
