/**
 * Finds the number of engines and threads that hear the most on this machine: `tune [--audio FILE] [--seconds 45]`, with
 * the model and paths of the service's own environment. Prints one line of JSON for each setting, the best one last.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { loadConfig } from '#shared/config/load';
import { whisperConfigSchema } from '#shared/config/transcriber';
import { asError } from '#shared/errors';
import { SILENT } from '#shared/observability/log';
import { findModel } from './model-file.ts';
import { availableResources } from './pool-size.ts';
import { candidates } from './tune/candidates.ts';
import { measureSpeed, type Speech } from './tune/measure-speed.ts';

/** Of the audio, this much is heard, from its beginning: one window of whisper. */
const CLIP_SECONDS = 30;

const { values } = parseArgs({
  options: {
    audio: { type: 'string', default: 'examples/sample-episode.mp3' },
    seconds: { type: 'string', default: '45' },
  },
});
try {
  await tune();
} catch (error) {
  console.error(asError(error).message);
  process.exitCode = 1;
}

async function tune(): Promise<void> {
  const config = loadConfig(whisperConfigSchema);
  const model = await findModel(config.WHISPER_MODELS_DIR, config.WHISPER_MODEL);
  const speech = await clipOf(values.audio);
  const tried = candidates(availableResources(), model.bytes);
  const settings = { binary: config.PODLINE_WHISPER_SERVER, modelFile: model.path, log: SILENT };
  const found: { workers: number; threads: number; realTime: number }[] = [];
  for (const size of tried) {
    const realTime = await measureSpeed(size, speech, settings, (1000 * Number(values.seconds)) / tried.length);
    found.push({ ...size, realTime });
    console.log(JSON.stringify({ model: config.WHISPER_MODEL, ...size, realTime: Number(realTime.toFixed(2)) }));
  }
  const [best] = found.toSorted((a, b) => b.realTime - a.realTime);
  console.log(JSON.stringify({ best }));
}

async function clipOf(path: string): Promise<Speech> {
  const folder = await mkdtemp(join(tmpdir(), 'podline-tune-'));
  try {
    const clip = join(folder, 'clip.flac');
    const args = ['-v', 'error', '-i', path, '-t', String(CLIP_SECONDS), '-ac', '1', '-ar', '16000', clip];
    await execa('ffmpeg', ['-nostdin', ...args]);
    return { audio: await readFile(clip), fileName: 'clip.flac', seconds: CLIP_SECONDS };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
