import { describe, expect, test } from '@jest/globals';
import { missingWords, transcribeCheck } from './transcribe-check.mjs';

describe('missingWords', () => {
  test('looks for whole words, regardless of case and punctuation', () => {
    const text = 'Green bottles float along the "quiet" River this morning.';
    expect(missingWords(text, ['green', 'quiet', 'river', 'morning'])).toEqual([]);
    expect(missingWords(text, ['bottle', 'sea'])).toEqual(['bottle', 'sea']);
  });
});

describe('transcribeCheck', () => {
  const options = { model: '/m', clip: '/c', inferencePath: '/x', words: [] };

  test('says how a server ended that does not stay up', async () => {
    await expect(transcribeCheck({ ...options, binary: '/bin/false' })).rejects.toThrow(
      '/bin/false ended with exit code 1 instead of transcribing.',
    );
  });

  test('names a binary that can’t be started', async () => {
    await expect(transcribeCheck({ ...options, binary: '/no/such/server' })).rejects.toThrow(
      '/no/such/server could not be started',
    );
  });
});
