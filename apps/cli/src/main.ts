#!/usr/bin/env node
import { Command } from 'commander';
import { ConfigurationError } from '#shared/config/load';
import { asError, PodlineError } from '#shared/errors';
import { budgetSet, budgetShow, budgetSpent } from './commands/budget.ts';
import { deadDrop, deadList, type DeadOptions, deadReplay, deadShow } from './commands/dead.ts';
import { doctor } from './commands/doctor.ts';
import { get } from './commands/get.ts';
import { limitsApply, limitsOpen, limitsPause, limitsResume, limitsSet, limitsShow } from './commands/limits.ts';
import { logLevel, type LogLevelOptions } from './commands/log-level.ts';
import { type FetchOptions, modelFetch, modelList } from './commands/model.ts';
import { resummarize, type ResummarizeOptions } from './commands/resummarize.ts';
import { resume } from './commands/resume.ts';
import { status } from './commands/status.ts';
import { submit, type SubmitOptions } from './commands/submit.ts';
import { up, type UpOptions } from './commands/up.ts';
import { verify, type VerifyOptions } from './commands/verify.ts';
import { watch } from './commands/watch.ts';
import { addFeedCommands } from './feed-commands.ts';
import { UsageError } from './usage-error.ts';

/** Ends the process with the command's code: 0 done, 1 failed, 2 wrong use, 130 interrupted. */
function run(work: () => Promise<number>): void {
  work().then(
    (code) => process.exit(code),
    (error: unknown) => {
      const known = error instanceof UsageError || error instanceof ConfigurationError || error instanceof PodlineError;
      console.error(known ? `podline: ${error.message}` : asError(error));
      process.exit(known ? 2 : 1);
    },
  );
}

const program = new Command('podline')
  .description('Podcast episodes in, transcripts and summaries out.')
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError();

program
  .command('up')
  .argument('[source]', 'audio URL, file or feed URL; by default the sample episode')
  .option('--again', 'transcribe although a transcript is there already')
  .option('--once', 'end when the episode is finished')
  .option('--idle', 'start the services only')
  .description('run NATS and the services here, and transcribe an episode')
  .action((source: string | undefined, options: UpOptions) => run(() => up(source, options)));

program
  .command('submit')
  .argument('<source>', 'audio URL, feed URL, file, folder, s3://bucket/key, or - for standard input')
  .option('--latest <n>', 'how many of a feed’s newest episodes', '1')
  .option('--id <id>', 'your own id of the episode')
  .option('--title <text>')
  .option('--lane <lane>', 'priority: high, normal or bulk')
  .option('--provider <name>', 'who transcribes: whisper or openai')
  .option('--model <name>', 'model of that provider')
  .option('--language <code>', 'ISO 639-1 code or English name; auto detects it')
  .option('--prompt <text>', 'names and terms the engine should know')
  .option('--chunk-seconds <n>', 'target length of a chunk')
  .option('--summary <name>', 'who summarizes: extractive, openai or local')
  .option('--webhook <url>', 'called when the episode is finished')
  .option('--dry-run', 'publish nothing: estimate requests, tokens, cost and time')
  .option('--minutes <n>', 'length of each episode, for --dry-run')
  .option('--always-transcribe', 'although the publisher offers a transcript')
  .option('--json', 'print JSON')
  .description('publish an episode, or the newest of a feed')
  .action((source: string, options: SubmitOptions) => run(() => submit(source, options)));

program
  .command('watch')
  .argument('<episode>', 'id of the episode')
  .option('--json', 'print one JSON object a line')
  .description('follow an episode until it is done')
  .action((episodeId: string, options: { json?: boolean }) => run(() => watch(episodeId, options)));

program
  .command('status')
  .argument('[episode]', 'id of an episode; by default all')
  .option('--json', 'print JSON')
  .description('show where episodes stand, and what went wrong')
  .action((episodeId: string | undefined, options: { json?: boolean }) => run(() => status(episodeId, options)));

program
  .command('get')
  .argument('<episode>', 'id of the episode')
  .option('--format <format>', 'json, txt, srt, vtt, summary, summary-json or chapters', 'txt')
  .option('--json', 'short for --format json')
  .description('print a transcript or a summary')
  .action((episodeId: string, options: { format: string; json?: boolean }) => run(() => get(episodeId, options)));

program
  .command('resummarize')
  .argument('<episode>', 'id of the episode')
  .requiredOption('--provider <name>', 'who summarizes: extractive, openai or local')
  .option('--model <name>', 'model of that provider')
  .option('--sentences <n>', 'length of an extractive summary')
  .description('summarize anew from the transcript that is there')
  .action((episodeId: string, options: ResummarizeOptions) => run(() => resummarize(episodeId, options)));

program
  .command('resume')
  .argument('[episode]', 'id of the episode')
  .option('--all', 'every episode that is not finished and has not failed')
  .option('--json', 'print JSON')
  .description('set episodes going that stand still; finished work is not redone')
  .action((episodeId: string | undefined, options: { all?: boolean; json?: boolean }) =>
    run(() => resume(episodeId, options)),
  );

