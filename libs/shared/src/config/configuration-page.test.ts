import { describe, expect, test } from '@jest/globals';
import { configurationPage } from './configuration-page.ts';
import { stalePage, unpadded } from '../../../../test/support/stale-page.ts';

describe('docs/configuration.md', () => {
  test('is what the schemas say: run `npm run docs` when they changed', async () => {
    expect(await stalePage('docs/configuration.md', configurationPage(), unpadded)).toBeUndefined();
  });

  test('describes every variable', () => {
    expect(configurationPage()).not.toMatch(/\| {2}\|$/m);
  });
});
