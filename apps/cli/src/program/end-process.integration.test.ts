import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';

const MEGABYTE = 1_000_000;

test('nothing that was written is lost when the process ends', async () => {
  const module = pathToFileURL(join(import.meta.dirname, 'end-process.ts'));
  const script = `
    import { endProcess } from '${module.href}';
    process.stdout.write('x'.repeat(${4 * MEGABYTE}));
    endProcess(3);
    setInterval(() => {}, 1000);
  `;
  const node = execa(process.execPath, ['--input-type=module', '--eval', script], { reject: false });
  const { stdout, exitCode } = await node;
  expect(stdout).toHaveLength(4 * MEGABYTE);
  expect(exitCode).toBe(3);
});
