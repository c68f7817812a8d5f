import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { FIXTURES } from './planted-artifacts.ts';

const SECONDS = 4;
const FORMATS: readonly (readonly [name: string, ...codec: string[]])[] = [
  ['a.mp3', '-c:a', 'libmp3lame', '-b:a', '64k', '-metadata', 'title=A title'],
  ['a.m4a', '-c:a', 'aac'],
  ['a.ogg', '-c:a', 'libvorbis'],
  ['a.opus', '-c:a', 'libopus'],
  ['a.flac', '-c:a', 'flac'],
  ['a.wav', '-c:a', 'pcm_s16le'],
  ['a.webm', '-c:a', 'libopus'],
];

/** A few seconds of speech in the containers podcasts come in. */
export async function audioBases(): Promise<Buffer[]> {
  const folder = await mkdtemp(join(tmpdir(), 'podline-poison-audio-'));
  try {
    const source = ['-v', 'error', '-i', join(FIXTURES, 'speech-12s.flac'), '-t', String(SECONDS)];
    const outputs = FORMATS.flatMap(([name, ...codec]) => [
      '-map',
      '0:a',
      '-t',
      String(SECONDS),
      ...codec,
      join(folder, name),
    ]);
    await execa('ffmpeg', [...source.slice(0, 4), ...outputs]);
    return await Promise.all(FORMATS.map(([name]) => readFile(join(folder, name))));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
