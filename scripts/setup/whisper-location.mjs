import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { thisCpu } from './cpu-features.mjs';
import { requirements } from './requirements.mjs';

/** All that podline adds to whisper.cpp or changes in it. */
const changes = new URL('./engine/', import.meta.url);
/** What CMake includes to adapt whisper.cpp's build. */
export const buildAdaptation = new URL('whisper-build.cmake', changes);

/**
 * A short hash over everything the binary depends on: another CPU or other settings make another binary.
 * @param {{ source: string, cmakeArguments: readonly string[], adaptation: string, platform: string, arch: string, cpu: string }} parts
 */
export function buildKey(parts) {
  const { source, cmakeArguments, adaptation, platform, arch, cpu } = parts;
  const text = JSON.stringify([source, cmakeArguments, adaptation, platform, arch, cpu]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/**
 * The folder of this machine's whisper-server; it holds `whisper-server` and, once it has transcribed, `verified`.
 * @param {string} cache
 * @param {{ platform: string, arch: string }} machine
 */
export function whisperServerFolder(cache, { platform, arch }) {
  const { version, integrity, cmakeArguments } = requirements.whisperServer;
  const files = readdirSync(changes)
    .filter((name) => !name.includes('.test.'))
    .toSorted();
  const adaptation = files.map((name) => readFileSync(new URL(name, changes), 'utf8')).join('\0');
  const key = buildKey({ source: integrity, cmakeArguments, adaptation, platform, arch, cpu: thisCpu() });
  return join(cache, `whisper-server-${version}-${key}`);
}
