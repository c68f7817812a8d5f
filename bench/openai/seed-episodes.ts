import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPaths } from '../../apps/cli/src/paths.ts';
import type { Client } from '#shared/client/open-client';
import { manifestKey } from '#shared/contracts/artifact-keys';
import { accepted } from '#shared/contracts/episode-transitions';
import { type Manifest, manifestSchema, SAMPLE_RATE } from '#shared/contracts/manifest';
import { SILENT } from '#shared/observability/log';
import { createJson } from '#shared/storage/json-blobs';
import { audioKey, continueEpisode } from '#shared/transcription/continue-episode';

const SECONDS = 12;

/** Stores episodes as a downloader leaves them: cut into one chunk each, its audio stored, nothing published. */
export async function seedEpisodes(client: Client, count: number): Promise<Manifest[]> {
  const audio = await readFile(join(findPaths().root, 'test', 'fixtures', 'speech-12s.flac'));
  const manifests: Manifest[] = [];
  for (let number = 0; number < count; number++) {
    const manifest = manifestOf(`bench-${number}`, audio);
    const [chunk] = manifest.chunks;
    if (chunk) await client.audio.create(audioKey(manifest, chunk), audio);
    await createJson(client.results, manifestKey(manifest.episodeId), manifestSchema, manifest);
    const { request, options, episodeId } = manifest;
    const now = new Date().toISOString();
    await client.episodes.update(episodeId, (state) =>
      accepted(state, { request, episodeId, lane: options.lane, now }),
    );
    manifests.push(manifest);
  }
  return manifests;
}

/** Publishes their chunks' jobs, as the downloader does. */
export async function publishEpisodes(client: Client, manifests: readonly Manifest[]): Promise<void> {
  const stores = { ...client, log: SILENT };
  await Promise.all(manifests.map((manifest) => continueEpisode(manifest, stores, 'bench')));
}

function manifestOf(episodeId: string, audio: Buffer): Manifest {
  const samples = SECONDS * SAMPLE_RATE;
  return manifestSchema.parse({
    v: 1,
    episodeId,
    request: { v: 1, url: 'https://bench.example/episode.flac', id: episodeId, options: {} },
    options: {
      provider: 'openai',
      model: 'whisper-1',
      language: 'en',
      chunkSeconds: 1200,
      decoding: {},
      lane: 'bulk',
      summary: { provider: 'extractive' },
    },
    source: {
      bytes: audio.length,
      sha256: createHash('sha256').update(audio).digest('hex'),
      codec: 'flac',
      channels: 1,
      sampleRate: SAMPLE_RATE,
      container: 'flac',
    },
    samples,
    speech: [[0.2, SECONDS - 0.2]],
    chunks: [{ index: 0, startSample: 0, endSample: samples, cutSample: 0, silent: false }],
  });
}
