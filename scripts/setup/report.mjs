import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readComponents } from './components-file.mjs';
import { installedMatchesLock } from './dependencies.mjs';
import { isExecutable } from './find-tool.mjs';
import { sha256File } from './model.mjs';
import { models, requirements } from './requirements.mjs';
import { SetupError } from './setup-error.mjs';
import { inspectTools } from './system-tools.mjs';
import { howToInstall } from './tool-advice.mjs';
import { transcribeCheck } from './transcribe-check.mjs';
import { isAtLeast } from './version.mjs';

/**
 * @typedef {object} Finding
 * @property {string} name
 * @property {'ok' | 'missing' | 'broken'} status
 * @property {string} [version]
 * @property {string} [path]
 * @property {string} detail what was found; one line
 * @property {string} [fix] what to do
 */

const SET_UP = 'npm run setup';

/**
 * Tries everything the set-up is responsible for and changes nothing.
 * @param {{ root: string, folders: readonly string[], whisperServer?: string | undefined }} options `whisperServer`: the
 *   one in use; absent: the one the set-up left
 * @returns {Promise<Finding[]>}
 */
export async function report({ root, folders, whisperServer }) {
  const [packages, tools, model] = await Promise.all([reportPackages(root), reportTools(folders), reportModel(root)]);
  const binary = whisperServer ?? (await readComponents(root))['whisper-server'];
  const node = reportNode(process.versions.node, process.execPath);
  return [node, packages, ...tools, await reportWhisperServer(root, binary, model), model];
}

/**
 * @param {string} version
 * @param {string} path
 * @returns {Finding}
 */
export function reportNode(version, path) {
  const { minimum } = requirements.node;
  if (isAtLeast(version, minimum)) return { name: 'node', status: 'ok', version, path, detail: 'runs podline' };
  const fix = 'start podline with npm, which uses the Node of its own packages';
  return { name: 'node', status: 'broken', version, path, detail: `older than ${minimum}`, fix };
}

/** @param {string} root @returns {Promise<Finding>} */
async function reportPackages(root) {
  const name = 'npm packages';
  const path = join(root, 'node_modules');
  const [wanted, installed] = await Promise.all(
    [join(root, 'package-lock.json'), join(path, '.package-lock.json')].map(async (file) =>
      JSON.parse(await readFile(file, 'utf8').catch(() => '{}')),
    ),
  );
  const count = Object.keys(installed.packages ?? {}).length;
  if (count === 0) return { name, status: 'missing', detail: 'not installed', fix: SET_UP };
  if (installedMatchesLock(wanted, installed))
    return { name, status: 'ok', path, detail: `${count} packages, as locked` };
  return { name, status: 'broken', path, detail: 'not those of package-lock.json', fix: SET_UP };
}

/** @param {readonly string[]} folders @returns {Promise<Finding[]>} */
async function reportTools(folders) {
  const inspection = await inspectTools(requirements.tools, folders);
  return Object.entries(inspection).map(([name, { tool, report }]) => {
    const { path, version } = report;
    const base = { name, ...(path && { path }), ...(version && { version }) };
    const fix = howToInstall(tool);
    if (report.status === 'missing') return { ...base, status: 'missing', detail: 'not installed', fix };
    if (report.status === 'broken') return { ...base, status: 'broken', detail: 'does not run', fix };
    if (report.status === 'old') return { ...base, status: 'broken', detail: `older than ${tool.minimum}`, fix };
    return { ...base, status: 'ok', detail: describeVersion(tool, version) };
  });
}

/**
 * A word where a version does for one machine only.
 * @param {{ production?: string | undefined }} tool
 * @param {string | undefined} version
 */
export function describeVersion({ production }, version) {
  if (production === undefined || version === undefined || isAtLeast(version, production)) return 'runs';
  return `does for one machine; a cluster needs ${production} or newer`;
}

/** @param {string} root @returns {Promise<Finding>} */
async function reportModel(root) {
  const version = requirements.embeddedModel;
  const entry = models[version];
  if (entry === undefined) throw new Error(`models/models.json has no entry "${version}".`);
  const path = join(root, 'models', entry.file);
  const base = { name: 'whisper model', version, path };
  const fix = 'git checkout -- models';
  const file = await stat(path).catch(() => undefined);
  if (file === undefined) return { ...base, status: 'missing', detail: 'not there', fix };
  const found = await sha256File(path);
  if (found === entry.sha256)
    return { ...base, status: 'ok', detail: `${(file.size / 1e6).toFixed(0)} MB, SHA-256 as pinned` };
  return { ...base, status: 'broken', detail: `SHA-256 ${found}, but ${entry.sha256} is pinned`, fix };
}

/**
 * Has whisper-server transcribe a clip.
 * @param {string} root
 * @param {string | undefined} binary
 * @param {Finding} model
 * @returns {Promise<Finding>}
 */
async function reportWhisperServer(root, binary, model) {
  const name = 'whisper-server';
  if (binary === undefined) return { name, status: 'missing', detail: 'not compiled yet', fix: SET_UP };
  if (!(await isExecutable(binary))) return { name, status: 'missing', path: binary, detail: 'not there', fix: SET_UP };
  if (model.status !== 'ok' || model.path === undefined) {
    return {
      name,
      status: 'broken',
      path: binary,
      detail: 'not tried, for want of the model',
      fix: model.fix ?? SET_UP,
    };
  }
  const { clip, words } = requirements.check;
  const { inferencePath } = requirements.whisperServer;
  const began = performance.now();
  try {
    await transcribeCheck({ binary, model: model.path, clip: join(root, clip), inferencePath, words });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    return { name, status: 'ok', path: binary, detail: `started and transcribed a clip in ${seconds} s` };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    const lastWords = error.detail.split('\n').at(-1);
    const detail = `${error.message}${lastWords ? ` It said: ${lastWords}` : ''}`;
    return { name, status: 'broken', path: binary, detail, fix: `remove ${binary}, then ${SET_UP}` };
  }
}
