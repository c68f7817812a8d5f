import { describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { squeezed, stalePage } from '../../../test/support/stale-page.ts';
import { generatedChartFiles } from './generated-files.ts';
import { valuesSchema } from './values.ts';
import { documentedValues } from './values-table.ts';

const ROOT = dirname(dirname(dirname(import.meta.dirname)));
const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');
const VALUES = 'deploy/helm/podline/values.yaml';

describe('the files of the chart that are made', () => {
  test('are what the code says: run `npm run docs` when it changed', async () => {
    for (const [path, text] of Object.entries(await generatedChartFiles(ROOT))) {
      expect(await stalePage(path, text, squeezed)).toBeUndefined();
    }
  });
});

describe('values.yaml', () => {
  test('says of every value what it means', async () => {
    const silent = documentedValues(await read(VALUES)).filter(({ description }) => description === undefined);
    expect(silent.map(({ key }) => key)).toEqual([]);
  });

  test('is valid by its own schema, which requires every key that has a default', async () => {
    expect(valuesSchema.safeParse(parse(await read(VALUES))).error?.issues).toBeUndefined();
  });
});
