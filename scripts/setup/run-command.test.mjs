import { describe, expect, test } from '@jest/globals';
import { runCommand, runOrFail } from './run-command.mjs';

describe('runCommand', () => {
  test('gives the exit code and both streams', async () => {
    const { code, output } = await runCommand('sh', ['-c', 'echo out; echo err >&2; exit 3']);
    expect(code).toBe(3);
    expect(output.split('\n').toSorted()).toEqual(['err', 'out']);
  });

  test('hands over every line but keeps only the last 200', async () => {
    let count = 0;
    const { output } = await runCommand('seq', ['1000'], { onLine: () => (count += 1) });
    expect(count).toBe(1000);
    expect(output.split('\n')).toHaveLength(200);
    expect(output).toMatch(/^801\n/);
  });

  test('names a command that is not there', async () => {
    await expect(runCommand('/no/such/tool', [])).rejects.toThrow('/no/such/tool could not be started');
  });

  test('a stop ends the command and what it started', async () => {
    const stop = new AbortController();
    // The command's child keeps the output open: the promise settles only when that one has ended too.
    const running = runCommand('sh', ['-c', 'sleep 60 & echo started; wait'], {
      signal: stop.signal,
      onLine: () => stop.abort(),
    });
    await expect(running).rejects.toThrow('interrupted');
  });
});

test('runOrFail says what failed and keeps the output as detail', async () => {
  await expect(runOrFail('npm ci', 'sh', ['-c', 'echo no network; exit 7'])).rejects.toMatchObject({
    message: 'npm ci failed with exit code 7.',
    detail: 'no network',
  });
});
