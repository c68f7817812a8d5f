import { describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { buildProgram } from '../program/build-program.ts';
import { commandTree } from './command-tree.ts';
import { completionScript } from './completion-script.ts';

const tree = commandTree(buildProgram(() => undefined));

/** What bash offers for this line when Tab is pressed at its end: bash's own completion, asked as readline asks it. */
async function offered(line: string): Promise<string[]> {
  const script = `${completionScript('bash', tree)}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=\${#COMP_LINE}
$(complete -p podline | sed -E 's/.* -F ([^ ]+) .*/\\1/') podline "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await execa('bash', ['--norc', '-c', script, 'bash', ...line.split(' ')]);
  return stdout.split('\n').filter((word) => word !== '');
}

describe('bash completion', () => {
  test.each([
    ['podline su', ['submit']],
    ['podline feed p', ['poll', 'publish']],
    ['podline submit --la', ['--latest', '--lane', '--language']],
    ['podline submit --lane ', ['high', 'normal', 'bulk']],
    ['podline submit x.mp3 --provider w', ['whisper']],
    ['podline feed add --lane b', ['bulk']],
    ['podline completion ', ['bash', 'zsh', 'fish', '--help']],
    ['podline limits --help sh', ['show']],
    // A file name: bash's own completion takes over.
    ['podline submit --title ', []],
    ['podline submit talk', []],
  ])('offers for "%s": %j', async (line, words) => {
    expect(await offered(line)).toEqual(words);
  });

  test('never runs what is typed', async () => {
    const trap = join(tmpdir(), `podline-typed-${process.pid}`);
    expect(await offered(`podline submit $(touch\${IFS}${trap}) --lane h`)).toEqual(['high']);
    expect(existsSync(trap)).toBe(false);
  });
});

describe('completion scripts', () => {
  test.each(['zsh', 'fish'] as const)('of %s name every command and option', (shell) => {
    const script = completionScript(shell, tree);
    for (const word of ['submit', 'publish', 'resummarize', 'high normal bulk']) expect(script).toContain(word);
  });
});
