import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Client } from '#shared/client/open-client';
import { chunkTranscriptKey, manifestKey, summaryKey, transcriptKey } from '#shared/contracts/artifact-keys';
import { cutOf, type Manifest, manifestSchema } from '#shared/contracts/manifest';
import { transcriptSchema } from '#shared/contracts/transcript';
import { readJson } from '#shared/storage/json-blobs';
import { wordErrorRate } from '../../bench/eval/word-error-rate.ts';
import { encodeChunk } from '../../apps/downloader/src/audio/encode-chunk.ts';
import { fakeWords, hearFlac } from '../support/fake-hearing.ts';
import { hearForApi } from './fake-api.ts';
import { tonePcm } from '../support/tone-episode.ts';
import { type ChaosEpisode, TONE_SECONDS } from './batch.ts';
import { patiently } from './patiently.ts';

const MAX_BYTES = 10_000_000;
const WORST_ERROR_RATE = 0.1;

export interface Verdict {
  /** Episodes podline knows nothing of. */
  lost: string[];
  /** Episodes that are not done, or whose results are not what their audio says; with the reason. */
  incomplete: string[];
  chunks: number;
  /** Of these, the ones the API heard. */
  apiChunks: number;
}

/** Compares every episode's results with what follows from its audio alone. */
export async function verifyEpisodes(
  all: readonly ChaosEpisode[],
  client: Client,
  fixtures: string,
  folder: string,
  seconds = TONE_SECONDS,
): Promise<Verdict> {
  const verdict: Verdict = { lost: [], incomplete: [], chunks: 0, apiChunks: 0 };
  const reference = await readFile(join(fixtures, 'speech-12s.txt'), 'utf8');
  for (const episode of all) {
    const state = await patiently(() => client.episodes.get(episode.id));
    if (state === undefined) verdict.lost.push(episode.id);
    else if (state.status === 'done') {
      const { problem, chunks } = await patiently(() => examine(episode, client, reference, { folder, seconds }));
      if (problem !== undefined) verdict.incomplete.push(`${episode.id}: ${problem}`);
      verdict.chunks += chunks;
      if (episode.ears === 'api') verdict.apiChunks += chunks;
    } else verdict.incomplete.push(`${episode.id}: ${state.status} ${JSON.stringify(state.errors)}`);
  }
  return verdict;
}

interface ToneWork {
  /** For temporary files. */
  folder: string;
  /** Length of the episodes of tones. */
  seconds: number;
}

async function examine(
  episode: ChaosEpisode,
  { results }: Client,
  reference: string,
  tones: ToneWork,
): Promise<{ problem?: string; chunks: number }> {
  const manifest = await readJson(results, manifestKey(episode.id), manifestSchema, MAX_BYTES);
  const transcript = await readJson(results, transcriptKey(episode.id, 'json'), transcriptSchema, MAX_BYTES);
  if (!manifest || !transcript) return { problem: 'no manifest or no transcript', chunks: 0 };
  const chunks = manifest.chunks.length;
  const cut = cutOf(manifest);
  for (const { index } of manifest.chunks) {
    if (!(await results.head(chunkTranscriptKey(episode.id, cut, index))))
      return { problem: `no transcript of chunk ${index}`, chunks };
  }
  for (const format of ['json', 'md'] as const) {
    if (!(await results.head(summaryKey(episode.id, format)))) return { problem: `no summary.${format}`, chunks };
  }
  const heard = transcript.segments.map(({ text }) => text).join(' ');
  if (episode.ears === 'whisper') {
    const { rate } = wordErrorRate(reference, heard);
    return rate > WORST_ERROR_RATE ? { problem: `word error rate ${rate}`, chunks } : { chunks };
  }
  const said = heard.match(/w[0-9a-f]{10}/g) ?? [];
  const expected = await expectedWords(episode, manifest, tones);
  const wrong = expected.findIndex((word, index) => said[index] !== word);
  if (wrong < 0 && said.length === expected.length) return { chunks };
  return { problem: `word ${wrong} of ${expected.length} is ${said[wrong]}, not ${expected[wrong]}`, chunks };
}

/** The words of each chunk, in order, from the audio as it was served and the places it was cut at. */
async function expectedWords(
  { id, number, ears }: ChaosEpisode,
  { chunks }: Manifest,
  { folder, seconds }: ToneWork,
): Promise<string[]> {
  const pcm = join(folder, `${id}.s16`);
  await writeFile(pcm, tonePcm(number, seconds));
  const words: string[] = [];
  for (const chunk of chunks) {
    const audio = await buffer(encodeChunk(pcm, chunk, ears === 'api' ? 'opus' : 'flac'));
    const heard = ears === 'api' ? await hearForApi(audio) : hearFlac(audio);
    words.push(...fakeWords(heard.sha256, heard.seconds));
  }
  await rm(pcm);
  return words;
}
