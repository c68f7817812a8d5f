import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { checkComponents } from './check-components.ts';
import type { ComponentReport } from './component-report.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const FOLDERS = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin'];
const NAMES = ['node', 'npm packages', 'nats-server', 'ffmpeg', 'ffprobe', 'whisper-server', 'whisper model', 'disk'];

async function check(options: {
  searchFolders?: string[];
  whisperServer?: string;
}): Promise<Map<string, ComponentReport>> {
  const reports = await checkComponents({ root, dataFolder: tmpdir(), searchFolders: FOLDERS, ...options });
  return new Map(reports.map((report) => [report.name, report]));
}

describe('checkComponents', () => {
  test('tries every component; whisper-server really transcribes', async () => {
    const reports = await check({});
    expect([...reports.keys()]).toEqual([...NAMES, 'memory', 'CPUs']);
    for (const name of NAMES) expect(reports.get(name)).toMatchObject({ name, status: 'ok' });
    expect(reports.get('whisper-server')?.detail).toContain('transcribed a clip');
    expect(reports.get('nats-server')?.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('a whisper-server that dies is broken, and one that is not there missing', async () => {
    const [dying, absent] = await Promise.all([
      check({ whisperServer: '/bin/false' }),
      check({ whisperServer: '/no/such/whisper-server' }),
    ]);
    expect(dying.get('whisper-server')).toMatchObject({
      status: 'broken',
      detail: expect.stringContaining('exit code 1'),
    });
    expect(absent.get('whisper-server')).toMatchObject({ status: 'missing', path: '/no/such/whisper-server' });
  });

  test('tools that are not on the path are missing, with what to install', async () => {
    const reports = await check({ searchFolders: ['/nowhere'], whisperServer: '/bin/false' });
    for (const name of ['nats-server', 'ffmpeg', 'ffprobe']) {
      expect(reports.get(name)).toMatchObject({ status: 'missing', fix: expect.stringContaining('apt-get install') });
    }
  });
});
