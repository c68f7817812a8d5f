import type { Command } from 'commander';
import { QUEUES } from '#shared/contracts/names';
import { deadDrop, deadList, type DeadOptions, deadReplay, deadShow } from '../commands/dead.ts';
import { choice } from './choice.ts';
import type { Run } from './run.ts';

/** `podline dead …`: the jobs nobody could do. */
export function addDeadCommands(program: Command, run: Run): void {
  const dead = program.command('dead').description('jobs nobody could do: look at them, try them again, drop them');
  withFilter(dead.command('list'))
    .description('list dead letters')
    .action((options: DeadOptions) => run(() => deadList(options)));
  dead
    .command('show')
    .argument('<number>', 'as `podline dead list` shows it')
    .description('print one dead letter as JSON')
    .action((sequence: string) => run(() => deadShow(sequence)));
  withFilter(dead.command('replay').argument('[number]', 'as `podline dead list` shows it'))
    .option('--all', 'all of them')
    .description('publish the jobs again; finished work is not redone')
    .action((sequence: string | undefined, options: DeadOptions) => run(() => deadReplay(sequence, options)));
  withFilter(dead.command('drop').argument('[number]', 'as `podline dead list` shows it'))
    .option('--all', 'all of them')
    .description('give the letters up for good')
    .action((sequence: string | undefined, options: DeadOptions) => run(() => deadDrop(sequence, options)));
}

function withFilter(command: Command): Command {
  return command
    .addOption(choice('--queue <queue>', 'of this queue', QUEUES))
    .option('--reason <reason>', 'with this reason')
    .option('--episode <id>', 'of this episode')
    .option('--json', 'print JSON');
}
