import { describe, expect, test } from '@jest/globals';
import { buildKey, whisperServerFolder } from './whisper-location.mjs';

const PARTS = {
  source: 'sha512-abc',
  cmakeArguments: ['-DA=ON'],
  adaptation: 'include(x)',
  platform: 'linux',
  arch: 'x64',
  cpu: 'avx2 fma',
};

describe('buildKey', () => {
  test('is the same for the same parts', () => {
    expect(buildKey({ ...PARTS })).toBe(buildKey(PARTS));
    expect(buildKey(PARTS)).toMatch(/^[0-9a-f]{12}$/);
  });

  test.each([
    { source: 'sha512-abd' },
    { cmakeArguments: ['-DA=OFF'] },
    { adaptation: 'include(y)' },
    { platform: 'darwin' },
    { arch: 'arm64' },
    { cpu: 'avx2' },
  ])('changes with %j', (change) => {
    expect(buildKey({ ...PARTS, ...change })).not.toBe(buildKey(PARTS));
  });
});

test('the folder names the version and lies in the cache', () => {
  expect(whisperServerFolder('/cache', { platform: 'linux', arch: 'x64' })).toMatch(
    /^\/cache\/whisper-server-\d+\.\d+\.\d+-[0-9a-f]{12}$/,
  );
});
