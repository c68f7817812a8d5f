import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { transcriptKey } from '#shared/contracts/artifact-keys';
import { episodeIdOf } from '#shared/contracts/episode-id';
import { manifestSchema } from '#shared/contracts/manifest';
import { summarySchema } from '#shared/contracts/summary';
import { type Transcript, transcriptSchema } from '#shared/contracts/transcript';
import { readJson } from '#shared/storage/json-blobs';
import { body, file, type MediaServer, startMediaServer } from '../support/media-server.ts';
import { readSrt, readVtt } from '../support/read-subtitles.ts';
import { type ServiceStack, startServiceStack } from '../support/service-stack.ts';

jest.setTimeout(180_000);

const ROOT = join(import.meta.dirname, '..', '..');
const SPEECH = join(ROOT, 'test', 'fixtures', 'speech-12s.flac');

/** Forty lines of two seconds: 80 s at 150 words a minute. */
const SAID = Array.from({ length: 40 }, (_, at) => `This is the line with number ${at}.`);
const at = (seconds: number): string =>
  `00:${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}.000`;
const vtt = `WEBVTT\n\n${SAID.map((line, index) => `${at(index * 2)} --> ${at(index * 2 + 2)}\n${line}\n`).join('\n')}`;

const item = (name: string, audio: string, more = ''): string =>
  `    <item>
      <title>${name}</title><guid>${name}</guid><itunes:duration>80</itunes:duration>${more}
      <enclosure url="${audio}" type="audio/mpeg" length="1"/>
    </item>`;
const offer = (url: string): string => `<podcast:transcript url="${url}" type="text/vtt" language="en"/>`;
const feed = (items: string): string => `<?xml version="1.0"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0">
  <channel><title>Show &amp; Tell</title>
${items}
  </channel>
</rss>
`;
const SHOW = feed([item('heard', '/speech.flac'), item('offered', '/none.mp3', offer('/good.vtt'))].join('\n'));

let media: MediaServer;
let stack: ServiceStack;
let folder: string;

const podline = (...args: string[]) =>
  execa(process.execPath, [join(ROOT, 'dist', 'apps', 'cli', 'src', 'main.js'), ...args], {
    env: { NATS_URL: stack.nats.url, DOWNLOAD_ALLOW_HOSTS: media.host },
    reject: false,
  });
const idOf = (path: string, guid: string): string => episodeIdOf({ url: media.url('/x'), feed: media.url(path), guid });
const transcriptOf = (id: string): Promise<Transcript | undefined> =>
  readJson(stack.client.results, transcriptKey(id, 'json'), transcriptSchema, 1e7);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-feeds-'));
  media = await startMediaServer({
    '/speech.flac': file(SPEECH, 'audio/flac'),
    '/show.xml': body(SHOW, 'application/rss+xml'),
    '/other.xml': body(feed(item('polled', '/none-either.mp3', offer('/good.vtt'))), 'application/rss+xml'),
    '/bad.xml': body(feed(item('refused', '/speech.flac?3', offer('/placeholder.vtt'))), 'application/rss+xml'),
    '/good.vtt': body(vtt, 'text/vtt'),
    '/placeholder.vtt': body('WEBVTT\n\n00:00.000 --> 00:01.000\nComing soon.\n', 'text/vtt'),
    '/page.html': body('<html><body>No feed</body></html>', 'text/html'),
  });
  stack = await startServiceStack({ DOWNLOAD_ALLOW_HOSTS: media.host }, [
    'downloader',
    'transcriber-whisper',
    'summarizer',
    'caretaker',
  ]);
});

