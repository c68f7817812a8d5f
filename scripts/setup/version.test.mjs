import { describe, expect, test } from '@jest/globals';
import { isAtLeast, parseVersion } from './version.mjs';

describe('parseVersion', () => {
  test.each([
    ['nats-server: v2.9.10\n', '2.9.10'],
    [
      'ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026 the FFmpeg developers\nbuilt with gcc 12 (Debian 12.2.0-14)',
      '5.1.9',
    ],
    ['ffmpeg version n7.1 Copyright', '7.1.0'],
    ['ffprobe version 4.4.2-0ubuntu0.22.04.1 Copyright', '4.4.2'],
    ['GNU Make 4.3\nBuilt for x86_64-pc-linux-gnu', '4.3.0'],
    ['g++ (Debian 12.2.0-14) 12.2.0', '12.2.0'],
    ['v24.21.0\n', '24.21.0'],
  ])('finds the version in %j', (output, version) => {
    expect(parseVersion(output)).toBe(version);
  });

  test('takes no number from the lines below the first', () => {
    expect(parseVersion('ffmpeg version N-109542-g9f0c2d8 Copyright\nbuilt with gcc 12.2.0')).toBeUndefined();
  });
});

describe('isAtLeast', () => {
  test.each([
    ['2.9.10', '2.9.9', true],
    ['2.9.10', '2.12.3', false],
    ['2.12.3', '2.12.3', true],
    ['3.0.0', '2.12.3', true],
    ['24.0.0', '24.21.0', false],
  ])('compares %s with %s number by number', (version, minimum, expected) => {
    expect(isAtLeast(version, minimum)).toBe(expected);
  });
});
