import type { Command } from 'commander';
import { LANES, SUMMARY_PROVIDERS, TRANSCRIPTION_PROVIDERS } from '#shared/contracts/names';
import { type FeedOptions, feedAdd, feedList, feedPoll, feedRemove } from '../commands/feed.ts';
import { feedExport, feedImport } from '../commands/feed-opml.ts';
import { feedPublish, type FeedPublishOptions } from '../commands/feed-publish.ts';
import { choice } from './choice.ts';
import type { Run } from './run.ts';

/** `podline feed …`: what is followed, and what goes back into a feed. */
export function addFeedCommands(program: Command, run: Run): void {
  const feed = program.command('feed').description('follow feeds: new episodes are published as they appear');
  withSettings(feed.command('add').argument('<url>', 'feed URL'))
    .option('--latest <n>', 'how many of its newest episodes now; 1 unless given, all with --since or --match')
    .option('--since <date>', 'episodes from that day on')
    .option('--match <words>', 'only episodes with these words in the title, now and later')
    .option('--budget <dollars>', 'what its paid calls may cost in a month; none takes it away')
    .description('follow a feed; one that is followed gets the settings given')
    .action((url: string, options: FeedOptions) => run(() => feedAdd(url, options)));
  feed
    .command('list')
    .option('--json', 'print JSON')
    .description('show the feeds, and what is wrong with them')
    .action((options: { json?: boolean }) => run(() => feedList(options)));
  feed
    .command('remove')
    .argument('<feed>', 'id or URL')
    .description('follow a feed no more; its episodes stay')
    .action((name: string) => run(() => feedRemove(name)));
  feed
    .command('poll')
    .argument('[feed]', 'id or URL; by default all')
    .option('--json', 'print JSON')
    .description('look for new episodes now')
    .action((name: string | undefined, options: { json?: boolean }) => run(() => feedPoll(name, options)));
  withSettings(feed.command('import').argument('<file>', 'OPML file, as podcast players export it'))
    .option('--latest <n>', 'how many of each feed’s newest episodes; 1 unless given')
    .description('follow every feed of an OPML file')
    .action((file: string, options: FeedOptions) => run(() => feedImport(file, options)));
  feed
    .command('export')
    .description('print the feeds as OPML')
    .action(() => run(() => feedExport()));
  feed
    .command('publish')
    .argument('<feed>', 'id or URL')
    .requiredOption('--out <folder>', 'where the files go')
    .requiredOption('--base-url <url>', 'where that folder will be served from')
    .option('--json', 'print JSON')
    .description('write the feed with transcripts and chapters added, and their files')
    .action((name: string, options: FeedPublishOptions) => run(() => feedPublish(name, options)));
}

/** What every episode of a feed is published with. */
function withSettings(command: Command): Command {
  return command
    .option('--every <minutes>', 'how often it is polled; 30 unless given')
    .addOption(choice('--lane <lane>', 'priority', LANES))
    .addOption(choice('--provider <name>', 'who transcribes', TRANSCRIPTION_PROVIDERS))
    .option('--model <name>', 'model of that provider')
    .option('--language <code>', 'ISO 639-1 code or English name; auto detects it')
    .option('--prompt <text>', 'names and terms of the show, for the engine')
    .option('--chunk-seconds <n>', 'target length of a chunk')
    .addOption(choice('--summary <name>', 'who summarizes', SUMMARY_PROVIDERS))
    .option('--webhook <url>', 'called when an episode is finished')
    .option('--always-transcribe', 'although the publisher offers a transcript')
    .option('--json', 'print JSON');
}
