import { describe, expect, test } from '@jest/globals';
import { cacheDirectory, searchDirectories, toolEnvironment } from './paths.mjs';

describe('cacheDirectory', () => {
  test.each([
    [{ PODLINE_CACHE: '/big/podline', XDG_CACHE_HOME: '/xdg' }, '/big/podline'],
    [{ XDG_CACHE_HOME: '/xdg' }, '/xdg/podline'],
    [{ PODLINE_CACHE: '', XDG_CACHE_HOME: '' }, '/home/me/.cache/podline'],
    [{}, '/home/me/.cache/podline'],
  ])('%j gives %s', (env, folder) => {
    expect(cacheDirectory(env, '/home/me')).toBe(folder);
  });
});

describe('searchDirectories', () => {
  test('keeps the order, names each folder once, and leaves out the packages’ own commands', () => {
    const env = { PATH: '/repo/node_modules/.bin:/usr/bin::/opt/x/node_modules/.bin/:/usr/sbin' };
    expect(searchDirectories(env, ['/usr/sbin', '/sbin'])).toEqual(['/usr/bin', '/usr/sbin', '/sbin']);
  });

  test('finds what a plain user’s PATH lacks', () => {
    expect(searchDirectories({ PATH: '/usr/bin' })).toContain('/usr/sbin');
  });
});

test('tools run without the packages’ own Node on PATH', () => {
  const env = toolEnvironment({ PATH: '/repo/node_modules/.bin:/usr/bin', HOME: '/home/me' });
  expect(env['PATH']).not.toContain('node_modules');
  expect(env['HOME']).toBe('/home/me');
});
