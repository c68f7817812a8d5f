import { open } from 'node:fs/promises';
import { MINUTE } from '#shared/config/defaults';
import { SAMPLE_RATE } from '#shared/contracts/manifest';
import { PermanentError, RetryableError } from '#shared/errors';
import { type FrameLevels, LevelMeter } from '../cut/frame-levels.ts';
import { atMostEvery } from '../fetch/at-most-every.ts';
import { writeAll } from '../fetch/write-all.ts';
import { QUIET, toPipe, type RunningTool, startTool, toolEnd, untrustedInput } from './media-tool.ts';

const PROGRESS_INTERVAL_MS = 250;

/** How much of the declared length may be missing: frames at the ends that encoders count and players drop. */
const TOLERANCE = { seconds: 3, share: 0.01 };

export interface DecodeOptions {
  signal?: AbortSignal | undefined;
  /** Longest audio taken, in seconds. */
  maxSeconds: number;
  /** The container's index of the stream to decode, from `probe`; by default its first audio stream. */
  stream?: number | undefined;
  /** Length the file claims to have, in seconds, from `probe`. */
  declaredSeconds?: number | undefined;
  /** Longest time without any output before ffmpeg counts as hung, in milliseconds. */
  stallMs?: number;
  /** Seconds decoded, at most four times a second. */
  onProgress?: (seconds: number) => void;
}

/**
 * Decodes a media file to 16 kHz mono s16le in a file of its own, and measures its levels on the way, in constant memory
 * (plus 4 bytes per 10 ms). Damaged places are left out.
 *
 * @throws PermanentError `too-long` as soon as it is, `truncated-audio` when much less comes than the file declares,
 *   `not-audio` when nothing can be decoded; RetryableError when ffmpeg hangs, is killed or fails, or the disk is full.
 */
export async function decode(path: string, pcmPath: string, options: DecodeOptions): Promise<FrameLevels> {
  const { declaredSeconds, maxSeconds, signal } = options;
  if (declaredSeconds !== undefined && declaredSeconds > maxSeconds) throw tooLong(declaredSeconds, maxSeconds);
  const track = options.stream === undefined ? '0:a:0' : `0:${options.stream}`;
  // One thread: the other cores belong to the other episodes. All errors allowed: what can be decoded is.
  const reading = ['-v', 'error', '-nostdin', '-max_error_rate', '1', '-threads', '1', ...untrustedInput(path)];
  const writing = ['-ac', '1', '-ar', String(SAMPLE_RATE), '-c:a', 'pcm_s16le', ...toPipe('s16le')];
  const tool = startTool('ffmpeg', [...QUIET, ...reading, '-map', track, ...writing], { signal });
  try {
    const levels = await receive(tool, pcmPath, options);
    const { exitCode, words } = await toolEnd('ffmpeg', tool, signal);
    assertWhole(levels.samples / SAMPLE_RATE, exitCode, words.replaceAll(`file:${path}`, 'the file'), declaredSeconds);
    return levels;
  } finally {
    tool.child.kill('SIGKILL');
    await tool.child;
  }
}

/** Writes what ffmpeg gives to the file, no faster than the disk takes it. */
async function receive({ child, output }: RunningTool, pcmPath: string, options: DecodeOptions): Promise<FrameLevels> {
  const { maxSeconds, stallMs = MINUTE } = options;
  const meter = new LevelMeter();
  const report = atMostEvery<number>(PROGRESS_INTERVAL_MS, (seconds) => options.onProgress?.(seconds));
  let stalled = false;
  const hang = (): NodeJS.Timeout =>
    setTimeout(() => {
      stalled = true;
      child.kill('SIGKILL');
    }, stallMs);
  const file = await open(pcmPath, 'w');
  let bytes = 0;
  let timer = hang();
  try {
    for await (const block of output as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      await writeAll(file, block, bytes, pcmPath);
      bytes += block.length;
      meter.push(block);
      const seconds = meter.samples / SAMPLE_RATE;
      if (seconds > maxSeconds) throw tooLong(undefined, maxSeconds);
      report(seconds);
      timer = hang();
    }
  } finally {
    clearTimeout(timer);
    await file.close();
  }
  if (stalled)
    throw new RetryableError(
      'ffmpeg-hung',
      `ffmpeg gave no audio for ${stallMs / 1000} s and was killed, after ${meter.samples / SAMPLE_RATE} s.`,
    );
  return meter.finish();
}

/** Half an episode must not pass for a whole one. */
function assertWhole(seconds: number, exitCode: number, words: string, declared: number | undefined): void {
  const missing = (declared ?? 0) - seconds;
  const complete = declared !== undefined && missing <= Math.max(TOLERANCE.seconds, TOLERANCE.share * declared);
  if (seconds === 0)
    throw new PermanentError(
      'not-audio',
      `Nothing of the sound track can be decoded: ${words || 'it holds no audio'}.`,
    );
  if (declared !== undefined && !complete) {
    throw new PermanentError(
      'truncated-audio',
      `The audio is cut short: the file declares ${declared.toFixed(1)} s, and ${seconds.toFixed(1)} s can be decoded. Fetch or encode it again.`,
    );
  }
  if (exitCode !== 0 && !complete) {
    throw new RetryableError(
      'ffmpeg-failed',
      `ffmpeg ended with status ${exitCode} after ${seconds.toFixed(1)} s of audio: ${words}`,
    );
  }
}

function tooLong(seconds: number | undefined, maxSeconds: number): PermanentError {
  const length = seconds === undefined ? `longer than ${maxSeconds} s` : `${Math.round(seconds)} s long`;
  return new PermanentError(
    'too-long',
    `The audio is ${length}; at most ${maxSeconds} s are taken (DOWNLOAD_MAX_HOURS=${maxSeconds / 3600}).`,
  );
}
