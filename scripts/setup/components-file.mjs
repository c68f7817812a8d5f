import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Paths of what the services call, by name: `nats-server`, `ffmpeg`, `ffprobe`, `whisper-server`, `model`.
 * @typedef {Record<string, string>} Components
 */

/**
 * Where the set-up leaves what it found, for the tests, the other commands and `podline doctor`.
 * @param {string} root the checkout
 */
function componentsFile(root) {
  return join(root, '.podline', 'components.json');
}

/** @param {string} root @returns {Promise<Components>} empty before the first set-up */
export async function readComponents(root) {
  return JSON.parse(await readFile(componentsFile(root), 'utf8').catch(() => '{}'));
}

/** @param {string} root @param {Components} components */
export async function writeComponents(root, components) {
  const path = componentsFile(root);
  const text = `${JSON.stringify(components, undefined, 2)}\n`;
  if ((await readFile(path, 'utf8').catch(() => '')) === text) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.${process.pid}`, text);
  await rename(`${path}.${process.pid}`, path);
}
