import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from '../../apps/downloader/src/audio/decode.ts';
import { encodeChunk } from '../../apps/downloader/src/audio/encode-chunk.ts';
import { probe } from '../../apps/downloader/src/audio/probe.ts';
import { speechMap } from '../../apps/downloader/src/cut/speech-map.ts';
import { findPaths } from '../../apps/cli/src/paths.ts';
import { WhisperEngine } from '../../apps/transcriber-whisper/src/whisper-engine.ts';
import { WhisperPool } from '../../apps/transcriber-whisper/src/whisper-pool.ts';
import { synthesise } from '../../examples/speech.ts';
import { whisperServerBinary } from '../../test/support/whisper-server.ts';
import { SAMPLE_RATE } from '#shared/contracts/manifest';
import { SILENT } from '#shared/observability/log';
import { transcribeCompletely } from '#shared/transcription/transcribe-completely';
import { wordErrorRate } from './word-error-rate.ts';

/**
 * What a feed's vocabulary is worth: invented names, spoken by a synthesiser, transcribed with and without them in the
 * prompt. Prints how many of the names are spelt right, and the word error rate. Ends with 1 when the prompt does not help.
 */

const MODEL = 'tiny.en-q8_0';
const NAMES = [
  'Brindleholm',
  'Quillfeather',
  'Marlowick',
  'Oakhart',
  'Kestrelmoor',
  'Valcourt',
  'Helmswick',
  'Thornaby',
  'Wexcombe',
  'Ravensgill',
];
const SENTENCES = NAMES.flatMap((name, at) => [
  `Today we are going to talk about ${name} and what happened there.`,
  `Everybody said that ${name} was the one who knew ${NAMES[(at + 3) % NAMES.length]} best.`,
]);

const { models } = findPaths();
const signal = new AbortController().signal;
const folder = await mkdtemp(join(tmpdir(), 'podline-eval-'));
const pool = new WhisperPool({
  binary: whisperServerBinary(),
  workers: 1,
  threads: 1,
  modelFile: async (name) => join(models, `ggml-${name}.bin`),
  log: SILENT,
});

try {
  process.exitCode = await evaluate();
} finally {
  await pool.stop();
  await rm(folder, { recursive: true, force: true });
}

async function evaluate(): Promise<number> {
  const source = join(folder, 'speech.wav');
  await synthesise(
    SENTENCES.map((text, at) => ({ voice: at % 2 === 0 ? 'slt' : 'rms', text })),
    source,
  );
  const pcm = join(folder, 'audio.s16');
  await probe(source, { signal });
  const { samples, levels } = await decode(source, pcm, { signal, maxSeconds: 3600 });
  const audio = join(folder, 'audio.flac');
  await encodeChunk(pcm, { startSample: 0, endSample: samples }, 'flac', audio, { signal });
  const speech = speechMap(levels).spans;
  await pool.load(MODEL);
  console.log(`${NAMES.length} names, ${spoken()} times in ${Math.round(samples / SAMPLE_RATE)} s, ${MODEL}`);
  console.log('prompt    names wrong    word error rate');
  const wrong: number[] = [];
  for (const prompt of [undefined, `${NAMES.join(', ')}.`]) {
    const text = await transcribe(audio, samples / SAMPLE_RATE, speech, prompt);
    const missed = spoken() - found(text);
    wrong.push(missed / spoken());
    const { rate } = wordErrorRate(SENTENCES.join(' '), text);
    console.log(
      `${(prompt ? 'names' : 'none').padEnd(10)}${percent(missed / spoken()).padStart(11)}${percent(rate).padStart(19)}`,
    );
  }
  return (wrong[1] ?? 1) < (wrong[0] ?? 0) ? 0 : 1;
}

async function transcribe(
  file: string,
  seconds: number,
  speech: readonly (readonly [number, number])[],
  prompt: string | undefined,
): Promise<string> {
  const job = {
    v: 1 as const,
    episodeId: 'vocabulary',
    lane: 'normal' as const,
    cut: '000000000000',
    chunk: 0,
    chunks: 1,
    seconds,
    speech: speech.map(([start, end]): [number, number] => [start, end]),
    audio: file,
    provider: 'whisper' as const,
    model: MODEL,
    language: 'en',
    ...(prompt === undefined ? {} : { prompt }),
    decoding: {},
  };
  const { transcript } = await transcribeCompletely(new WhisperEngine(pool), await readFile(file), job, {
    signal,
    timeoutMs: 600_000,
    onProgress: () => undefined,
  });
  return transcript.segments.map(({ text }) => text).join(' ');
}

function spoken(): number {
  return found(SENTENCES.join(' '));
}

/** How often the names stand in a text, spelt right. */
function found(text: string): number {
  return NAMES.reduce((sum, name) => sum + (text.match(new RegExp(`\\b${name}\\b`, 'gi'))?.length ?? 0), 0);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
