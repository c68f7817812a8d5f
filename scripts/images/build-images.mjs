import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot, searchDirectories } from '../setup/paths.mjs';
import { runCommand, runOrFail } from '../setup/run-command.mjs';
import { SetupError } from '../setup/setup-error.mjs';
import { findBuilder } from './find-builder.mjs';
import { buildArguments, CUDA_TARGET, imageName, TARGETS } from './image-list.mjs';

const HELP = `npm run images -- [--tag TAG] [--registry PREFIX] [--cuda] [TARGET...]
  --tag       of the images; default: the version in package.json
  --registry  stands before the names, such as ghcr.io/me/
  --cuda      also the transcriber for NVIDIA GPUs
  TARGET      ${TARGETS.join(', ')}; default: all`;

/**
 * Builds the images one after another; they share stages, which the builder keeps.
 * @param {{ args: string[], env: NodeJS.ProcessEnv, signal: AbortSignal, say: (line: string) => void }} context
 * @returns {Promise<void>}
 * @throws SetupError when a target is unknown or a build fails
 */
export async function buildImages({ args, env, signal, say }) {
  const { values, positionals } = readArguments(args);
  if (values.help) return say(HELP);
  const { version } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8'));
  const options = { tag: values.tag ?? version, registry: values.registry, version, revision: await revision() };
  const targets = chooseTargets(positionals, values.cuda);
  const [file = '', ...first] = await findBuilder(env, searchDirectories(env));
  for (const target of targets) {
    const began = performance.now();
    const name = imageName(target, options);
    say(`building ${name}`);
    await runOrFail(`${file} (${name})`, file, [...first, ...buildArguments(target, options)], {
      cwd: projectRoot,
      env,
      signal,
      onLine: (line) => values.verbose && say(`  ${line}`),
    });
    say(`built ${name} in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
}

/** @param {string[]} args */
function readArguments(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        tag: { type: 'string' },
        registry: { type: 'string', default: '' },
        cuda: { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
  }
}

/**
 * @param {readonly string[]} asked
 * @param {boolean} cuda
 */
export function chooseTargets(asked, cuda) {
  const known = [...TARGETS, CUDA_TARGET];
  const unknown = asked.filter((target) => !known.includes(target));
  if (unknown.length > 0) {
    throw new SetupError(`There is no image "${unknown.join('", "')}". The images are ${known.join(', ')}.`);
  }
  const chosen = asked.length > 0 ? asked : TARGETS;
  return known.filter((target) => chosen.includes(target) || (cuda && target === CUDA_TARGET));
}

/** The commit, for the label; a copy without git has none. */
async function revision() {
  const { code, output } = await runCommand('git', ['-C', projectRoot, 'rev-parse', 'HEAD']).catch(() => ({
    code: 1,
    output: '',
  }));
  return code === 0 ? output.trim() : 'unknown';
}
