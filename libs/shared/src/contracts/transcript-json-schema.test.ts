import { describe, expect, test } from '@jest/globals';
import { transcriptJsonSchema } from './transcript-json-schema.ts';
import { stalePage } from '../../../../test/support/stale-page.ts';

describe('docs/transcript.schema.json', () => {
  test('is what the schema says: run `npm run docs` when it changed', async () => {
    expect(await stalePage('docs/transcript.schema.json', transcriptJsonSchema())).toBeUndefined();
  });
});
