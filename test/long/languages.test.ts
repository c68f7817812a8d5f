import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { languageKey, transcriptKey } from '#shared/contracts/artifact-keys';
import { languageDecisionSchema } from '#shared/contracts/language-decision';
import { transcriptSchema } from '#shared/contracts/transcript';
import { readJson } from '#shared/storage/json-blobs';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { synthesise } from '../../examples/speech.ts';
import { file, type MediaServer, startMediaServer } from '../support/media-server.ts';
import { type ServiceStack, startServiceStack } from '../support/service-stack.ts';

jest.setTimeout(600_000);

/** Multilingual, 57 MB: not part of the project, so the test needs somebody to put it there. */
const MODELS = process.env['PODLINE_TEST_MODELS'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'models');
const MODEL = 'base-q5_1';
/** Of the opening, in seconds. */
const MUSIC = 29;

if (existsSync(join(MODELS, `ggml-${MODEL}.bin`))) describeLanguages();
else describe('languages', () => test.skip(`need ${MODEL} in ${MODELS} (PODLINE_TEST_MODELS)`, () => undefined));

function describeLanguages(): void {
  let media: MediaServer;
  let stack: ServiceStack;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'podline-languages-'));
    await makeEpisode(join(folder, 'show.flac'));
    media = await startMediaServer({ '/show.flac': file(join(folder, 'show.flac'), 'audio/flac') });
    stack = await startServiceStack(
      {
        DOWNLOAD_ALLOW_HOSTS: media.host,
        WHISPER_MODELS_DIR: MODELS,
        WHISPER_MODEL: MODEL,
        WHISPER_MODELS: MODEL,
        WHISPER_WORKERS: '1',
        MIN_CHUNK_SECONDS: '30',
      },
      ['downloader', 'transcriber-whisper', 'summarizer'],
    );
  });

  afterAll(async () => {
    await stack?.stop();
    await media?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Half a minute of music, of which whisper is sure of nothing, and then somebody talks. */
  async function makeEpisode(out: string): Promise<void> {
    const talk = join(folder, 'talk.wav');
    const lines = [
      'Hello and welcome to the show. Today we are going to talk about the river and the old mill.',
      'The people who repaired it needed eleven years and a great deal of patience.',
      'In the end the wheel turned again, and the whole village came to see it.',
      'Thank you for listening. Next week we visit a lighthouse that nobody keeps any more.',
    ];
    await synthesise(
      lines.map((text) => ({ voice: 'slt', text })),
      talk,
    );
    const tune = '0.2*sin(2*PI*t*(300+100*floor(mod(t*2,4))))*(0.6+0.4*sin(2*PI*2*t))+0.1*sin(2*PI*t*110)';
    const music = ['-f', 'lavfi', '-i', `aevalsrc='${tune}':s=16000:d=${MUSIC}`];
    const joined = ['-filter_complex', '[0:a][1:a]concat=n=2:v=0:a=1'];
    await execa('ffmpeg', ['-hide_banner', '-v', 'error', '-y', ...music, '-i', talk, ...joined, out]);
  }

  const languageOf = async (id: string): Promise<string | undefined> =>
    (await readJson(stack.client.results, transcriptKey(id, 'json'), transcriptSchema, 1e7))?.language;

  test('the language is heard behind the music, once for all chunks', async () => {
    await publishEpisode(stack.client, { id: 'heard', url: media.url('/show.flac'), options: { chunkSeconds: 30 } });
    const state = await stack.finished('heard');
    expect(state).toMatchObject({ status: 'done' });
    expect(state.chunks.length).toBeGreaterThan(1);
    const key = languageKey('heard', state.cut ?? '');
    const decision = await readJson(stack.client.results, key, languageDecisionSchema, 1e5);
    expect(decision).toMatchObject({ language: 'en', model: MODEL });
    expect(decision?.share).toBeGreaterThan(0.8);
    for (const { start, end } of decision?.probes ?? [])
      expect(end - Math.max(start, MUSIC)).toBeGreaterThan(MUSIC - start);
    expect(await languageOf('heard')).toBe('en');
  });

  test('a language that is asked for is not listened for', async () => {
    const options = { language: 'German' };
    await publishEpisode(stack.client, { id: 'forced', url: media.url('/show.flac'), options });
    const { cut = '' } = await stack.finished('forced');
    expect(await languageOf('forced')).toBe('de');
    expect(await stack.client.results.head(languageKey('forced', cut))).toBeUndefined();
  });
}
