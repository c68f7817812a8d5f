import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { decode } from '../../apps/downloader/src/audio/decode.ts';
import { encodeChunk } from '../../apps/downloader/src/audio/encode-chunk.ts';
import { probe } from '../../apps/downloader/src/audio/probe.ts';
import { planChunks } from '../../apps/downloader/src/cut/plan-chunks.ts';
import { type SpeechMap, speechMap } from '../../apps/downloader/src/cut/speech-map.ts';
import { findPaths } from '../../apps/cli/src/paths.ts';
import { WhisperEngine } from '../../apps/transcriber-whisper/src/whisper-engine.ts';
import type { ChunkTranscript } from '#shared/contracts/chunk-transcript';
import { episodeRequestSchema } from '#shared/contracts/episode-request';
import { chunkSeconds, type Manifest } from '#shared/contracts/manifest';
import { speechOf } from '#shared/transcription/continue-episode';
import { mergeTranscript } from '#shared/transcription/merge';
import { transcribeCompletely } from '#shared/transcription/transcribe-completely';
import { evalPool, MODEL } from './whisper-pool.ts';
import { wordErrorRate } from './word-error-rate.ts';

/**
 * Word error rate of the sample episode against its script, cut in chunks of several lengths: the downloader's own cutting,
 * a real whisper engine, the services' own merge. Prints a table; ends with 1 when a limit is broken.
 */

/** Target lengths of a chunk, in seconds; the first is the whole episode, which the others are compared with. */
const LENGTHS = [1800, 300, 150, 60];
/** Most errors of any cutting, and most that cutting may cost, as shares of the words. */
const LIMITS = { rate: 0.05, cost: 0.005 };

const { examples } = findPaths();
const signal = new AbortController().signal;
const folder = await mkdtemp(join(tmpdir(), 'podline-eval-'));
const pool = evalPool();

try {
  process.exitCode = await evaluate();
} finally {
  await pool.stop();
  await rm(folder, { recursive: true, force: true });
}

async function evaluate(): Promise<number> {
  const source = join(examples, 'sample-episode.mp3');
  const reference = await readFile(join(examples, 'reference.txt'), 'utf8');
  const pcm = join(folder, 'audio.s16');
  const info = await probe(source, { signal });
  const { samples, levels } = await decode(source, pcm, { signal, maxSeconds: 3600 });
  const speech = speechMap(levels);
  await pool.load(MODEL);
  console.log('chunk length   chunks   words   wrong   missing   added      WER');
  const rates: number[] = [];
  for (const targetSeconds of LENGTHS) {
    const manifest = manifestOf({ samples, levels, speech, targetSeconds, title: info.title });
    const text = await transcribe(manifest, pcm);
    const { rate, words, substitutions, deletions, insertions } = wordErrorRate(reference, text);
    rates.push(rate);
    const cells = [
      `${targetSeconds} s`,
      manifest.chunks.length,
      words,
      substitutions,
      deletions,
      insertions,
      percent(rate),
    ];
    console.log(cells.map((cell, at) => String(cell).padStart([12, 9, 8, 8, 10, 8, 9][at] ?? 8)).join(''));
  }
  const worst = Math.max(...rates);
  const cost = Math.max(...rates.map((rate) => rate - (rates[0] ?? 0)));
  console.log(
    `\nWorst: ${percent(worst)} (limit ${percent(LIMITS.rate)}). Cutting costs at most ${percent(cost)} (limit ${percent(LIMITS.cost)}).`,
  );
  return worst > LIMITS.rate || cost > LIMITS.cost ? 1 : 0;
}

interface Cutting {
  samples: number;
  levels: Float32Array;
  speech: SpeechMap;
  targetSeconds: number;
  title: string | undefined;
}

function manifestOf({ samples, levels, speech, targetSeconds, title }: Cutting): Manifest {
  const request = episodeRequestSchema.parse({ url: 'https://podline.example/sample-episode.mp3' });
  const chunks = planChunks({
    samples,
    levels,
    speech,
    targetSeconds,
    maxSeconds: targetSeconds * 1.15 + 2,
    overlapSeconds: 2,
  });
  return {
    v: 1,
    episodeId: 'sample',
    request,
    options: {
      provider: 'whisper',
      model: MODEL,
      language: 'en',
      chunkSeconds: targetSeconds,
      decoding: {},
      lane: 'normal',
      summary: { provider: 'extractive' },
    },
    source: {
      bytes: 1,
      sha256: 'none',
      codec: 'mp3',
      channels: 1,
      sampleRate: 44_100,
      container: 'mp3',
      ...(title === undefined ? {} : { title }),
    },
    samples,
    speech: speech.spans,
    chunks,
  };
}

async function transcribe(manifest: Manifest, pcm: string): Promise<string> {
  const engine = new WhisperEngine(pool);
  const transcripts: ChunkTranscript[] = [];
  for (const chunk of manifest.chunks) {
    const { transcript } = await transcribeCompletely(
      engine,
      await buffer(encodeChunk(pcm, chunk, 'flac', { signal })),
      {
        v: 1,
        episodeId: manifest.episodeId,
        lane: 'normal',
        cut: '0123456789ab',
        chunk: chunk.index,
        chunks: manifest.chunks.length,
        seconds: chunkSeconds(chunk),
        speech: speechOf(chunk, manifest.speech),
        audio: `${chunk.index}.flac`,
        provider: 'whisper',
        model: MODEL,
        language: 'en',
        decoding: {},
      },
      { signal, timeoutMs: 600_000, onProgress: () => undefined },
    );
    transcripts.push(transcript);
  }
  return mergeTranscript(manifest, transcripts)
    .segments.map(({ text }) => text)
    .join(' ');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
