import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { execa } from 'execa';
import { decode } from '../../apps/downloader/src/audio/decode.ts';
import { encodeChunk } from '../../apps/downloader/src/audio/encode-chunk.ts';
import { speechMap } from '../../apps/downloader/src/cut/speech-map.ts';
import { findPaths } from '../../apps/cli/src/paths.ts';
import { WhisperEngine } from '../../apps/transcriber-whisper/src/whisper-engine.ts';
import { SAMPLE_RATE } from '#shared/contracts/manifest';
import { type CheckedChunk, transcribeCompletely } from '#shared/transcription/transcribe-completely';
import { evalPool, MODEL } from './whisper-pool.ts';
import { WORDLESS, type Wordless } from './wordless.ts';

/**
 * How often the completeness gate cries wolf: music, jingles, noise and silence go through the downloader's own speech
 * map and a real whisper engine, alone and between two stretches of speech. Prints a table. Nothing of it holds speech
 * without text, so each finding that stays is a false alarm, and each second decoding is work for nothing.
 */

const { root } = findPaths();
const speechFile = join(root, 'test', 'fixtures', 'speech-12s.flac');
const signal = new AbortController().signal;
const folder = await mkdtemp(join(tmpdir(), 'podline-alarms-'));
const pool = evalPool();
const engine = new WhisperEngine(pool);

try {
  await pool.load(MODEL);
  const heard = [];
  for (const sound of WORDLESS)
    for (const between of [false, true]) heard.push({ sound, between, result: await hear(sound, between) });
  const width = 26;
  console.log(`${'sound'.padEnd(width)}${'alone'.padEnd(width)}between speech`);
  for (const sound of WORDLESS) {
    const cells = heard.filter((one) => one.sound === sound).map(({ result }) => describe(result).padEnd(width));
    console.log(sound.name.padEnd(width) + cells.join(''));
  }
  const results = heard.flatMap(({ result }) => (result === undefined ? [] : [result]));
  const count = (of: (result: CheckedChunk) => boolean): number => results.filter(of).length;
  console.log(
    `\n${heard.length} sounds, ${results.length} of them not silent: ` +
      `${count(({ findings }) => findings.length > 0)} false alarms, ` +
      `${count(({ transcript }) => transcript.settings.attempt > 1)} where the second decoding was kept, ` +
      `${count(({ doubts }) => doubts.length > 0)} that a fallback provider would be asked about.`,
  );
} finally {
  await pool.stop();
  await rm(folder, { recursive: true, force: true });
}

/** @returns undefined where the speech map finds nothing: no engine is asked then. */
async function hear({ source }: Wordless, between: boolean): Promise<CheckedChunk | undefined> {
  const file = join(folder, 'sound.wav');
  const around = between ? ['-i', speechFile, '-i', speechFile] : [];
  const joined = '[1:a]aresample=44100[a];[2:a]aresample=44100[b];[a][0:a][b]concat=n=3:v=0:a=1';
  const filter = between ? ['-filter_complex', joined] : [];
  await execa('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, ...around, ...filter, '-ac', '1', '-y', file]);
  const pcm = join(folder, 'sound.s16');
  const { samples, levels } = await decode(file, pcm, { signal, maxSeconds: 3600 });
  const speech = speechMap(levels).spans;
  if (speech.length === 0) return undefined;
  return transcribeCompletely(
    engine,
    await buffer(encodeChunk(pcm, { startSample: 0, endSample: samples }, 'flac', { signal })),
    {
      v: 1,
      episodeId: 'wordless',
      lane: 'normal',
      cut: '0123456789ab',
      chunk: 0,
      chunks: 1,
      seconds: samples / SAMPLE_RATE,
      speech,
      audio: 'sound.flac',
      provider: 'whisper',
      model: MODEL,
      language: 'en',
      decoding: {},
    },
    { signal, timeoutMs: 600_000, onProgress: () => undefined },
  );
}

function describe(result: CheckedChunk | undefined): string {
  if (result === undefined) return 'silent';
  const { findings, doubts } = result;
  if (findings.length > 0) return `ALARM ${findings.map(({ kind }) => kind).join(', ')}`;
  return doubts.length > 0 ? 'believed, second look' : 'quiet';
}
