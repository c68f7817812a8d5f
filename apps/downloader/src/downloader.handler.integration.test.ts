import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { downloaderConfigSchema } from '#shared/config/downloader';
import { loadConfig } from '#shared/config/load';
import { downloaded, failed } from '#shared/contracts/episode-transitions';
import { cutOf } from '#shared/contracts/manifest';
import { SILENT } from '#shared/observability/log';
import { evenManifest } from '../../../test/support/even-manifest.ts';
import { planEpisode } from '../../../test/support/plan-episode.ts';
import { type StartedStores, startStores } from '../../../test/support/start-stores.ts';
import { DownloaderHandler } from './downloader.handler.ts';

let started: StartedStores;
let stores: StartedStores['stores'];
let handler: DownloaderHandler;

beforeAll(async () => {
  started = await startStores();
  ({ stores } = started);
  const config = loadConfig(downloaderConfigSchema, { ALLOWED_PROVIDERS: 'whisper' });
  handler = new DownloaderHandler({ runtime: { ...stores, config } } as never);
});

afterAll(async () => {
  await started?.stop();
});

/** Takes a request for what is not allowed here. */
function askForTooMuch(id: string): Promise<void> {
  const request = { id, url: 'https://example.com/other.mp3', title: 'Another', options: { provider: 'openai' } };
  const context = { log: SILENT, identity: { episodeId: id, jobKey: id }, lane: 'normal', streamSequence: 1 };
  return handler.handle(Buffer.from(JSON.stringify(request)), context as never);
}

describe('a request that is refused for its options', () => {
  test('is noted where the episode is new: its state says which it is', async () => {
    await expect(askForTooMuch('new')).rejects.toMatchObject({ reason: 'option-refused' });
    expect(await stores.episodes.get('new')).toMatchObject({
      request: { url: 'https://example.com/other.mp3' },
      title: 'Another',
    });
  });

  test('changes nothing of an episode that is known: not its request, and not what is left to do of it', async () => {
    const manifest = evenManifest('known', { chunks: 2, chunkSeconds: 2, model: 'base', language: 'en' });
    await planEpisode(stores, manifest);
    const at = '2026-01-02T00:00:00.000Z';
    const audio = { cut: cutOf(manifest), seconds: 4, silent: [false, false] };
    const error = { queue: 'transcribe-whisper', reason: 'engine', message: 'It died.', chunk: 1, at } as const;
    await stores.episodes.update('known', (state) => state && failed(downloaded(state, audio, at), 'known', error));
    const before = await stores.episodes.get('known');
    expect(before).toMatchObject({ status: 'failed', chunks: '.!' });
    await expect(askForTooMuch('known')).rejects.toMatchObject({ reason: 'option-refused' });
    expect(await stores.episodes.get('known')).toEqual(before);
  });
});
