import { readFile, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
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
      await writeFile(file(`${i}.flac`), encodeChunk(pcm, { startSample, endSample: cuts[i + 1] ?? 0 }, 'flac'));
      decoded.push(await samplesOf(file(`${i}.flac`)));
    }
    expect(Buffer.concat(decoded).equals(await readFile(pcm))).toBe(true);
    expect(await secondsOf(file('0.flac'))).toBeCloseTo(12_345 / RATE, 5);
  });

  test('makes Opus of the same length, small, of 16 kHz mono speech', async () => {
    const ogg = await buffer(encodeChunk(pcm, { startSample: 1111, endSample: 130_001 }, 'opus'));
    await writeFile(file('a.ogg'), ogg);
    expect(Math.abs((await secondsOf(file('a.ogg'))) - (130_001 - 1111) / RATE)).toBeLessThan(0.02);
    expect(ogg.length).toBeLessThan(8.1 * 6000);
    const back = await execa('ffmpeg', ['-v', 'error', '-i', file('a.ogg'), '-ar', '16000', '-f', 's16le', 'pipe:1'], {
      encoding: 'buffer',
    });
    expect(Math.abs(back.stdout.length / 2 - (130_001 - 1111))).toBeLessThan(0.02 * RATE);
  });

  test.each(['flac', 'opus'] as const)('gives the same bytes every time: %s', async (format) => {
    const range = { startSample: 5000, endSample: 100_000 };
    const [first, second] = [
      await buffer(encodeChunk(pcm, range, format)),
      await buffer(encodeChunk(pcm, range, format)),
    ];
    expect(first.equals(second)).toBe(true);
  });

  test('encodes a single sample', async () => {
    await writeFile(file('one.flac'), encodeChunk(pcm, { startSample: 7, endSample: 8 }, 'flac'));
    expect(await samplesOf(file('one.flac'))).toHaveLength(2);
  });

  test('does not pass half a stretch for a whole one', async () => {
    await expect(buffer(encodeChunk(pcm, { startSample: 0, endSample: 10 * RATE + 1 }, 'flac'))).rejects.toMatchObject({
      retryable: true,
      reason: 'encode-failed',
      message: expect.stringContaining('has 320000 of 320002 bytes'),
    });
    await expect(buffer(encodeChunk(file('missing'), { startSample: 0, endSample: 1 }, 'flac'))).rejects.toMatchObject({
      reason: 'encode-failed',
    });
  });

  test('does not end well when ffmpeg is killed in the middle', async () => {
    const long = await make(file('long.s16'), ...babble(600, RATE), '-f', 's16le', '-ac', '1');
    const encoding = encodeChunk(long, { startSample: 0, endSample: 600 * RATE }, 'flac');
    await encoding.next();
    await execa('pkill', ['-KILL', '-f', `:file:${long}`]);
    await expect(buffer(encoding)).rejects.toMatchObject({ retryable: true, reason: 'ffmpeg-killed' });
  });

  test('refuses a stretch that is none', async () => {
    await expect(buffer(encodeChunk(pcm, { startSample: 5, endSample: 5 }, 'flac'))).rejects.toThrow(
      'Samples 5 to 5 are no stretch',
    );
  });

  test('stops at its signal', async () => {
    const stop = { signal: AbortSignal.abort() };
    await expect(buffer(encodeChunk(pcm, { startSample: 0, endSample: RATE }, 'flac', stop))).rejects.toBeInstanceOf(
      CancelledError,
    );
  });
});
