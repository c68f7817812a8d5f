import { stat } from 'node:fs/promises';
import { MINUTE } from '#shared/config/defaults';
import { SAMPLE_RATE } from '#shared/contracts/manifest';
import { RetryableError } from '#shared/errors';
import { QUIET, startTool, toolEnd, toPipe } from './media-tool.ts';

const BYTES_PER_SAMPLE = 2;
const TIMEOUT_MS = 10 * MINUTE;
/** Where a FLAC file says how many samples it holds (RFC 9639, 8.2: the low 32 of 36 bits, big-endian). */
const FLAC_TOTAL_OFFSET = 22;

/** `flac` keeps every sample; `opus` is Ogg Opus at 32 kbit/s: 4 MB per 1,000 s, speech as good as before. */
export type ChunkFormat = 'flac' | 'opus';

const ENCODERS: Record<ChunkFormat, readonly string[]> = {
  flac: ['-c:a', 'flac', '-compression_level', '5', ...toPipe('flac')],
  opus: ['-c:a', 'libopus', '-b:a', '32k', '-application', 'voip', '-compression_level', '5', ...toPipe('ogg')],
};

/** No encoder's name, no random stream number, no date: the same samples give the same bytes. */
const REPRODUCIBLE = ['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact', '-threads', '1'];

/**
 * Encodes a stretch of 16 kHz mono s16le, exact to the sample, as fast as it is read. The same stretch gives the same bytes
 * with the same ffmpeg.
 *
 * @param range first sample, and one past the last
 * @returns the file's bytes; they end without an error only where they are whole.
 * @throws RetryableError when the samples are not all there, or ffmpeg fails, hangs or is killed.
 */
export async function* encodeChunk(
  pcmPath: string,
  { startSample, endSample }: { startSample: number; endSample: number },
  format: ChunkFormat,
  options: { signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Uint8Array> {
  if (!(startSample >= 0 && endSample > startSample))
    throw new RangeError(`Samples ${startSample} to ${endSample} are no stretch of audio.`);
  const [start, end] = [startSample * BYTES_PER_SAMPLE, endSample * BYTES_PER_SAMPLE];
  await assertHolds(pcmPath, end);
  // ffmpeg reads the stretch itself: to hand it over through a pipe costs processor time on both sides.
  const stretch = ['-protocol_whitelist', 'subfile,file', '-i', `subfile,,start,${start},end,${end},,:file:${pcmPath}`];
  const input = ['-f', 's16le', '-ar', String(SAMPLE_RATE), '-ac', '1', ...stretch];
  const args = [...QUIET, '-v', 'error', '-nostdin', ...input, ...REPRODUCIBLE, ...ENCODERS[format]];
  const tool = startTool('ffmpeg', args, { ...options, timeoutMs: TIMEOUT_MS });
  try {
    yield* format === 'flac' ? withTotal(tool.output, endSample - startSample) : tool.output;
    const { exitCode, words } = await toolEnd('ffmpeg', tool, options.signal);
    if (exitCode !== 0) throw new RetryableError('encode-failed', `ffmpeg ended with status ${exitCode}: ${words}`);
  } finally {
    tool.child.kill('SIGKILL');
    await tool.child;
  }
}

async function assertHolds(pcmPath: string, bytes: number): Promise<void> {
  const { size } = await stat(pcmPath).catch((cause: unknown) => {
    throw new RetryableError('encode-failed', `The decoded audio ${pcmPath} is gone.`, { cause });
  });
  if (size >= bytes) return;
  throw new RetryableError('encode-failed', `The decoded audio ${pcmPath} has ${size} of ${bytes} bytes.`);
}

/** Writes the number of samples into FLAC, which ffmpeg cannot know when it begins. */
async function* withTotal(flac: AsyncIterable<Buffer>, samples: number): AsyncGenerator<Uint8Array> {
  const total = Buffer.alloc(4);
  total.writeUInt32BE(samples);
  let at = 0;
  for await (const block of flac) {
    for (let i = 0; i < total.length; i++) {
      const place = FLAC_TOTAL_OFFSET + i - at;
      if (place >= 0 && place < block.length) block[place] = total[i] ?? 0;
    }
    at += block.length;
    yield block;
  }
}
