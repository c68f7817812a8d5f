import type { Command } from 'commander';
import { FORMATS, get, type GetOptions } from '../commands/get.ts';
import { pull, type PullOptions } from '../commands/pull.ts';
import { search, type SearchOptions } from '../commands/search.ts';
import { choice } from './choice.ts';
import type { Run } from './run.ts';

/** What brings out finished transcripts and summaries. */
export function addResultCommands(program: Command, run: Run): void {
  program
    .command('get')
    .argument('<episode>', 'id of the episode')
    .addOption(choice('--format <format>', 'what, and how it is written', FORMATS).default('txt'))
    .option('--timestamps', 'in txt: the time before each paragraph')
    .option('--json', 'short for --format json')
    .description('print a transcript or a summary')
    .action((episodeId: string, options: GetOptions) => run(() => get(episodeId, options)));

  program
    .command('pull')
    .argument('[episodes...]', 'ids of finished episodes')
    .option('--all', 'every finished episode')
    .option('--feed <feed>', 'those of one feed: its id or URL')
    .option('--out <folder>', 'where the files go', 'transcripts')
    .option('--force', 'replace files that differ')
    .option('--json', 'print JSON')
    .description('write transcripts and summaries into a folder')
    .action((episodes: string[], options: PullOptions) => run(() => pull(episodes, options)));

  program
    .command('search')
    .argument('<words...>', 'said near each other; "a phrase" in quotation marks is said as it is')
    .option('--feed <feed>', 'in one feed: its id or URL')
    .option('--limit <n>', 'passages shown, of the newest episodes', '20')
    .option('--json', 'print JSON')
    .description('find where something is said, in all transcripts; whole words only')
    .action((words: string[], options: SearchOptions) => run(() => search(words, options)));
}
