import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { startMediaServer, body, file, type MediaServer } from '../support/media-server.ts';
import { type ServiceStack, startServiceStack } from '../support/service-stack.ts';

jest.setTimeout(120_000);

const ROOT = join(import.meta.dirname, '..', '..');
const SPEECH = join(ROOT, 'test', 'fixtures', 'speech-12s.flac');

let media: MediaServer;
let stack: ServiceStack;

/** Runs the `podline` command as a person would, against the stack of this test. */
const podline = (...args: string[]) =>
  execa(process.execPath, [join(ROOT, 'dist', 'apps', 'cli', 'src', 'main.js'), ...args], {
    env: { NATS_URL: stack.nats.url },
    reject: false,
  });

const feed = (origin: string): string => `<?xml version="1.0"?><rss version="2.0"><channel><title>Show</title>
  <item><title>Old</title><guid>g1</guid><pubDate>Mon, 05 Jan 2026 10:00:00 GMT</pubDate><enclosure url="${origin}/none.mp3" type="audio/mpeg" length="1"/></item>
  <item><title>\u001b[31mNew</title><guid>g2</guid><pubDate>Tue, 06 Jan 2026 10:00:00 GMT</pubDate><enclosure url="/speech.flac" type="audio/flac" length="1"/></item>
</channel></rss>`;

/** Three episodes with the same words, each of its own. */
const batch = (origin: string): string => `<?xml version="1.0"?><rss version="2.0"><channel><title>Batch</title>
  ${[1, 2, 3].map((n) => `<item><title>Part ${n}</title><guid>b${n}</guid><pubDate>Mon, 0${n} Jun 2026 10:00:00 GMT</pubDate><enclosure url="${origin}/speech.flac?${n}" type="audio/flac" length="1"/></item>`).join('')}
</channel></rss>`;

beforeAll(async () => {
  media = await startMediaServer({
    '/speech.flac': file(SPEECH, 'audio/flac'),
    '/batch.xml': (request, response) =>
      body(batch(`http://${request.headers.host}`), 'application/rss+xml')(request, response),
    '/feed.xml': (request, response) =>
      body(feed(`http://${request.headers.host}`), 'application/rss+xml')(request, response),
  });
  stack = await startServiceStack({ DOWNLOAD_ALLOW_HOSTS: media.host }, [
    'downloader',
    'transcriber-whisper',
    'summarizer',
  ]);
});

afterAll(async () => {
  await stack?.stop();
  await media?.close();
});

