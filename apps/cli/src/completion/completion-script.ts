import type { CommandNode } from './command-tree.ts';
import { bashCompletion } from './bash-completion.ts';
import { fishCompletion } from './fish-completion.ts';
import { zshCompletion } from './zsh-completion.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * The script a shell sources. It holds all words itself: asking podline on each press of Tab would cost its start, and
 * the libraries that do so evaluate what was typed.
 */
export function completionScript(shell: Shell, root: CommandNode): string {
  const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
  return scripts[shell](root);
}
