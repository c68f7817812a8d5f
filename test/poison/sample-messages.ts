import type { z } from 'zod';
import { chunkAudioKey } from '#shared/contracts/artifact-keys';
import { episodeRequestSchema } from '#shared/contracts/episode-request';
import { summarizeJobSchema, type TranscribeJob, transcribeJobSchema } from '#shared/contracts/jobs';
import { chunkSeconds, cutOf, type Manifest } from '#shared/contracts/manifest';
import type { TranscriptionProvider } from '#shared/contracts/names';

/** Valid messages with every optional field, so that a mutation can hit each of them. Checked by their schemas. */

export function sampleRequest(id: string, url: string): z.input<typeof episodeRequestSchema> {
  const request: z.input<typeof episodeRequestSchema> = {
    v: 1,
    url,
    id,
    feed: 'https://example.com/feed.xml',
    guid: `guid-${id}`,
    title: 'A title',
    publishedAt: '2026-01-02T03:04:05Z',
    lane: 'normal',
    options: {
      provider: 'whisper',
      language: 'en',
      prompt: 'names',
      chunkSeconds: 60,
      decoding: { temperature: 0, temperatureIncrement: 0.2, beamSize: 2, bestOf: 2 },
      summary: { provider: 'extractive', sentences: 3 },
    },
    webhook: 'https://example.com/hook',
    metadata: { show: 'A show', season: '2' },
  };
  episodeRequestSchema.parse(request);
  return request;
}

/** A job for the first chunk of this manifest. */
export function sampleTranscribeJob(manifest: Manifest, provider: TranscriptionProvider, model: string): TranscribeJob {
  const [chunk] = manifest.chunks;
  if (chunk === undefined) throw new Error('The manifest has no chunk.');
  return transcribeJobSchema.parse({
    v: 1,
    episodeId: manifest.episodeId,
    lane: 'normal',
    cut: cutOf(manifest),
    chunk: 0,
    chunks: manifest.chunks.length,
    seconds: chunkSeconds(chunk),
    speech: manifest.speech,
    audio: chunkAudioKey(manifest.episodeId, cutOf(manifest), 0, provider),
    provider,
    model,
    language: 'en',
    prompt: 'names',
    decoding: { temperature: 0, temperatureIncrement: 0.2, beamSize: 2, bestOf: 2 },
    fallback: true,
  });
}

export function sampleSummarizeJob(episodeId: string): z.input<typeof summarizeJobSchema> {
  const job = { v: 1, episodeId, lane: 'normal', provider: 'extractive', model: 'none', sentences: 3 } as const;
  summarizeJobSchema.parse(job);
  return job;
}
