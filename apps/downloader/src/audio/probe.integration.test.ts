import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { CancelledError } from '#shared/errors';
import { babble, make, picture, testFolder } from './media-files.test-support.ts';
import { probe } from './probe.ts';

const file = testFolder();
let mp3: string;

beforeAll(async () => {
  mp3 = await make(file('a.mp3'), ...babble(4), '-metadata', 'title=Lighthouses', '-b:a', '32k');
});

describe('probe', () => {
  test('reads an MP3', async () => {
    const info = await probe(mp3);
    expect(info).toMatchObject({
      ...{ codec: 'mp3', channels: 1, sampleRate: 44_100, container: 'mp3', title: 'Lighthouses', stream: 0 },
    });
    expect(info.seconds).toBeCloseTo(4, 0);
  });

  test('finds the title wherever the container keeps it', async () => {
    const names = ['a.ogg', 'a.flac', 'a.m4a'];
    const copies = names.flatMap((name) => ['-map_metadata', '-1', '-metadata', 'TITLE=Sea', file(name)]);
    await make(copies.pop() ?? '', '-i', mp3, ...copies);
    const infos = await Promise.all(names.map((name) => probe(file(name))));
    expect(infos.map(({ title }) => title)).toEqual(['Sea', 'Sea', 'Sea']);
    expect(infos.map(({ codec }) => codec)).toEqual(['vorbis', 'flac', 'aac']);
  });

  test('does not take a cover for a film, nor a film for no audio', async () => {
    const cover = await make(file('cover.png'), ...picture, '-frames:v', '1');
    const [covered, film] = await Promise.all([
      make(
        file('cover.mp3'),
        '-i',
        mp3,
        '-i',
        cover,
        '-map',
        '0',
        '-map',
        '1',
        '-c',
        'copy',
        '-disposition:v',
        'attached_pic',
      ),
      make(file('film.mp4'), ...picture, '-i', mp3, '-shortest', '-c:v', 'mpeg4'),
    ]);
    expect(await probe(covered)).toMatchObject({ codec: 'mp3', stream: 0 });
    expect(await probe(film)).toMatchObject({ codec: 'aac', stream: 1 });
  });

  test('picks the default sound track', async () => {
    const tracks = ['-i', mp3, '-i', mp3, '-map', '0:a', '-map', '1:a', '-c', 'copy'];
    const chosen = ['-disposition:0', '0', '-disposition:1', 'default'];
    expect(await probe(await make(file('tracks.mkv'), ...tracks, ...chosen))).toMatchObject({ stream: 1 });
  });

  test('declares no length where it could only be guessed', async () => {
    const bare = await make(file('bare.mp3'), '-i', mp3, '-c', 'copy', '-write_xing', '0', '-id3v2_version', '0');
    expect(await probe(bare)).toMatchObject({ seconds: undefined, codec: 'mp3' });
  });

  test('makes titles harmless', async () => {
    const title = 'title=\u001b[2J\u001b]0;x\u0007Hello\r\n\u202eworld';
    const evil = await make(file('evil.mp3'), '-i', mp3, '-c', 'copy', '-metadata', title);
    expect((await probe(evil)).title).toBe('[2J ]0;x Hello world');
  });

  test('says what to install where ffprobe is missing, and blames nobody', async () => {
    const path = process.env.PATH;
    process.env.PATH = file('');
    try {
      await expect(probe(mp3)).rejects.toMatchObject({ reason: 'ffprobe-missing', retryable: true, blameless: true });
    } finally {
      process.env.PATH = path;
    }
  });

  test('stops at its signal', async () => {
    await expect(probe(mp3, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(CancelledError);
  });
});

describe('probe refuses', () => {
  test('a film without sound', async () => {
    const mute = await make(file('mute.mp4'), ...picture, '-t', '1', '-c:v', 'mpeg4');
    await expect(probe(mute)).rejects.toMatchObject({ retryable: false, reason: 'no-audio' });
  });

  test.each([
    ['nothing', ''],
    ['text', 'Gone fishing.\n'.repeat(100)],
    ['HTML', '<!doctype html><html><body>Sorry</body></html>'],
    ['noise', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i * 7919) >> 5))],
    ['a zip file', Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(1000)])],
  ])('%s, and says so without its own paths', async (name, bytes) => {
    await writeFile(file(name), bytes);
    const error: unknown = await probe(file(name)).catch((error: unknown) => error);
    expect(error).toMatchObject({ retryable: false, reason: 'not-audio' });
    expect(String(error)).not.toContain(file(''));
  });

  test('an MP4 file without its end, where its index is', async () => {
    const whole = await make(file('whole.m4a'), '-i', mp3);
    await writeFile(file('cut.m4a'), (await readFile(whole)).subarray(0, 10_000));
    await expect(probe(file('cut.m4a'))).rejects.toMatchObject({
      reason: 'not-audio',
      message: expect.stringContaining('moov atom not found'),
    });
  });

  test('a file that describes itself without end', async () => {
    await writeFile(file('tags.txt'), `;FFMETADATA1\ntitle=${'x'.repeat(300_000)}\n`);
    const chatty = await make(
      file('chatty.mp3'),
      '-i',
      mp3,
      '-i',
      file('tags.txt'),
      '-map_metadata',
      '1',
      '-c',
      'copy',
    );
    await expect(probe(chatty)).rejects.toMatchObject({
      retryable: false,
      reason: 'not-audio',
      message: expect.stringContaining('more than 262144 bytes'),
    });
  });
});
