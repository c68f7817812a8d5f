import { access, cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { execa } from 'execa';
import { until } from '../support/until.ts';
import { whisperServerBinary } from '../support/whisper-server.ts';

jest.setTimeout(180_000);

const ROOT = join(import.meta.dirname, '..', '..');
const CTRL_C = '\u0003';

/** A checkout of its own, since the stack keeps its state in there. */
let checkout: string;
const main = (): string => join(checkout, 'dist', 'apps', 'cli', 'src', 'main.js');

beforeAll(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'podline-up-'));
  for (const name of ['dist', 'package.json', 'package-lock.json'])
    await cp(join(ROOT, name), join(checkout, name), { recursive: true });
  for (const name of ['node_modules', 'models', 'examples']) await symlink(join(ROOT, name), join(checkout, name));
});

afterAll(() => rm(checkout, { recursive: true, force: true }));

test('a service that does not start says why, and the others end with it', async () => {
  const { exitCode, stderr } = await execa(process.execPath, [main(), 'up', '--idle'], {
    env: { WHISPER_WORKERS: 'abc', PODLINE_WHISPER_SERVER: whisperServerBinary() },
    reject: false,
  });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(
    /transcriber-whisper ended while starting \(1\):\nBad configuration:\n- WHISPER_WORKERS: expected/,
  );
  expect(await execa('pgrep', ['-f', checkout], { reject: false })).toMatchObject({ stdout: '' });
});

test.each([
  ['while it starts', 'services', 130],
  ['once it runs', 'Ctrl-C ends it', 0],
])('Ctrl-C at a terminal ends the local stack in order %s, and leaves nothing running', async (_when, seen, code) => {
  // At a terminal what draws there listens to signals as well.
  const command = `stty cols 100 rows 40; exec "${process.execPath}" "${main()}" up --idle`;
  const terminal = execa('script', ['-qefc', command, '/dev/null'], {
    env: { TERM: 'xterm', PODLINE_WHISPER_SERVER: whisperServerBinary() },
    stdin: 'pipe',
    all: true,
    buffer: false,
    reject: false,
  });
  let shown = '';
  terminal.all.on('data', (data: Buffer) => {
    shown += data.toString();
  });
  await until(() => shown.includes(seen), seen, 120_000);
  terminal.stdin.write(CTRL_C);
  expect(await terminal).toMatchObject({ exitCode: code });
  expect(shown).toContain('Stopping');
  await expect(access(join(checkout, '.podline', 'run.json'))).rejects.toThrow('ENOENT');
  expect(await execa('pgrep', ['-f', checkout], { reject: false })).toMatchObject({ stdout: '' });
});