const dead = program.command('dead').description('jobs nobody could do: look at them, try them again, drop them');
const withFilter = (command: Command): Command =>
  command
    .option('--queue <queue>', 'of this queue')
    .option('--reason <reason>', 'with this reason')
    .option('--episode <id>', 'of this episode')
    .option('--json', 'print JSON');

withFilter(dead.command('list'))
  .description('list dead letters')
  .action((options: DeadOptions) => run(() => deadList(options)));
dead
  .command('show')
  .argument('<number>')
  .description('print one dead letter as JSON')
  .action((sequence: string) => run(() => deadShow(sequence)));
withFilter(dead.command('replay').argument('[number]'))
  .option('--all', 'all of them')
  .description('publish the jobs again; finished work is not redone')
  .action((sequence: string | undefined, options: DeadOptions) => run(() => deadReplay(sequence, options)));
withFilter(dead.command('drop').argument('[number]'))
  .option('--all', 'all of them')
  .description('give the letters up for good')
  .action((sequence: string | undefined, options: DeadOptions) => run(() => deadDrop(sequence, options)));

addFeedCommands(program, run);

const limits = program.command('limits').description('rate limits of paid APIs, for the whole cluster');
limits
  .command('show')
  .argument('[endpoint]', 'for instance openai.transcription')
  .option('--json', 'print JSON')
  .description('show limits, and how far they are used')
  .action((endpoint: string | undefined, options: { json?: boolean }) => run(() => limitsShow(endpoint, options)));
limits
  .command('set')
  .argument('<endpoint>')
  .argument('<settings...>', 'name=value, for instance requestsPerMinute=100; name=none takes a limit away')
  .option('--json', 'print JSON')
  .description('change limits, in force at once')
  .action((endpoint: string, settings: string[], options: { json?: boolean }) =>
    run(() => limitsSet(endpoint, settings, options)),
  );
limits
  .command('apply')
  .argument('<endpoint>')
  .argument('<settings...>', 'name=value; what is left out is not limited')
  .option('--overwrite', 'also what an operator has set at run time')
  .description('set a deployment’s limits, where no operator has set others')
  .action((endpoint: string, settings: string[], options: { overwrite?: boolean }) =>
    run(() => limitsApply(endpoint, settings, options)),
  );
limits
  .command('pause')
  .argument('<endpoint>')
  .argument('[reason]')
  .description('send nothing any more')
  .action((endpoint: string, reason: string | undefined) => run(() => limitsPause(endpoint, reason)));
limits
  .command('resume')
  .argument('<endpoint>')
  .description('go on after a pause or an exhausted quota')
  .action((endpoint: string) => run(() => limitsResume(endpoint)));
limits
  .command('open')
  .argument('<endpoint>')
  .description('end the minute a new endpoint is closed for; only if nothing was sent before')
  .action((endpoint: string) => run(() => limitsOpen(endpoint)));

const budget = program
  .command('budget')
  .description('what may be spent on paid APIs in a month, for the whole cluster');
budget
  .command('show')
  .option('--json', 'print JSON')
  .description('show what was spent this month, and what may be')
  .action((options: { json?: boolean }) => run(() => budgetShow(options)));
budget
  .command('set')
  .argument('[settings...]', 'monthlyDollars=50 feedMonthlyDollars=5 whenReached=wait|fail; name=none takes one away')
  .option('--feed <url>', 'the budget of one feed: its amount in dollars, or none')
  .option('--anew', 'forget all earlier settings')
  .description('change the budget, in force at once')
  .action((settings: string[], options: { feed?: string; anew?: boolean }) => run(() => budgetSet(settings, options)));
budget
  .command('spent')
  .argument('<dollars>')
  .option('--feed <url>', 'of one feed')
  .description('say what was spent this month, where that was lost')
  .action((dollars: string, options: { feed?: string }) => run(() => budgetSpent(dollars, options)));

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

program
  .command('verify')
  .option('--provider <name>', 'who transcribes: whisper or openai', 'whisper')
  .option('--timeout <seconds>', 'how long it may take', '300')
  .description('send a clip through the running podline and compare the words')
  .action((options: VerifyOptions) => run(() => verify(options)));

program
  .command('log-level')
  .argument('<level>', 'trace, debug, info, warn, error or fatal')
  .option('--service <name>', 'only replicas of this service')
  .option('--minutes <number>', 'until the configured level is back, at most a day', '10')
  .option('--json', 'print JSON')
  .description('have running replicas log more, or less, for a while')
  .action((level: string, options: LogLevelOptions) => run(() => logLevel(level, options)));

program
  .command('doctor')
  .option('--json', 'print JSON')
  .description('check everything podline needs on this machine')
  .action((options: { json?: boolean }) => run(() => doctor(options)));

program.parse();
