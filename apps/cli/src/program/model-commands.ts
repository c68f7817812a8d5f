import type { Command } from 'commander';
import { type FetchOptions, modelFetch, modelList } from '../commands/model.ts';
import type { Run } from './run.ts';

/** `podline model …`: the whisper models of this machine. */
export function addModelCommands(program: Command, run: Run): void {
  const model = program.command('model').description('whisper models: which there are, and how to get them');
  model
    .command('list')
    .option('--json', 'print JSON')
    .description('list the models known by name')
    .action((options: { json?: boolean }) => run(() => modelList(options)));
  model
    .command('fetch')
    .argument('<names...>', 'for instance small-q5_1; with --url the name of the file')
    .option('--folder <folder>', 'where to; by default models/')
    .option('--mirror <url>', 'address with the same files as the model hub')
    .option('--url <url>', 'any other file')
    .option('--sha256 <hex>', 'what that file must hash to')
    .description('download models, checked against their SHA-256')
    .action((names: string[], options: FetchOptions) => run(() => modelFetch(names, options)));
}
