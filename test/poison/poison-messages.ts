import fc from 'fast-check';
import { chunkTranscriptKey, manifestKey, transcriptKey } from '#shared/contracts/artifact-keys';
import { cutOf } from '#shared/contracts/manifest';
import { LANES, type Queue, transcribeQueue } from '#shared/contracts/names';
import { jobSubject } from '#shared/contracts/subjects';
import { FAKE_MODEL } from '../support/fake-models.ts';
import { mutatedJson } from './mutate-json.ts';
import { type Mould, plantAudio, plantManifest, plantState, recast } from './planted-artifacts.ts';
import type { PoisonStack } from './poison-stack.ts';
import { sampleRequest, sampleSummarizeJob, sampleTranscribeJob } from './sample-messages.ts';

/** Everything podline reads: the messages of its queues, and what it finds in its stores. */
export const KINDS = [
  'request',
  'transcribe-whisper',
  'transcribe-openai',
  'summarize',
  'state',
  'manifest',
  'chunk-transcript',
  'transcript',
] as const;
export type Kind = (typeof KINDS)[number];

/** One poisoned thing, and the message that makes somebody read it. */
export interface Poison {
  kind: Kind;
  /** The episode it was made for; a mutated message may name another. */
  id: string;
  queue: Queue;
  /** The message that was published. */
  message: Buffer;
}

/** Plants and publishes so many, the kinds in turn; the same for the same seed. */
export async function publishPoison(stack: PoisonStack, mould: Mould, count: number, seed: number): Promise<Poison[]> {
  const each = Math.ceil(count / KINDS.length);
  const published: Poison[] = [];
  for (const [place, kind] of KINDS.entries()) {
    for (let number = 0; number < each && published.length < count; number++) {
      const id = `p-${kind}-${number}`;
      const [bytes] = fc.sample(mutatedJson(originalOf(kind, stack, mould, id)), {
        numRuns: 1,
        seed: seed + place * 1_000_003 + number,
      });
      if (bytes === undefined) continue;
      const poison = await plant(kind, id, bytes, stack, mould);
      await stack.raw.jetstream().publish(jobSubject(poison.queue, LANES[number % 3] ?? 'normal'), poison.message);
      published.push(poison);
    }
  }
  return published;
}

function originalOf(kind: Kind, stack: PoisonStack, mould: Mould, id: string): unknown {
  const manifest = recast(mould.manifest, mould.manifest.episodeId, id);
  const originals: Record<Kind, () => unknown> = {
    request: () => sampleRequest(id, stack.media.url('/good.flac')),
    'transcribe-whisper': () => sampleTranscribeJob(manifest, 'whisper', FAKE_MODEL),
    'transcribe-openai': () => sampleTranscribeJob(manifest, 'openai', 'whisper-1'),
    summarize: () => sampleSummarizeJob(id),
    state: () => recast(mould.state, mould.manifest.episodeId, id),
    manifest: () => manifest,
    'chunk-transcript': () => recast(mould.chunk, mould.manifest.episodeId, id),
    transcript: () => recast(mould.transcript, mould.manifest.episodeId, id),
  };
  return originals[kind]();
}

async function plant(kind: Kind, id: string, bytes: Buffer, stack: PoisonStack, mould: Mould): Promise<Poison> {
  const { results } = stack.client;
  const manifest = recast(mould.manifest, mould.manifest.episodeId, id);
  const request = Buffer.from(JSON.stringify({ id, url: stack.media.url('/good.flac') }));
  switch (kind) {
    case 'request':
      return { kind, id, queue: 'download', message: bytes };
    case 'transcribe-whisper':
    case 'transcribe-openai': {
      const provider = kind === 'transcribe-whisper' ? 'whisper' : 'openai';
      await plantManifest(stack, manifest);
      await plantAudio(stack, manifest, provider);
      return { kind, id, queue: transcribeQueue(provider), message: bytes };
    }
    case 'summarize':
      await results.put(transcriptKey(id, 'json'), json(recast(mould.transcript, mould.manifest.episodeId, id)));
      return { kind, id, queue: 'summarize', message: bytes };
    case 'state':
      await plantState(stack, id, bytes);
      return { kind, id, queue: 'download', message: request };
    case 'manifest':
      await results.put(manifestKey(id), bytes);
      await plantAudio(stack, manifest, 'whisper');
      return { kind, id, queue: 'download', message: request };
    case 'chunk-transcript':
      await plantManifest(stack, manifest);
      await results.put(chunkTranscriptKey(id, cutOf(manifest), 0), bytes);
      return { kind, id, queue: 'download', message: request };
    case 'transcript':
      await results.put(transcriptKey(id, 'json'), bytes);
      return { kind, id, queue: 'summarize', message: json(sampleSummarizeJob(id)) };
  }
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
