import type { Command } from 'commander';
import { LANES, SUMMARY_PROVIDERS, TRANSCRIPTION_PROVIDERS } from '#shared/contracts/names';
import { bump } from '../commands/bump.ts';
import { resume } from '../commands/resume.ts';
import { resummarize, type ResummarizeOptions } from '../commands/resummarize.ts';
import { status } from '../commands/status.ts';
import { submit, type SubmitOptions } from '../commands/submit.ts';
import { up, type UpOptions } from '../commands/up.ts';
import { watch, type WatchCommandOptions } from '../commands/watch.ts';
import { choice } from './choice.ts';
import type { Run } from './run.ts';

/** What sets episodes going, and what tells how far they are. */
export function addEpisodeCommands(program: Command, run: Run): void {
  program
    .command('up')
    .argument('[source]', 'audio URL, file or feed URL; by default the sample episode')
    .option('--again', 'transcribe although a transcript is there already')
    .option('--once', 'end when the episode is finished')
    .option('--idle', 'start the services only')
    .description(
      'run NATS and the services here, and transcribe an episode; npm start sets up what is missing and does this',
    )
    .action((source: string | undefined, options: UpOptions) => run(() => up(source, options)));

  program
    .command('submit')
    .argument('<source>', 'audio URL, feed URL, file, folder, s3://bucket/key, or - for standard input')
    .option('--latest <n>', 'how many of a feed’s newest episodes', '1')
    .option('--id <id>', 'your own id of the episode')
    .option('--title <text>', 'its title; by default the feed’s, the file’s name or the URL')
    .addOption(choice('--lane <lane>', 'priority', LANES))
    .addOption(choice('--provider <name>', 'who transcribes', TRANSCRIPTION_PROVIDERS))
    .option('--model <name>', 'model of that provider')
    .option('--language <code>', 'ISO 639-1 code or English name; auto detects it')
    .option('--prompt <text>', 'names and terms the engine should know')
    .option('--chunk-seconds <n>', 'target length of a chunk')
    .addOption(choice('--summary <name>', 'who summarizes', SUMMARY_PROVIDERS))
    .option('--webhook <url>', 'called when the episode is finished')
    .option('--dry-run', 'publish nothing: estimate requests, tokens, cost and time')
    .option('--minutes <n>', 'length of each episode, for --dry-run')
    .option('--always-transcribe', 'although the publisher offers a transcript')
    .option('--json', 'print JSON')
    .description('publish an episode, or the newest of a feed')
    .action((source: string, options: SubmitOptions) => run(() => submit(source, options)));

  program
    .command('watch')
    .argument('[episodes...]', 'ids of episodes; by default all that are at work')
    .option('--feed <feed>', 'those of one feed: its URL, or its id')
    .option('--json', 'print one JSON object a line')
    .description('follow episodes until all are finished; begun anew, it shows as much as before')
    .action((episodes: string[], options: WatchCommandOptions) => run(() => watch(episodes, options)));

  program
    .command('status')
    .argument('[episode]', 'id of an episode; by default all')
    .option('--json', 'print JSON')
    .description('show where episodes stand, and what went wrong')
    .action((episodeId: string | undefined, options: { json?: boolean }) => run(() => status(episodeId, options)));

  program
    .command('resume')
    .argument('[episode]', 'id of the episode')
    .option('--all', 'every episode that is not finished and has not failed')
    .option('--json', 'print JSON')
    .description('set episodes going that stand still; finished work is not redone')
    .action((episodeId: string | undefined, options: { all?: boolean; json?: boolean }) =>
      run(() => resume(episodeId, options)),
    );

  program
    .command('bump')
    .argument('<episode>', 'id of the episode, also of one that waits for its download')
    .option('--json', 'print JSON')
    .description('let an episode go before all others')
    .action((episodeId: string, options: { json?: boolean }) => run(() => bump(episodeId, options)));

  program
    .command('resummarize')
    .argument('<episode>', 'id of the episode')
    .addOption(choice('--provider <name>', 'who summarizes', SUMMARY_PROVIDERS).makeOptionMandatory())
    .option('--model <name>', 'model of that provider')
    .option('--sentences <n>', 'length of an extractive summary')
    .description('summarize anew from the transcript that is there')
    .action((episodeId: string, options: ResummarizeOptions) => run(() => resummarize(episodeId, options)));
}
