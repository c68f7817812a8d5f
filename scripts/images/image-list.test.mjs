import { describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { buildArguments, CUDA_TARGET, imageName, TARGETS } from './image-list.mjs';

const options = { tag: '1.2.3', registry: '', version: '1.2.3', revision: 'abc' };

describe('the list of images', () => {
  test('names stages the Dockerfile has, in its order', async () => {
    const dockerfile = await readFile(new URL('../../docker/Dockerfile', import.meta.url), 'utf8');
    const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, name]) => name ?? '');
    expect(stages.filter((stage) => [...TARGETS, CUDA_TARGET].includes(stage))).toEqual([...TARGETS, CUDA_TARGET]);
  });

  test('marks the CUDA image by its tag', () => {
    expect(imageName('downloader', { tag: 'dev', registry: 'ghcr.io/me/' })).toBe('ghcr.io/me/podline/downloader:dev');
    expect(imageName(CUDA_TARGET, options)).toBe('podline/transcriber-whisper:1.2.3-cuda');
  });

  test('builds with arguments every builder knows', () => {
    expect(buildArguments('cli', options).join(' ')).toBe(
      '-t podline/cli:1.2.3 -f docker/Dockerfile --target cli --build-arg VERSION=1.2.3 --build-arg REVISION=abc .',
    );
  });
});
