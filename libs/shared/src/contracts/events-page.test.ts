import { describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventsPage } from './events-page.ts';

describe('docs/events.md', () => {
  test('is what the schema says: run `npm run docs` when it changed', async () => {
    const squeeze = (text: string): string => text.replace(/\s+/g, '').replace(/-{3,}/g, '---');
    const stored = await readFile(join(import.meta.dirname, '../../../../docs/events.md'), 'utf8');
    expect(squeeze(stored)).toBe(squeeze(eventsPage()));
  });
});
