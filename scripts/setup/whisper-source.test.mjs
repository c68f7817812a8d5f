import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { fileIntegrity } from './whisper-source.mjs';

test('fileIntegrity writes SHA-512 the way npm does', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'podline-integrity-'));
  await writeFile(join(folder, 'a'), 'abc');
  // SHA-512 of "abc": FIPS 180-2, appendix C.1.
  expect(await fileIntegrity(join(folder, 'a'))).toBe(
    'sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==',
  );
  await rm(folder, { recursive: true });
});
