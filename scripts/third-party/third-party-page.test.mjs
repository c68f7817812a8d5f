import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { stalePage, unpadded } from '../../test/support/stale-page.ts';
import { shippedPackages, thirdPartyPage } from './third-party-page.mjs';

const root = join(import.meta.dirname, '..', '..');
const lockOf = (packages) => ({ packages: { '': { version: '1.0.0' }, ...packages } });

describe('THIRD_PARTY.md', () => {
  test('lists what package-lock.json says: run `npm run docs` when it changed', async () => {
    const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
    expect(await stalePage('THIRD_PARTY.md', thirdPartyPage(lock), unpadded)).toBeUndefined();
  });
});

describe('shippedPackages', () => {
  test('leaves out what only developers need', () => {
    const lock = lockOf({
      'node_modules/a': { version: '1.0.0', license: 'MIT' },
      'node_modules/b': { version: '2.0.0', license: 'GPL-3.0', dev: true },
    });
    expect(shippedPackages(lock)).toEqual([{ name: 'a', version: '1.0.0', license: 'MIT' }]);
  });

  test('names nested and scoped packages', () => {
    const lock = lockOf({ 'node_modules/a/node_modules/@s/b': { version: '2.0.0', license: 'ISC' } });
    expect(shippedPackages(lock)).toEqual([{ name: '@s/b', version: '2.0.0', license: 'ISC' }]);
  });

  test.each(['MIT AND GPL-2.0', 'GPL-3.0', undefined])('refuses the licence %s, and names the package', (license) => {
    const lock = lockOf({ 'node_modules/a': { version: '1.0.0', ...(license === undefined ? {} : { license }) } });
    expect(() => shippedPackages(lock)).toThrow(`a 1.0.0: ${license ?? 'unknown'}`);
  });

  test.each(['(MIT OR GPL-2.0)', 'MIT AND ISC'])('takes the licence %s', (license) => {
    expect(shippedPackages(lockOf({ 'node_modules/a': { version: '1.0.0', license } }))).toHaveLength(1);
  });
});
