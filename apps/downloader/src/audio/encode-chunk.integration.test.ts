import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { CancelledError } from '#shared/errors';
import { encodeChunk } from './encode-chunk.ts';
import { babble, make, testFolder } from './media-files.test-support.ts';

const RATE = 16_000;
const file = testFolder();
let pcm: string;

beforeAll(async () => {
  pcm = await make(file('audio.s16'), ...babble(10, RATE), '-f', 's16le', '-ac', '1');
});

async function samplesOf(path: string): Promise<Uint8Array> {
  const { stdout } = await execa('ffmpeg', ['-v', 'error', '-nostdin', '-i', path, '-f', 's16le', 'pipe:1'], {
    encoding: 'buffer',
  });
  return stdout;
}

async function secondsOf(path: string): Promise<number> {
  const { stdout } = await execa('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'format=duration',
    '-of',
    'csv=p=0',
    path,
  ]);
  return Number(stdout);
}

describe('encodeChunk', () => {
  test('loses no sample: FLAC chunks decode to the stretches they were made of', async () => {
    const cuts = [0, 12_345, 99_999, 10 * RATE];
    const decoded: Uint8Array[] = [];
    for (const [i, startSample] of cuts.slice(0, -1).entries()) {
      await encodeChunk(pcm, { startSample, endSample: cuts[i + 1] ?? 0 }, 'flac', file(`${i}.flac`));
      decoded.push(await samplesOf(file(`${i}.flac`)));
    }
    expect(Buffer.concat(decoded).equals(await readFile(pcm))).toBe(true);
    expect(await secondsOf(file('0.flac'))).toBeCloseTo(12_345 / RATE, 5);
  });

  test('makes Opus of the same length, small, of 16 kHz mono speech', async () => {
    const { bytes } = await encodeChunk(pcm, { startSample: 1111, endSample: 130_001 }, 'opus', file('a.ogg'));
    expect(Math.abs((await secondsOf(file('a.ogg'))) - (130_001 - 1111) / RATE)).toBeLessThan(0.02);
    expect(bytes).toBeLessThan(8.1 * 6000);
    const back = await execa('ffmpeg', ['-v', 'error', '-i', file('a.ogg'), '-ar', '16000', '-f', 's16le', 'pipe:1'], {
      encoding: 'buffer',
    });
    expect(Math.abs(back.stdout.length / 2 - (130_001 - 1111))).toBeLessThan(0.02 * RATE);
  });

  test.each(['flac', 'opus'] as const)('gives the same bytes every time: %s', async (format) => {
    const range = { startSample: 5000, endSample: 100_000 };
    await encodeChunk(pcm, range, format, file('1'));
    await encodeChunk(pcm, range, format, file('2'));
    expect((await readFile(file('1'))).equals(await readFile(file('2')))).toBe(true);
  });

  test('encodes a single sample', async () => {
    await encodeChunk(pcm, { startSample: 7, endSample: 8 }, 'flac', file('one.flac'));
    expect(await samplesOf(file('one.flac'))).toHaveLength(2);
  });

  test('does not pass half a stretch for a whole one', async () => {
    await expect(
      encodeChunk(pcm, { startSample: 0, endSample: 10 * RATE + 1 }, 'flac', file('x')),
    ).rejects.toMatchObject({
      retryable: true,
      reason: 'encode-failed',
      message: expect.stringContaining('after 320000 of 320002 bytes'),
    });
    await expect(
      encodeChunk(file('missing'), { startSample: 0, endSample: 1 }, 'flac', file('x')),
    ).rejects.toMatchObject({ reason: 'encode-failed' });
  });

  test('refuses a stretch that is none', async () => {
    await expect(encodeChunk(pcm, { startSample: 5, endSample: 5 }, 'flac', file('x'))).rejects.toThrow(
      'Samples 5 to 5 are no stretch',
    );
  });

  test('says when the disk is full', async () => {
    await expect(encodeChunk(pcm, { startSample: 0, endSample: 10 * RATE }, 'flac', '/dev/full')).rejects.toMatchObject(
      { reason: 'disk-full' },
    );
  });

  test('stops at its signal', async () => {
    const stop = { signal: AbortSignal.abort() };
    await expect(encodeChunk(pcm, { startSample: 0, endSample: RATE }, 'flac', file('x'), stop)).rejects.toBeInstanceOf(
      CancelledError,
    );
  });
});
