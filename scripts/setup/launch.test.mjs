import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isNewSignal, programEnvironment } from './launch.mjs';

describe('programEnvironment', () => {
  const components = {
    'nats-server': '/usr/sbin/nats-server',
    ffmpeg: '/usr/bin/ffmpeg',
    'whisper-server': '/c/w',
    model: '/m',
  };

  test('puts the project’s Node first and adds the tools’ folders', () => {
    const env = programEnvironment({ PATH: '/usr/bin:/bin' }, '/repo', components);
    expect(env['PATH']).toBe('/repo/node_modules/.bin:/usr/bin:/bin:/usr/sbin');
    expect(env['PODLINE_WHISPER_SERVER']).toBe('/c/w');
  });

  test('leaves the user’s own whisper-server alone', () => {
    expect(programEnvironment({ PODLINE_WHISPER_SERVER: '/mine' }, '/repo', components)['PODLINE_WHISPER_SERVER']).toBe(
      '/mine',
    );
  });

  test('names no whisper-server before there is one', () => {
    expect(programEnvironment({ PATH: '/bin' }, '/repo', {})).toStrictEqual({ PATH: '/repo/node_modules/.bin:/bin' });
  });
});

describe('isNewSignal', () => {
  test.each([
    [undefined, 'SIGINT', 0, true],
    [{ name: 'SIGINT', at: 1000 }, 'SIGINT', 1010, false],
    [{ name: 'SIGINT', at: 1000 }, 'SIGTERM', 1010, true],
    [{ name: 'SIGINT', at: 1000 }, 'SIGINT', 2000, true],
  ])('after %j, %s at %i: %s', (last, name, now, expected) => {
    expect(isNewSignal(last, name, now)).toBe(expected);
  });
});

describe('launch', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'podline-launch-'));
    await mkdir(join(root, 'node_modules', '.bin'), { recursive: true });
    await mkdir(join(root, 'dist/apps/cli/src'), { recursive: true });
    await symlink(process.execPath, join(root, 'node_modules', '.bin', 'node'));
  });
  afterEach(() => rm(root, { recursive: true }));

  /** A process that launches this program in place of podline's. @param {string} program */
  async function start(program) {
    await writeFile(join(root, 'dist/apps/cli/src/main.js'), program);
    const module = JSON.stringify(new URL('./launch.mjs', import.meta.url).href);
    const script = `const { launch } = await import(${module}); process.exitCode = await launch(${JSON.stringify(root)}, ['a', 'b'], process.env);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
    return { child, said: () => said };
  }

  test('passes arguments on and takes the exit code over', async () => {
    const { child, said } = await start('console.log(process.argv.slice(2).join()); process.exitCode = 7;');
    const [code] = await once(child, 'close');
    expect([said(), code]).toEqual(['a,b\n', 7]);
  });

  test('passes signals on and lets the program end by itself', async () => {
    const { child, said } = await start(`
      process.on('SIGINT', () => console.log('SIGINT'));
      process.on('SIGTERM', () => process.exit(3));
      setTimeout(() => process.exit(9), 20_000);
      console.log('up');`);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    const [code] = await once(child, 'close');
    expect([said(), code]).toEqual(['up\nSIGINT\n', 3]);
  });

  test('a program ended by a signal gives the shell’s code for it', async () => {
    const { child } = await start(`process.kill(process.pid, 'SIGKILL');`);
    const [code] = await once(child, 'close');
    expect(code).toBe(137);
  });
});
