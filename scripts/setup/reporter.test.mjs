import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { formatLine, formatProgress, isWorthALine, Reporter } from './reporter.mjs';

/** @param {boolean} quiet */
function reporter(quiet = false) {
  const output = new PassThrough();
  return {
    told: () => String(output.read() ?? ''),
    reporter: new Reporter({ stream: /** @type {any} */ (output), quiet }),
  };
}

describe('Reporter in a pipe', () => {
  test('prints a line per step, and one per tenth of its way', () => {
    const { told, reporter: it } = reporter();
    const step = it.start('whisper-server');
    for (let percent = 0; percent <= 100; percent += 1) step.progress('compiling', percent / 100);
    step.done('1.9.1', true);
    const lines = told().trim().split('\n');
    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toMatch(/✓ whisper-server +1\.9\.1 +\d+\.\d s$/);
  });

  test('when quiet, tells only of steps that did something and of failures', () => {
    const { told, reporter: it } = reporter(true);
    it.start('build').done('up to date', false);
    it.start('npm packages').done('installed', true);
    it.start('ffmpeg').failed('is not installed.');
    expect(told()).toMatch(/^ {2}✓ npm packages .*\n {2}✗ ffmpeg +is not installed\.\n$/);
  });
});

describe('isWorthALine', () => {
  test.each([
    [undefined, { text: 'a', fraction: undefined }, true],
    [{ text: 'a', fraction: undefined }, { text: 'a', fraction: undefined }, false],
    [{ text: 'a', fraction: 0.1 }, { text: 'b', fraction: 0.1 }, true],
    [{ text: 'a', fraction: 0.11 }, { text: 'a', fraction: 0.19 }, false],
    [{ text: 'a', fraction: 0.19 }, { text: 'a', fraction: 0.2 }, true],
  ])('after %j, %j: %s', (shown, next, expected) => {
    expect(isWorthALine(shown, next)).toBe(expected);
  });
});

test('a line has sign, name, detail and seconds in columns', () => {
  expect(formatLine('✓', 'ffmpeg', '5.1.9', 0.04)).toMatch(/^ {2}✓ ffmpeg {10}5\.1\.9 +0\.0 s$/);
});

test('progress shows the percentage where it is known', () => {
  expect(formatProgress('whisper-server', 'compiling', 0.456, 21.9)).toBe('whisper-server: compiling 45 % (21 s)');
  expect(formatProgress('npm packages', 'npm ci', undefined, 3)).toBe('npm packages: npm ci (3 s)');
});
