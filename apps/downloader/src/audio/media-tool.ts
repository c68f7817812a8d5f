import { PassThrough, pipeline } from 'node:stream';
import { execa } from 'execa';
import { CancelledError, RetryableError } from '#shared/errors';
import { boundToParent } from '#shared/process/bound-to-parent';
import { stopReason } from '../fetch/stop-reason.ts';

/** What is kept of a tool's own words, to explain its end, in characters. */
const TAIL_CHARACTERS = 2000;
/** Largest single block of memory a tool may ask for: hostile headers ask for gigabytes. */
const MAX_BLOCK_BYTES = 256 * 1024 * 1024;
/** A shell's exit statuses for a program that cannot be run; setpriv uses them too. */
const CANNOT_RUN = new Set([126, 127]);
/** ffmpeg's own exit statuses after SIGINT or SIGTERM: it stops politely in the middle. */
const INTERRUPTED = new Set([123, 255]);

/**
 * The demuxers that may open a file from outside: containers of audio, and of video with sound. Playlists and
 * descriptions of other files (hls, dash, concat, sdp, imf...) are not among them.
 */
const DEMUXERS =
  'aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dts,eac3,flac,flv,loas,' +
  'matroska,mov,mp3,mpc,mpc8,mpeg,mpegts,ogg,rm,tak,tta,w64,wav,wv';

/** Arguments every call begins with. */
export const QUIET = ['-hide_banner', '-max_alloc', String(MAX_BLOCK_BYTES)];

/**
 * Last arguments of a call that gives a file of this format. Unasked, ffmpeg writes every frame by itself: 80,000 pieces of
 * 900 bytes for 37 minutes of samples, and to take those costs nearly as much processor time as to decode them.
 */
export const toPipe = (format: string): string[] => ['-flush_packets', '0', '-f', format, 'pipe:1'];

/** Arguments that open a file from outside: itself only, whatever it says about other files or hosts. */
export function untrustedInput(path: string): string[] {
  return ['-protocol_whitelist', 'file', '-format_whitelist', DEMUXERS, '-i', `file:${path}`];
}

export type Tool = 'ffmpeg' | 'ffprobe';

export interface ToolOptions {
  signal?: AbortSignal | undefined;
  /** Longest time the tool may take, in milliseconds. */
  timeoutMs?: number;
}

/** Starts a tool that ends with this process, at the signal, or at its time-out. Read its `output`, then `toolEnd`. */
export function startTool(tool: Tool, args: readonly string[], options: ToolOptions = {}) {
  const [file, all] = boundToParent(tool, args);
  const child = execa(file, all, {
    buffer: false,
    reject: false,
    killSignal: 'SIGKILL',
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
  });
  // A reader from the first moment on: what comes before somebody reads, Node and execa throw away.
  const output = new PassThrough();
  pipeline(child.stdout, output, () => undefined);
  child.stdin.end();
  let tail = '';
  child.stderr.on('data', (data: Buffer) => {
    tail = (tail + data.toString('utf8')).slice(-TAIL_CHARACTERS);
  });
  return { child, output, words: () => tail };
}

export type RunningTool = ReturnType<typeof startTool>;

/**
 * Waits for the end of a tool. @returns its exit status and its last words, fit for a message.
 * @throws CancelledError or the signal's reason, RetryableError when the tool could not run or was stopped.
 */
export async function toolEnd(
  tool: Tool,
  { child, words }: RunningTool,
  signal?: AbortSignal,
): Promise<{ exitCode: number; words: string }> {
  const result = await child;
  if (signal?.aborted === true) throw stopReason(signal);
  if (result.isCanceled) throw new CancelledError();
  if (result.timedOut)
    throw new RetryableError(`${tool}-hung`, `${tool} gave no answer in ${result.durationMs / 1000} s and was killed.`);
  const { exitCode } = result;
  if (child.pid === undefined || CANNOT_RUN.has(exitCode ?? 0)) {
    throw new RetryableError(`${tool}-missing`, `${tool} cannot be run: install ffmpeg, or put it on the PATH.`, {
      blameless: true,
    });
  }
  if (exitCode === undefined || INTERRUPTED.has(exitCode)) {
    const how = result.signal ?? `exit status ${exitCode}`;
    throw new RetryableError(
      `${tool}-killed`,
      `${tool} was stopped by somebody else (${how}); the system may be out of memory.`,
    );
  }
  return { exitCode, words: oneLine(words().replaceAll(/ @ 0x[0-9a-f]+/g, '')) };
}

/** Text from a file as one harmless line: no control characters, none that turn the direction of writing. */
export function oneLine(text: string, maxLength = 500): string {
  const line = text
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}
