import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SILENT } from '#shared/observability/log';
import { WhisperServer } from './whisper-server.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-engine-'));
});

afterAll(() => rm(folder, { recursive: true }));

describe('an engine that ends while it starts', () => {
  test.each([
    ['is killed', 'kill -9 $$', true],
    ['is ended', 'kill $$', true],
    ['crashes', 'kill -SEGV $$', false],
    ['gives up', 'exit 1', false],
  ])('and %s: whether that is no fault of the chunk', async (_, ending, blameless) => {
    const binary = join(folder, 'engine');
    await writeFile(binary, `#!/bin/sh\necho no model >&2\n${ending}\n`);
    await chmod(binary, 0o755);
    const started = WhisperServer.start({ binary, modelFile: 'model.bin', threads: 1, log: SILENT });
    await expect(started).rejects.toMatchObject({
      reason: 'engine-start',
      retryable: true,
      blameless,
      message: 'whisper-server ended while starting: no model',
    });
  });
});
