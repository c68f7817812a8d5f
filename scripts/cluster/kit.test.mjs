import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { clusterEnvironment, whySkip } from './kit.mjs';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-kit-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('whySkip', () => {
  test('says that the kit is missing, and where it was looked for', () => {
    expect(whySkip({ platform: 'linux', uid: 0 }, folder)).toContain(folder);
  });

  test('wants Linux and root', async () => {
    await writeFile(join(folder, 'up'), '');
    expect(whySkip({ platform: 'darwin', uid: 0 }, folder)).toContain('darwin');
    expect(whySkip({ platform: 'linux', uid: 1000 }, folder)).toContain('root');
    expect(whySkip({ platform: 'linux', uid: 0 }, folder)).toBeUndefined();
  });
});

describe('clusterEnvironment', () => {
  test('takes what `up` exports, and nothing else it says', () => {
    const printed = 'up: already up\nexport KUBECONFIG=/k/config\nexport PATH=/k/path:$PATH\n';
    expect(clusterEnvironment(printed, { PATH: '/bin', HOME: '/root' })).toEqual({
      HOME: '/root',
      KUBECONFIG: '/k/config',
      PATH: '/k/path:/bin',
    });
  });
});
