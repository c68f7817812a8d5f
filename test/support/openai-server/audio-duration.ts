import { createHash, randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { AudioFormat } from './audio-format.ts';

const known = new Map<string, number | undefined>();

/** Seconds of audio in a file; undefined when it can't be decoded. The same bytes are measured once. */
export async function audioDuration(bytes: Buffer, format: AudioFormat): Promise<number | undefined> {
  const key = `${bytes.length}:${createHash('sha1').update(bytes).digest('base64')}`;
  if (!known.has(key)) known.set(key, fromHeader(bytes, format) ?? (await probe(bytes)));
  return known.get(key);
}

/** Without a child process where the container says it plainly. */
function fromHeader(bytes: Buffer, format: AudioFormat): number | undefined {
  if (format === 'wav') return wavSeconds(bytes);
  if (format === 'flac') return flacSeconds(bytes);
  return format === 'ogg' ? opusSeconds(bytes) : undefined;
}

/** RIFF: the `fmt ` chunk holds bytes per second at its offset 8; the `data` chunk's length may lie in a stream. */
function wavSeconds(bytes: Buffer): number | undefined {
  let bytesPerSecond = 0;
  for (let at = 12; at + 8 <= bytes.length;) {
    const id = bytes.toString('latin1', at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    if (id === 'fmt ' && at + 20 <= bytes.length) bytesPerSecond = bytes.readUInt32LE(at + 16);
    if (id === 'data') return bytesPerSecond > 0 ? Math.min(length, bytes.length - at - 8) / bytesPerSecond : undefined;
    at += 8 + length + (length % 2);
  }
  return undefined;
}

/** RFC 9639, section 8.2: STREAMINFO is the first block; 20 bits of sample rate at byte 18, 36 bits of samples at 21. */
function flacSeconds(bytes: Buffer): number | undefined {
  const isStreamInfo = bytes.length >= 42 && (bytes.readUInt8(4) & 0x7f) === 0 && bytes.readUIntBE(5, 3) === 34;
  if (!isStreamInfo) return undefined;
  const rate = bytes.readUIntBE(18, 3) >> 4;
  const samples = (bytes.readUInt8(21) & 0x0f) * 2 ** 32 + bytes.readUInt32BE(22);
  return rate > 0 && samples > 0 ? samples / rate : undefined;
}

/** RFC 7845: a granule position counts 48 kHz samples, the first `pre-skip` of which are not played. */
function opusSeconds(bytes: Buffer): number | undefined {
  const head = bytes.indexOf('OpusHead', 0, 'latin1');
  const lastPage = bytes.lastIndexOf('OggS', bytes.length, 'latin1');
  if (head < 0 || head > 128 || lastPage + 14 > bytes.length) return undefined;
  const granule = Number(bytes.readBigInt64LE(lastPage + 6));
  return granule > 0 ? Math.max(0, granule - bytes.readUInt16LE(head + 10)) / 48_000 : undefined;
}

/** From a file, not a pipe: several containers keep what is needed at their end. */
async function probe(bytes: Buffer): Promise<number | undefined> {
  const file = join(tmpdir(), `podline-openai-server-${randomUUID()}`);
  try {
    await writeFile(file, bytes);
    const { stdout } = await execa(
      'ffprobe',
      ['-v', 'error', '-show_entries', 'format=duration', '-of', 'default=noprint_wrappers=1:nokey=1', file],
      { reject: false, stdin: 'ignore' },
    );
    const seconds = Number(stdout);
    return stdout !== '' && Number.isFinite(seconds) ? seconds : undefined;
  } finally {
    await rm(file, { force: true });
  }
}
