import { describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transcriptJsonSchema } from './transcript-json-schema.ts';

describe('docs/transcript.schema.json', () => {
  test('is what the schema says: run `npm run docs` when it changed', async () => {
    const stored = await readFile(join(import.meta.dirname, '../../../../docs/transcript.schema.json'), 'utf8');
    expect(JSON.parse(stored)).toEqual(JSON.parse(transcriptJsonSchema()));
  });
});
