import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { findPaths } from '../paths.ts';
import { EXIT, EXIT_MEANINGS } from '../exit-codes.ts';
import { addBudgetCommands } from './budget-commands.ts';
import { addCheckCommands } from './check-commands.ts';
import { addCompletionCommand } from './completion-command.ts';
import { addDeadCommands } from './dead-commands.ts';
import { addEpisodeCommands } from './episode-commands.ts';
import { addExamples } from './examples.ts';
import { addFeedCommands } from './feed-commands.ts';
import { addLimitsCommands } from './limits-commands.ts';
import { addModelCommands } from './model-commands.ts';
import { addResultCommands } from './result-commands.ts';
import type { Run } from './run.ts';

const FIRST_STEPS = `
First steps:
  podline up                                 run everything here, transcribe a sample episode
  podline submit https://example.com/feed    publish the newest episode of a feed of yours
  podline watch                              follow all that is at work

In a checkout, "npm run -s podline -- status" is "podline status". All of it with examples: docs/cli.md`;

/**
 * The whole command line, in the order the help shows it. A group of commands is one file beside this one.
 * @returns a program that throws a `CommanderError`, instead of ending the process, where it is used wrongly.
 */
export function buildProgram(run: Run): Command {
  const program = new Command('podline')
    .description('Podcast episodes in, transcripts and summaries out.')
    .usage('<command> [options]')
    .version(ownVersion(), '--version', 'show which podline this is')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .showHelpAfterError('(--help shows how it is used)')
    .addHelpText('after', `${FIRST_STEPS}\n\nExit codes:\n${exitCodeLines().join('\n')}`);
  program.commandsGroup('Episodes:');
  addEpisodeCommands(program, run);
  program.commandsGroup('Results:');
  addResultCommands(program, run);
  program.commandsGroup('Feeds:');
  addFeedCommands(program, run);
  program.commandsGroup('When something is wrong:');
  addCheckCommands(program, run);
  addDeadCommands(program, run);
  program.commandsGroup('Paid APIs:');
  addLimitsCommands(program, run);
  addBudgetCommands(program, run);
  program.commandsGroup('This machine:');
  addModelCommands(program, run);
  addCompletionCommand(program, run);
  program.helpCommand('help [command]', 'show how a command is used');
  addExamples(program);
  return program;
}

function exitCodeLines(): string[] {
  return Object.entries(EXIT_MEANINGS).map(
    ([name, meaning]) => `  ${String(EXIT[name as keyof typeof EXIT]).padStart(3)}  ${meaning}`,
  );
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(join(findPaths().root, 'package.json'), 'utf8')) as { version: string };
  return version;
}
