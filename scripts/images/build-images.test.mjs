import { describe, expect, test } from '@jest/globals';
import { chooseTargets } from './build-images.mjs';

describe('chooseTargets', () => {
  test('takes all but CUDA by default', () => {
    expect(chooseTargets([], false)).toContain('transcriber-whisper');
    expect(chooseTargets([], false)).not.toContain('transcriber-whisper-cuda');
  });

  test('adds CUDA when asked', () => {
    expect(chooseTargets([], true)).toContain('transcriber-whisper-cuda');
    expect(chooseTargets(['transcriber-whisper-cuda'], false)).toEqual(['transcriber-whisper-cuda']);
  });

  test('keeps the order in which stages build on each other', () => {
    expect(chooseTargets(['downloader', 'cli'], false)).toEqual(['cli', 'downloader']);
  });

  test('names what there is when asked for something else', () => {
    expect(() => chooseTargets(['uploader'], false)).toThrow(/no image "uploader".*downloader/);
  });
});
