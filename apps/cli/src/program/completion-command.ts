import { Argument, type Command } from 'commander';
import { commandTree } from '../completion/command-tree.ts';
import { completionScript, SHELLS } from '../completion/completion-script.ts';
import { EXIT } from '../exit-codes.ts';
import { oneOf } from '../option-values.ts';
import type { Run } from './run.ts';

/** `podline completion <shell>`: made of the very commands that are there. */
export function addCompletionCommand(program: Command, run: Run): void {
  const shell = new Argument('<shell>', 'whose completion');
  shell.argChoices = [...SHELLS];
  program
    .command('completion')
    .addArgument(shell)
    .description('print what makes a shell complete podline’s commands, options and values')
    .action((name: string) =>
      run(() => {
        process.stdout.write(completionScript(oneOf('shell', name, SHELLS) ?? 'bash', commandTree(program)));
        return Promise.resolve(EXIT.done);
      }),
    );
}
