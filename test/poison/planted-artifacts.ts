import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { chunkAudioKey, manifestKey, transcriptKey } from '#shared/contracts/artifact-keys';
import { type ChunkTranscript, chunkTranscriptSchema } from '#shared/contracts/chunk-transcript';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { cutOf, type Manifest, manifestSchema } from '#shared/contracts/manifest';
import { EPISODES_BUCKET } from '#shared/contracts/subjects';
import { type Transcript, transcriptSchema } from '#shared/contracts/transcript';
import { readJson } from '#shared/storage/json-blobs';
import { findPaths } from '../../apps/cli/src/paths.ts';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { chunkKey } from '../support/chunk-key.ts';
import type { PoisonStack } from './poison-stack.ts';

export const FIXTURES = join(findPaths().root, 'test', 'fixtures');
const SPEECH = join(FIXTURES, 'speech-12s.flac');
const MAX_BYTES = 10_000_000;

/** What a healthy episode leaves behind; the mould of everything that is damaged. */
export interface Mould {
  state: EpisodeState;
  manifest: Manifest;
  chunk: ChunkTranscript;
  transcript: Transcript;
}

/** Sends one healthy episode through. @throws Error when it does not end well. */
export async function castMould(stack: PoisonStack, id: string, provider: 'whisper' | 'openai'): Promise<Mould> {
  await publishEpisode(stack.client, { id, url: stack.media.url('/good.flac'), options: { provider } });
  const state = await stack.finished(id);
  if (state.status !== 'done') throw new Error(`A healthy episode failed: ${JSON.stringify(state.errors)}`);
  const { results } = stack.client;
  const manifest = await readJson(results, manifestKey(id), manifestSchema, MAX_BYTES);
  const chunk = await readJson(results, await chunkKey(results, id, 0), chunkTranscriptSchema, MAX_BYTES);
  const transcript = await readJson(results, transcriptKey(id, 'json'), transcriptSchema, MAX_BYTES);
  if (!manifest || !chunk || !transcript) throw new Error(`A healthy episode left nothing behind: ${id}.`);
  return { state, manifest, chunk, transcript };
}

/** The same for another episode: every `episodeId` and request id in it replaced. */
export function recast<T>(value: T, from: string, to: string): T {
  return JSON.parse(JSON.stringify(value).replaceAll(`"${from}"`, `"${to}"`)) as T;
}

export async function plantManifest(stack: PoisonStack, manifest: Manifest): Promise<void> {
  await stack.client.results.put(manifestKey(manifest.episodeId), Buffer.from(JSON.stringify(manifest)));
}

/** Chunk audio where a manifest's jobs look for it. */
export async function plantAudio(
  stack: PoisonStack,
  manifest: Manifest,
  provider: 'whisper' | 'openai',
): Promise<void> {
  await stack.client.audio.put(
    chunkAudioKey(manifest.episodeId, cutOf(manifest), 0, provider),
    createReadStream(SPEECH),
  );
}

export async function plantState(stack: PoisonStack, id: string, bytes: Uint8Array): Promise<void> {
  const bucket = await stack.raw.jetstream().views.kv(EPISODES_BUCKET, { bindOnly: true });
  await bucket.put(id, bytes);
}
