import { readFileSync } from 'node:fs';

/**
 * Facts the set-up and `podline doctor` share: minimum versions, pins, build settings. Versions are "major.minor.patch".
 * @typedef {object} Tool
 * @property {string[]} commands names to look for, the best first
 * @property {string[]} versionArgs arguments that make it print its version
 * @property {string} minimum oldest version that works
 * @property {string} [production] oldest version for more than one machine
 * @property {string} apt Debian package
 * @property {string} brew Homebrew formula
 * @property {string} url where to get it otherwise
 */

/** @param {string} name @returns {any} */
function readJson(name) {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}

/**
 * @typedef {object} Requirements
 * @property {{ minimum: string }} node
 * @property {Record<string, Tool>} tools
 * @property {Record<string, Tool>} testTools needed only by some tests, which are skipped without them
 * @property {Record<string, Tool>} compilers needed only while whisper-server is not compiled yet
 * @property {{ version: string, npmPackage: string, integrity: string, sourceDirectory: string, inferencePath: string, cmakeArguments: string[] }} whisperServer
 * @property {string} embeddedModel name in models.json
 * @property {{ clip: string, words: string[] }} check a spoken clip, and words its transcript must contain
 */

/** @type {Requirements} */
export const requirements = readJson('./requirements.json');

/**
 * The pinned whisper models, by name.
 * @type {Record<string, { file: string, embedded: boolean, url: string | null, bytes: number, sha256: string }>}
 */
export const models = readJson('../../models/models.json');
