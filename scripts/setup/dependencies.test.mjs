import { describe, expect, test } from '@jest/globals';
import { installedMatchesLock } from './dependencies.mjs';

const LOCK = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/nats': { version: '2.29.3' },
    'node_modules/only-on-macos': { version: '1.0.0', optional: true },
  },
};

describe('installedMatchesLock', () => {
  test('holds when all versions are those of the lock file', () => {
    expect(installedMatchesLock(LOCK, { packages: { 'node_modules/nats': { version: '2.29.3' } } })).toBe(true);
  });

  test('fails when a version differs', () => {
    expect(installedMatchesLock(LOCK, { packages: { 'node_modules/nats': { version: '2.29.2' } } })).toBe(false);
  });

  test('fails when a package is not there', () => {
    expect(installedMatchesLock(LOCK, { packages: {} })).toBe(false);
    expect(installedMatchesLock(LOCK, {})).toBe(false);
  });

  test('fails when an optional package is there in another version', () => {
    const installed = {
      packages: { 'node_modules/nats': { version: '2.29.3' }, 'node_modules/only-on-macos': { version: '2.0.0' } },
    };
    expect(installedMatchesLock(LOCK, installed)).toBe(false);
  });
});
