import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPaths } from '../../apps/cli/src/paths.ts';
import type { Values } from './release.ts';
import { apply } from './run-tool.ts';

const NAME = 'fake-engine';
const FOLDER = '/fake-engine';
const WRAPPER = `#!/bin/sh\nexec node ${FOLDER}/fake-whisper-server.js "$@"\n`;

/**
 * Puts an engine that takes a fixed time, and hears words that follow from the audio, in whisper-server's place: into the
 * shipped image, by the chart's own settings for volumes and variables.
 */
export async function createFakeEngine(namespace: string): Promise<void> {
  const compiled = join(findPaths().root, 'dist', 'test', 'support');
  const scripts = ['fake-whisper-server.js', 'fake-hearing.js'];
  const texts = await Promise.all(scripts.map((name) => readFile(join(compiled, name), 'utf8')));
  const data = {
    ...Object.fromEntries(scripts.map((name, index) => [name, texts[index]])),
    'package.json': '{"type":"module"}',
    'whisper-server': WRAPPER,
  };
  await apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: NAME, namespace }, data });
}

/** @param speed seconds of audio the engine hears in a second */
export function fakeEngineValues(speed: number): Values {
  return {
    transcriberWhisper: {
      workers: 1,
      extraEnv: [
        { name: 'PODLINE_WHISPER_SERVER', value: `${FOLDER}/whisper-server` },
        { name: 'FAKE_WHISPER_SPEED', value: String(speed) },
      ],
      extraVolumes: [{ name: NAME, configMap: { name: NAME, defaultMode: 0o555 } }],
      extraVolumeMounts: [{ name: NAME, mountPath: FOLDER, readOnly: true }],
    },
  };
}
