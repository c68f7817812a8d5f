import { describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configurationPage } from './configuration-page.ts';

describe('docs/configuration.md', () => {
  test('is what the schemas say: run `npm run docs` when they changed', async () => {
    const squeeze = (text: string): string => text.replace(/ +\|/g, ' |').replace(/-{3,}/g, '---');
    const stored = await readFile(join(import.meta.dirname, '../../../../docs/configuration.md'), 'utf8');
    expect(squeeze(stored)).toBe(squeeze(configurationPage()));
  });

  test('describes every variable', () => {
    expect(configurationPage()).not.toMatch(/\| {2}\|$/m);
  });
});