afterAll(async () => {
  await stack?.stop();
  await media?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('podline feed', () => {
  test('follows a feed: publishes what is asked for, once', async () => {
    const added = await podline('feed', 'add', media.url('/show.xml'), '--latest', '2', '--lane', 'high');
    expect(added.stdout).toContain('2 of 2 episodes published');
    expect((await podline('feed', 'poll')).stdout).toContain('0 of 2 episodes published');
    const [listed] = JSON.parse((await podline('feed', 'list', '--json')).stdout) as object[];
    expect(listed).toMatchObject({ title: 'Show & Tell', settings: { lane: 'high' }, poll: { published: 2 } });
    expect((await podline('feed', 'list')).stdout).toMatch(/ ok +2 +2 /);
  });

  test('takes the publisher’s transcript, and fetches no audio for it', async () => {
    const id = idOf('/show.xml', 'offered');
    expect((await stack.finished(id)).status).toBe('done');
    const transcript = await transcriptOf(id);
    expect(transcript).toMatchObject({ providers: ['publisher'], language: 'en', seconds: 80 });
    expect(transcript?.segments.map(({ text }) => text)).toEqual(SAID);
    expect(media.hits.get('/none.mp3')).toBeUndefined();
  });

  test('transcribes where the publisher’s transcript is none, and says why', async () => {
    await podline('submit', media.url('/bad.xml'));
    const id = idOf('/bad.xml', 'refused');
    expect((await stack.finished(id)).status).toBe('done');
    expect(await transcriptOf(id)).toMatchObject({ providers: ['whisper'] });
    const manifest = await readJson(stack.client.results, `${id}/manifest.json`, manifestSchema, 1e7);
    expect(manifest?.publisherTranscripts).toMatchObject([{ refused: { reason: 'transcript-empty' } }]);
  });

  test('transcribes all the same where that is asked for', async () => {
    await podline('submit', media.url('/bad.xml'), '--id', 'always', '--always-transcribe');
    const request = (await stack.finished('always')).request;
    expect(request?.options.alwaysTranscribe).toBe(true);
    expect(media.hits.get('/placeholder.vtt')).toBe(1);
  });

  test('publishes the feed with the transcripts it made, and their files', async () => {
    await stack.finished(idOf('/show.xml', 'heard'));
    const out = join(folder, 'site');
    const { stdout } = await podline(
      'feed',
      'publish',
      media.url('/show.xml'),
      '--out',
      out,
      '--base-url',
      'https://me.example/s',
    );
    expect(stdout).toContain('2 of 2 episodes have transcripts');
    const xml = await readFile(join(out, 'feed.xml'), 'utf8');
    const heard = `episodes/${idOf('/show.xml', 'heard')}`;
    expect(xml).toContain(
      `<podcast:transcript url="https://me.example/s/${heard}/transcript.vtt" type="text/vtt" language="en"`,
    );
    expect(xml.replace(/^ *<podcast:(transcript|chapters) url="https:\/\/me\.example.*\n/gm, '')).toBe(SHOW);
    expect(await readFile(join(out, heard, 'transcript.vtt'), 'utf8')).toMatch(/^WEBVTT/);
    expect(JSON.parse(await readFile(join(out, heard, 'chapters.json'), 'utf8'))).toMatchObject({ version: '1.2.0' });
    const offered = xml.slice(xml.indexOf('<title>offered'));
    expect(offered.match(/<podcast:transcript/g)).toHaveLength(1);
  });

  test('takes feeds in as OPML, polls them by itself, and gives them out again', async () => {
    const file = join(folder, 'feeds.opml');
    await writeFile(
      file,
      `<opml version="2.0"><body><outline text="Other" xmlUrl="${media.url('/other.xml')}"/></body></opml>`,
    );
    expect((await podline('feed', 'import', file)).stdout).toContain('added  Other');
    expect((await stack.finished(idOf('/other.xml', 'polled'))).status).toBe('done');
    expect((await podline('feed', 'export')).stdout).toContain(`xmlUrl="${media.url('/other.xml')}"`);
    await podline('feed', 'remove', media.url('/other.xml'));
    expect((await podline('feed', 'list')).stdout).not.toContain('Other');
  });

  test.each([
    ['a page', '/page.html', 'no feed'],
    ['nothing', '/missing.xml', '404'],
  ])('does not follow %s', async (_name, path, words) => {
    const { exitCode, stderr } = await podline('feed', 'add', media.url(path));
    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
    expect((await podline('feed', 'list')).stdout).not.toContain(path);
  });
});

describe('podline get', () => {
  test.each([
    ['the publisher wrote', 'offered', 'This is the line with number 39.'],
    ['podline made', 'heard', 'welcome'],
  ])('gives a transcript that %s in every format', async (_name, guid, words) => {
    const id = idOf('/show.xml', guid);
    const get = async (...args: string[]): Promise<string> => {
      const { stdout, stderr, exitCode } = await podline('get', id, ...args);
      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
      return stdout;
    };
    const transcript = transcriptSchema.parse(JSON.parse(await get('--format', 'json')));
    const cues = readSrt(await get('--format', 'srt'));
    expect(readVtt(await get('--format', 'vtt'))).toEqual(cues);
    for (const said of [cues.map(({ lines }) => lines.join(' ')).join(' '), await get()]) expect(said).toContain(words);
    const podcast = JSON.parse(await get('--format', 'podcast-json')) as { version: string; segments: object[] };
    expect(podcast.version).toBe('1.0.0');
    expect(podcast.segments).toEqual(
      transcript.segments.map(({ start, end, text }) => ({ startTime: start, endTime: end, body: text })),
    );
    expect(await get('--timestamps')).toMatch(/^\[0:0\d\] /);
    const markdown = await get('--format', 'md');
    expect(markdown).toContain(`# ${guid}\n`);
    expect(markdown).toContain(guid === 'offered' ? 'the publisher’s transcript' : 'transcribed by tiny.en-q8\\_0');
    const { chapters } = summarySchema.parse(JSON.parse(await get('--format', 'summary-json')));
    expect(markdown.match(/^## /gm) ?? []).toHaveLength(chapters.length);
    expect(JSON.parse(await get('--format', 'chapters'))).toMatchObject({ version: '1.2.0' });
    expect(await get('--format', 'summary')).toContain(`# ${guid}`);
  });

  test('times single words where the engine does', async () => {
    const [first] = (await transcriptOf(idOf('/show.xml', 'heard')))?.segments ?? [];
    expect(first?.words?.map(({ word }) => word).join(' ')).toBe(first?.text);
  });
});

describe('podline pull', () => {
  test('writes results into a folder, and never over a file that differs', async () => {
    const out = join(folder, 'pulled');
    const pull = (...args: string[]) =>
      podline('pull', '--feed', media.url('/show.xml'), '--out', out, '--json', ...args);
    const outcomes = async (...args: string[]) =>
      new Set((JSON.parse((await pull(...args)).stdout) as { outcome: string }[]).map(({ outcome }) => outcome));
    expect(await outcomes()).toEqual(new Set(['written']));
    const names = (await readdir(join(out, `heard-${idOf('/show.xml', 'heard')}`))).toSorted();
    expect(names).toEqual(expect.arrayContaining(['transcript.md', 'transcript.podcast.json', 'transcript.vtt']));
    expect(await outcomes()).toEqual(new Set(['unchanged']));
    const mine = join(out, `heard-${idOf('/show.xml', 'heard')}`, 'transcript.txt');
    await writeFile(mine, 'corrected by hand');
    expect((await pull()).exitCode).toBe(1);
    expect(await readFile(mine, 'utf8')).toBe('corrected by hand');
    expect(await outcomes('--force')).toContain('replaced');
  });
});

describe('podline submit', () => {
  test('takes the audio of a folder, and of standard input', async () => {
    const audio = join(folder, 'audio', 'deep');
    await mkdir(audio, { recursive: true });
    await writeFile(join(audio, 'one.flac'), await readFile(SPEECH));
    await writeFile(join(folder, 'audio', 'notes.txt'), 'no audio');
    const submitted = JSON.parse((await podline('submit', join(folder, 'audio'), '--json')).stdout) as object[];
    expect(submitted).toMatchObject([{ title: 'deep/one.flac' }]);
    const piped = execa(
      process.execPath,
      [join(ROOT, 'dist', 'apps', 'cli', 'src', 'main.js'), 'submit', '-', '--json'],
      {
        env: { NATS_URL: stack.nats.url },
        inputFile: SPEECH,
        reject: false,
      },
    );
    expect(JSON.parse((await piped).stdout)).toMatchObject([{ title: 'standard input' }]);
  });
});
