import { describe, expect, test } from '@jest/globals';
import { cliPage } from './cli-page.ts';
import { allNodes, commandTree } from './completion/command-tree.ts';
import { buildProgram } from './program/build-program.ts';
import { EXAMPLES } from './program/examples.ts';
import { squeezed, stalePage } from '../../../test/support/stale-page.ts';

const nodes = allNodes(commandTree(buildProgram(() => undefined)));

describe('docs/cli.md', () => {
  test('is what the commands say: run `npm run docs` when they changed', async () => {
    expect(await stalePage('docs/cli.md', cliPage(), squeezed)).toBeUndefined();
  });

  test('tells what every command and every option is for', () => {
    const silent = nodes.flatMap(({ path, description, options }) => [
      ...(description === '' ? [path] : []),
      ...options.filter((option) => option.description === '').map(({ flag }) => `${path} ${flag}`),
    ]);
    expect(silent).toEqual([]);
  });

  test('has no examples of commands that do not exist', () => {
    const known = nodes.map(({ path }) => path);
    expect(Object.keys(EXAMPLES).filter((path) => !known.includes(path))).toEqual([]);
  });
});
