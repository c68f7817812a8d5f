import { open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { CancelledError, RetryableError } from '#shared/errors';
import { LevelMeter } from '../cut/frame-levels.ts';
import { speechMap } from '../cut/speech-map.ts';
import { decode, type DecodeOptions } from './decode.ts';
import { babble, childNamed, make, picture, testFolder } from './media-files.test-support.ts';
import { probe } from './probe.ts';
import { isAlive } from '../../../../test/support/is-alive.ts';
import { until } from '../../../../test/support/until.ts';

const RATE = 16_000;
const file = testFolder();
const pcm = file('audio.s16');
const wav = file('a.wav');
const mp3 = file('a.mp3');
const FORMATS: [what: string, name: string, args: string[]][] = [
  ['8 kHz telephone audio', '8k.wav', ['-ar', '8000', '-c:a', 'pcm_alaw']],
  ['5.1 channels', '6.flac', ['-ac', '6']],
  ['a variable bit rate', 'v.mp3', ['-q:a', '7']],
  ['MP4', 'a.m4a', []],
  ['Opus', 'a.opus', ['-c:a', 'libopus']],
  ['8-bit samples', 'u8.wav', ['-c:a', 'pcm_u8']],
];

beforeAll(async () => {
  await make(wav, ...babble(12), '-ac', '2');
  const others = FORMATS.flatMap(([, name, args]) => [...args, file(name)]);
  await make(mp3, '-i', wav, ...others, '-q:a', '4');
});

async function probeAndDecode(path: string, options: Partial<DecodeOptions> = {}) {
  const { seconds, stream } = await probe(path);
  return decode(path, pcm, { maxSeconds: 3600, declaredSeconds: seconds, stream, ...options });
}

describe('decode', () => {
  test('gives 16 kHz mono, its exact number of samples, and their levels', async () => {
    const { samples, levels } = await decode(wav, pcm, { maxSeconds: 3600 });
    expect(samples).toBe(12 * RATE);
    const bytes = await readFile(pcm);
    expect(bytes).toHaveLength(2 * samples);
    const meter = new LevelMeter();
    meter.push(bytes);
    expect(levels).toEqual(meter.finish().levels);
  });

  test('keeps the pauses where they are', async () => {
    const { spans } = speechMap((await decode(mp3, pcm, { maxSeconds: 3600 })).levels);
    expect(spans.map((span) => span.map((seconds) => Math.round(seconds * 10) / 10))).toEqual([
      [0, 2.4],
      [3, 5.4],
      [6, 8.4],
      [9, 11.4],
    ]);
  });

  test.each(FORMATS)('decodes %s', async (_name, name) => {
    const { samples, levels } = await decode(file(name), pcm, { maxSeconds: 3600 });
    expect(samples / RATE).toBeGreaterThan(11.9);
    expect(samples / RATE).toBeLessThan(12.2);
    expect(speechMap(levels).spans).toHaveLength(4);
  });

  test('takes the sound of a film', async () => {
    const film = await make(file('film.mp4'), ...picture, '-i', wav, '-shortest', '-c:v', 'mpeg4');
    const { samples } = await probeAndDecode(film);
    expect(samples / RATE).toBeCloseTo(12, 0);
  });

  test('takes silence for what it is', async () => {
    const silence = await make(file('silence.mp3'), '-f', 'lavfi', '-i', 'anullsrc=r=44100:d=3');
    expect(speechMap((await decode(silence, pcm, { maxSeconds: 3600 })).levels)).toMatchObject({
      spans: [],
      silentShare: 1,
    });
  });

  test('tells how far it is', async () => {
    const seconds: number[] = [];
    await decode(wav, pcm, { maxSeconds: 3600, onProgress: (done) => seconds.push(done) });
    expect(seconds[0]).toBeGreaterThan(0);
    expect(seconds.every((done) => done <= 12)).toBe(true);
  });

  test('leaves out what is damaged', async () => {
    const damaged = await readFile(mp3);
    const middle = damaged.length >> 1;
    damaged.fill(0x55, middle, middle + 3000);
    await writeFile(file('damaged.mp3'), damaged);
    const { samples } = await probeAndDecode(file('damaged.mp3'));
    expect(samples / RATE).toBeGreaterThan(11);
  });
});

describe('decode refuses', () => {
  test('a file cut in half, and names both lengths', async () => {
    const whole = await readFile(mp3);
    await writeFile(file('half.mp3'), whole.subarray(0, whole.length / 2));
    await expect(probeAndDecode(file('half.mp3'))).rejects.toMatchObject({
      retryable: false,
      reason: 'truncated-audio',
      message: expect.stringMatching(/declares 12\.\d s, and [56]\.\d s can be decoded/),
    });
  });

  test('half a file only where its length is known', async () => {
    const bare = await readFile(
      await make(file('bare.mp3'), '-i', mp3, '-c', 'copy', '-write_xing', '0', '-id3v2_version', '0'),
    );
    await writeFile(file('bare-half.mp3'), bare.subarray(0, bare.length / 2));
    expect((await probeAndDecode(file('bare-half.mp3'))).samples / RATE).toBeCloseTo(6, 0);
  });

  test('a file that says it is too long, at once', async () => {
    await expect(probeAndDecode(wav, { maxSeconds: 10 })).rejects.toMatchObject({
      retryable: false,
      reason: 'too-long',
      message: expect.stringContaining('12 s long; at most 10 s'),
    });
  });

  test('a small file that unpacks to hours, as soon as it is too long', async () => {
    const bomb = await make(file('bomb.flac'), '-f', 'lavfi', '-i', 'anullsrc=r=8000:cl=mono:d=600');
    expect((await stat(bomb)).size).toBeLessThan(200_000);
    await expect(decode(bomb, pcm, { maxSeconds: 60 })).rejects.toMatchObject({ retryable: false, reason: 'too-long' });
    expect((await stat(pcm)).size).toBeLessThan(2 * RATE * 70);
  });

  test('a sound track that is not there', async () => {
    await expect(decode(wav, pcm, { maxSeconds: 60, stream: 7 })).rejects.toMatchObject({
      retryable: false,
      reason: 'not-audio',
    });
  });
});

describe('decode can be tried again', () => {
  const onFirstProgress = (act: (pid: number) => void) => {
    let acted = false;
    return (): void => {
      if (acted) return;
      acted = true;
      act(childNamed('ffmpeg'));
    };
  };
  let long: string;
  beforeAll(async () => {
    // An hour of zeros that takes no room on the disk: a WAV header, and a hole.
    long = await make(file('long.wav'), '-f', 'lavfi', '-i', 'anullsrc=r=16000:cl=mono:d=0.1', '-fflags', '+bitexact');
    await truncate(long, 3600 * 2 * RATE);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(3600 * 2 * RATE - 44);
    const header = await open(long, 'r+');
    await header.write(size, 0, 4, 40);
    await header.close();
  });

  test('when ffmpeg is killed', async () => {
    const onProgress = onFirstProgress((pid) => process.kill(pid, 'SIGKILL'));
    await expect(decode(long, pcm, { maxSeconds: 20_000, onProgress })).rejects.toMatchObject({
      retryable: true,
      reason: 'ffmpeg-killed',
    });
  });

  test('when ffmpeg is asked to stop and does so politely', async () => {
    const onProgress = onFirstProgress((pid) => process.kill(pid, 'SIGTERM'));
    await expect(decode(long, pcm, { maxSeconds: 20_000, onProgress })).rejects.toMatchObject({
      retryable: true,
      reason: 'ffmpeg-killed',
    });
  });

  test('when ffmpeg hangs, and nothing of it stays', async () => {
    let stopped = 0;
    const onProgress = onFirstProgress((pid) => {
      stopped = pid;
      process.kill(pid, 'SIGSTOP');
    });
    // Long enough for a busy machine to start ffmpeg at all.
    await expect(decode(long, pcm, { maxSeconds: 20_000, stallMs: 2500, onProgress })).rejects.toMatchObject({
      retryable: true,
      reason: 'ffmpeg-hung',
    });
    expect(stopped).toBeGreaterThan(0);
    await until(() => !isAlive(stopped), 'the end of ffmpeg');
  });

  test('when the disk is full', async () => {
    await expect(decode(wav, '/dev/full', { maxSeconds: 60 })).rejects.toMatchObject({
      retryable: true,
      reason: 'disk-full',
      blameless: true,
    });
  });

  test('when its job took too long, with the job’s own reason', async () => {
    const reason = new RetryableError('job-timeout', 'too long');
    const signal = AbortSignal.abort(reason);
    await expect(decode(long, pcm, { maxSeconds: 20_000, signal })).rejects.toBe(reason);
  });

  test('when it was cancelled', async () => {
    const stop = new AbortController();
    await expect(
      decode(long, pcm, { maxSeconds: 20_000, signal: stop.signal, onProgress: () => stop.abort() }),
    ).rejects.toBeInstanceOf(CancelledError);
  });
});
