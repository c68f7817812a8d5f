import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { LEAN_ENV, LEAN_FLAGS } from './lean-memory.ts';

test('the images start their services with the same settings', async () => {
  const dockerfile = await readFile(join(import.meta.dirname, '../../../../docker/Dockerfile'), 'utf8');
  const runtimes = dockerfile.match(/^ENV NODE_ENV=production.*$/gm);
  expect(runtimes).toHaveLength(2);
  const settings = Object.entries({ NODE_OPTIONS: LEAN_FLAGS.join(' '), ...LEAN_ENV });
  for (const runtime of runtimes ?? [])
    for (const [name, value] of settings) expect(runtime).toContain(`${name}=${value}`);
});