describe('podline', () => {
  test('publishes a file, follows it to its end, and gives back what was made of it', async () => {
    const submitted = JSON.parse((await podline('submit', SPEECH, '--title', 'A file', '--json')).stdout) as {
      episodeId: string;
    }[];
    const id = submitted[0]?.episodeId ?? '';
    expect((await podline('watch', id)).exitCode).toBe(0);
    const state = JSON.parse((await podline('status', id, '--json')).stdout) as { status: string; title: string };
    expect(state).toMatchObject({ status: 'done', title: 'A file' });
    expect((await podline('get', id)).stdout).toContain('welcome');
    expect((await podline('get', id, '--format', 'vtt')).stdout).toMatch(/^WEBVTT/);
    expect(JSON.parse((await podline('get', id, '--format', 'json')).stdout)).toMatchObject({ episodeId: id });
    expect((await podline('get', id, '--format', 'summary')).stdout).toContain('# A file');
    expect((await podline('status')).stdout).toMatch(new RegExp(`${id} +done`));
    const all = JSON.parse((await podline('status', '--json')).stdout) as object;
    expect(all).toMatchObject({ totals: { byStatus: { done: 1 } }, episodes: [{ episodeId: id }] });
    expect(JSON.parse((await podline('get', id, '--format', 'chapters')).stdout)).toMatchObject({ version: '1.2.0' });
    expect((await podline('resummarize', id, '--provider', 'extractive', '--sentences', '1')).exitCode).toBe(0);
    expect((await podline('watch', id)).exitCode).toBe(0);
    const summary = JSON.parse((await podline('get', id, '--format', 'summary-json')).stdout) as {
      sentences: object[];
    };
    expect(summary.sentences).toHaveLength(1);
  });

  test('publishes each file of a folder, and says of a finished one that it is, without storing it again', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'podline-archive-'));
    const speech = await readFile(SPEECH);
    // Bytes behind the audio make each a file of its own.
    for (const name of ['a.flac', 'b.flac'])
      await writeFile(join(folder.path, name), Buffer.concat([speech, Buffer.from(name)]));
    const first = (await podline('submit', folder.path)).stdout.split('\n');
    expect(first.map((line) => line.slice(22))).toEqual(['a.flac', 'b.flac']);
    for (const line of first) expect(await stack.finished(line.slice(0, 20))).toMatchObject({ status: 'done' });
    for await (const { key } of stack.client.audio.list('uploads/')) await stack.client.audio.delete(key);
    const again = (await podline('submit', folder.path)).stdout;
    expect(again).toBe(first.map((line) => `${line}  (known already, and done)`).join('\n'));
    for await (const { key } of stack.client.audio.list('uploads/')) throw new Error(`${key} was stored again.`);
  });

  test('finds where something is said, with a link to the moment', async () => {
    const id = 'searched';
    await podline('submit', media.url('/speech.flac'), '--id', id, '--title', 'Searched');
    await stack.finished(id);
    const [word = ''] = (await podline('get', id)).stdout.match(/[a-z]{6,}/) ?? [];
    const found = await podline('search', word.toUpperCase());
    expect(found.exitCode).toBe(0);
    expect(found.stdout).toMatch(/^\d{4}-\d\d-\d\d {2}Searched \(searched\) {2}0:\d\d$/m);
    expect(found.stdout).toContain(`${media.url('/speech.flac')}#t=`);
    const hits = JSON.parse((await podline('search', word, '--json', '--limit', '1')).stdout) as { link: string }[];
    expect(hits).toHaveLength(1);
    expect(await podline('search', word, 'brindleholm')).toMatchObject({ exitCode: 1 });
    expect(await podline('search', '--', '—')).toMatchObject({ exitCode: 2 });
  });

  test('says what submitting would cost, and publishes nothing', async () => {
    const before = (await podline('status')).stdout;
    const { stdout } = await podline('submit', SPEECH, '--dry-run', '--provider', 'openai', '--summary', 'openai');
    expect(stdout).toMatch(/speech-12s\.flac {2}0\.2 min \(ffprobe\)/);
    expect(stdout).toMatch(/transcription +whisper-1: 1 requests, about \$0\.00\d\d, at least \d+ s/);
    expect(stdout).toMatch(/summaries +gpt-4o-mini: 1 requests, \d+ tokens in/);
    expect(stdout).toMatch(/price of +whisper-1: https:\S+, 20\d\d-\d\d-\d\d/);
    const feedRun = await podline(
      'submit',
      media.url('/feed.xml'),
      '--dry-run',
      '--minutes',
      '90',
      '--json',
      '--provider',
      'openai',
    );
    expect(JSON.parse(feedRun.stdout)).toMatchObject({
      sources: [{ seconds: 5400, by: '--minutes' }],
      estimate: { transcription: { requests: 5 }, summary: { requests: 0 }, dollars: { transcription: 0.54 } },
    });
    expect((await podline('status')).stdout).toBe(before);
  });

  test('sets a deployment’s limits unless an operator has set others', async () => {
    const limits = (...args: string[]) => podline('limits', ...args);
    expect((await limits('apply', 'helm.transcription', 'requestsPerMinute=300')).stdout).toContain('set to');
    expect((await limits('apply', 'helm.transcription', 'requestsPerMinute=300')).stdout).toContain('already at');
    await limits('set', 'helm.transcription', 'requestsPerMinute=100');
    const kept = await limits('apply', 'helm.transcription', 'requestsPerMinute=400');
    expect(kept.stdout).toMatch(/left as an operator has set it.* requestsPerMinute=100 /);
    const told = await limits('apply', 'helm.transcription', 'requestsPerMinute=400', '--overwrite');
    expect(told.stdout).toMatch(/set to requestsPerMinute=400 .*setBy=configuration$/);
    expect((await limits('apply', 'sk-secret', 'requestsPerMinute=1')).exitCode).toBe(2);
  });

  test('watches many to their end, by feed or all, and shows as much to whoever comes later', async () => {
    const feedUrl = media.url('/batch.xml');
    const { stdout } = await podline('submit', feedUrl, '--latest', '3', '--json');
    const ids = (JSON.parse(stdout) as { episodeId: string }[]).map(({ episodeId }) => episodeId);
    const watched = await podline('watch', '--feed', feedUrl);
    expect(watched.exitCode).toBe(0);
    for (const id of ids) expect(watched.stdout).toMatch(new RegExp(`Z {2}${id} +done`));
    expect(watched.stdout).toMatch(/3 of 3 done {2}100 % transcribed .*x real time$/m);
    expect(watched.stdout).not.toContain('\u001b');
    const again = await podline('watch', ...ids);
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toContain('3 of 3 done');
    const lines = (await podline('watch', '--json')).stdout.split('\n').map((line) => JSON.parse(line) as object);
    expect(lines.at(-1)).toMatchObject({ totals: { queued: 0, etaSeconds: 0 } });
  });

  test('takes the newest episode of a feed, with relative addresses resolved', async () => {
    const { stdout } = await podline('submit', media.url('/feed.xml'), '--json');
    const [episode] = JSON.parse(stdout) as { episodeId: string; url: string; guid: string }[];
    expect(episode).toMatchObject({ url: media.url('/speech.flac'), guid: 'g2' });
    expect((await stack.finished(episode?.episodeId ?? '')).status).toBe('done');
  });

  test('keeps a title’s escape sequences off the terminal', async () => {
    const { stdout } = await podline('status');
    expect(stdout).toContain('New');
    expect(stdout).not.toContain('\u001b[31m');
  });

  test('shows why an episode failed, and gives its dead letter back for another try', async () => {
    await podline('submit', media.url('/missing.mp3'), '--id', 'missing');
    await stack.finished('missing');
    const watched = await podline('watch', 'missing');
    expect(watched.exitCode).toBe(1);
    expect(watched.stdout).toContain('404');
    const letters = JSON.parse((await podline('dead', 'list', '--json')).stdout) as { sequence: number }[];
    expect(letters).toHaveLength(1);
    expect((await podline('dead', 'replay', String(letters[0]?.sequence))).stdout).toBe('1 replayed');
    await stack.finished('missing');
  });

  test.each([
    [['get', 'nobody'], 'There is no episode "nobody"'],
    [['submit', '/no/such/file.mp3'], 'neither an http(s) URL nor a file'],
    [['submit', 'https://example.com/a.mp3', '--provider', 'siri'], 'expected whisper, openai; got "siri"'],
    [['get', 'missing', '--format', 'pdf'], 'got "pdf"'],
    [['get', 'missing', '--format', 'srt', '--timestamps'], '--timestamps is for --format txt'],
    [['status', 'bad id!'], 'There is no episode "bad id!"'],
    [['resume', ''], 'There is no episode ""'],
    [['dead', 'drop'], 'Name one letter'],
    [['watch', 'missing', '--feed', 'x'], 'Name episodes, or'],
    [['watch', '--wach'], 'unknown option'],
    [['limits', 'set', 'openai.transcription', 'speed=2'], 'got "speed=2"'],
  ])('answers %j with a clear error and exit code 2', async (args, message) => {
    const { exitCode, stderr } = await podline(...args);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  test('says which server it could not reach', async () => {
    const { stderr, exitCode } = await execa(
      process.execPath,
      [join(ROOT, 'dist', 'apps', 'cli', 'src', 'main.js'), 'status'],
      {
        env: { NATS_URL: 'nats://user:secret@127.0.0.1:9' },
        reject: false,
      },
    );
    expect(exitCode).toBe(3);
    expect(stderr).toContain('nats://127.0.0.1:9');
    expect(stderr).not.toContain('secret');
  });

  test('changes the limits of the whole cluster', async () => {
    const shown = (await podline('limits', 'show')).stdout;
    expect(shown).toMatch(/^openai\.summaries {2}(open|closed: the state was made anew, until 20.*)$/m);
    expect(shown).toMatch(/^ {2}requestsPerMinute +\d+ \(\d+ used\)$/m);
    expect(shown).not.toMatch(/undefined|\{/);
    await podline('limits', 'pause', 'openai.summaries', 'lunch');
    expect((await podline('limits', 'show')).stdout).toContain('openai.summaries  paused: lunch\n');
    await podline('limits', 'resume', 'openai.summaries');
    await podline('limits', 'set', 'openai.summaries', 'requestsPerMinute=7');
    const [report] = JSON.parse((await podline('limits', 'show', 'openai.summaries', '--json')).stdout) as {
      limits: object;
    }[];
    expect(report?.limits).toMatchObject({ requestsPerMinute: 7, setBy: 'operator' });
  });
});
