import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MINUTE } from '#shared/config/defaults';
import { SAMPLE_RATE } from '#shared/contracts/manifest';
import { RetryableError } from '#shared/errors';
import { writeAll } from '../fetch/write-all.ts';
import { QUIET, startTool, toolEnd } from './media-tool.ts';

const BYTES_PER_SAMPLE = 2;
const TIMEOUT_MS = 10 * MINUTE;
/** Where a FLAC file says how many samples it holds (RFC 9639, 8.2: the low 32 of 36 bits, big-endian). */
const FLAC_TOTAL_OFFSET = 22;

/** `flac` keeps every sample; `opus` is Ogg Opus at 32 kbit/s: 4 MB per 1,000 s, speech as good as before. */
export type ChunkFormat = 'flac' | 'opus';

const ENCODERS: Record<ChunkFormat, readonly string[]> = {
  flac: ['-c:a', 'flac', '-compression_level', '5', '-f', 'flac'],
  opus: ['-c:a', 'libopus', '-b:a', '32k', '-application', 'voip', '-compression_level', '5', '-f', 'ogg'],
};

/** No encoder's name, no random stream number, no date: the same samples give the same bytes. */
const REPRODUCIBLE = ['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact', '-threads', '1'];

/**
 * Encodes a stretch of 16 kHz mono s16le, exact to the sample. The same stretch gives the same bytes with the same ffmpeg.
 *
 * @param range first sample, and one past the last
 * @throws RetryableError when the samples are not all there, or ffmpeg fails, hangs or is killed, or the disk is full.
 */
export async function encodeChunk(
  pcmPath: string,
  range: { startSample: number; endSample: number },
  format: ChunkFormat,
  outPath: string,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<{ bytes: number }> {
  const { startSample, endSample } = range;
  const samples = endSample - startSample;
  if (!(startSample >= 0 && samples > 0))
    throw new RangeError(`Samples ${startSample} to ${endSample} are no stretch of audio.`);
  const input = ['-f', 's16le', '-ar', String(SAMPLE_RATE), '-ac', '1', '-protocol_whitelist', 'pipe', '-i', 'pipe:0'];
  const args = [...QUIET, '-v', 'error', '-nostdin', ...input, ...REPRODUCIBLE, ...ENCODERS[format], 'pipe:1'];
  const tool = startTool('ffmpeg', args, { ...options, timeoutMs: TIMEOUT_MS, feed: true });
  try {
    const [fed, bytes] = await Promise.all([
      feed(pcmPath, startSample, endSample, tool.child.stdin),
      // ffmpeg does not notice a full disk at the end of a file, so we write it.
      save(tool.output, outPath, format === 'flac' ? samples : undefined),
    ]);
    const { exitCode, words } = await toolEnd('ffmpeg', tool, options.signal);
    if (exitCode !== 0 || fed.bytes !== samples * BYTES_PER_SAMPLE) {
      const what = `ffmpeg ended with status ${exitCode} after ${fed.bytes} of ${samples * BYTES_PER_SAMPLE} bytes of samples. ${words}`;
      throw new RetryableError('encode-failed', what, { cause: fed.error });
    }
    return { bytes };
  } finally {
    tool.child.kill('SIGKILL');
    await tool.child;
  }
}

/** Hands the samples over. A pipe that breaks is told by ffmpeg's own end, a short file by the number of bytes. */
async function feed(pcmPath: string, startSample: number, endSample: number, stdin: Writable) {
  const samples = createReadStream(pcmPath, {
    start: startSample * BYTES_PER_SAMPLE,
    end: endSample * BYTES_PER_SAMPLE - 1,
    highWaterMark: 256 * 1024,
  });
  const error: unknown = await pipeline(samples, stdin).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { bytes: samples.bytesRead, error };
}

/** Writes what comes; into FLAC, the number of samples too, which ffmpeg cannot know when it begins. */
async function save(stdout: Readable, path: string, flacSamples: number | undefined): Promise<number> {
  const file = await open(path, 'w');
  try {
    let bytes = 0;
    for await (const block of stdout as AsyncIterable<Uint8Array>) {
      await writeAll(file, block, bytes, path);
      bytes += block.length;
    }
    if (flacSamples !== undefined && bytes > 0) {
      const total = Buffer.alloc(4);
      total.writeUInt32BE(flacSamples);
      await writeAll(file, total, FLAC_TOTAL_OFFSET, path);
    }
    return bytes;
  } finally {
    await file.close();
  }
}
