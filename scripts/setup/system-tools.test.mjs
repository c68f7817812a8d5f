import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fakeMachine } from './fake-machine.mjs';
import { requirements } from './requirements.mjs';
import { ensureTools, packagesFor } from './system-tools.mjs';

/** @type {Awaited<ReturnType<typeof fakeMachine>>} */
let machine;
beforeEach(async () => {
  machine = await fakeMachine();
});
afterEach(() => machine.remove());

describe('ensureTools', () => {
  test('as root, installs what is missing with one update and one install', async () => {
    await machine.placeApt();
    const paths = await ensureTools(requirements.tools, machine.context(0));
    expect(Object.keys(paths)).toEqual(['nats-server', 'ffmpeg', 'ffprobe']);
    const calls = await machine.calls();
    expect(calls).toHaveLength(2);
    expect(calls[0]).toMatch(/ update$/);
    expect(calls[1]).toMatch(/ install --no-install-recommends nats-server ffmpeg$/);
  });

  test('an unknown package does not keep the others away, and is told in one line with the fix', async () => {
    await machine.placeApt(['ffmpeg']);
    await expect(ensureTools(requirements.tools, machine.context(0))).rejects.toThrow('a step failed');
    const lines = machine.told().split('\n');
    expect(lines.find((line) => line.includes('✓ ffmpeg'))).toContain('9.9.9');
    expect(lines.find((line) => line.includes('✗ nats-server'))).toContain('brew install nats-server');
  });

  test('without root it installs nothing and says what to install', async () => {
    await machine.placeApt();
    await expect(ensureTools(requirements.tools, machine.context(1000))).rejects.toThrow('a step failed');
    await expect(machine.calls()).rejects.toThrow('ENOENT');
    expect(machine.told()).toContain('sudo apt-get install nats-server');
  });
});

describe('packagesFor', () => {
  const tool = (/** @type {string} */ apt) => ({
    commands: [],
    versionArgs: [],
    minimum: '1.0.0',
    apt,
    brew: apt,
    url: apt,
  });

  test('names each package once, for all that is not well', () => {
    const packages = packagesFor({
      a: { tool: tool('one'), report: { status: 'missing' } },
      b: { tool: tool('one'), report: { status: 'old' } },
      c: { tool: tool('two'), report: { status: 'broken' } },
      d: { tool: tool('three'), report: { status: 'ok' } },
    });
    expect(packages).toEqual(['one', 'two']);
  });
});
