import { Command } from 'commander';
import { addBudgetCommands } from './budget-commands.ts';
import { addCheckCommands } from './check-commands.ts';
import { addDeadCommands } from './dead-commands.ts';
import { addEpisodeCommands } from './episode-commands.ts';
import { addFeedCommands } from './feed-commands.ts';
import { addLimitsCommands } from './limits-commands.ts';
import { addModelCommands } from './model-commands.ts';
import { addResultCommands } from './result-commands.ts';
import type { Run } from './run.ts';

/** The whole command line, in the order the help shows it. A group of commands is one file beside this one. */
export function buildProgram(run: Run): Command {
  const program = new Command('podline')
    .description('Podcast episodes in, transcripts and summaries out.')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError();
  addEpisodeCommands(program, run);
  addResultCommands(program, run);
  addFeedCommands(program, run);
  addDeadCommands(program, run);
  addLimitsCommands(program, run);
  addBudgetCommands(program, run);
  addModelCommands(program, run);
  addCheckCommands(program, run);
  return program;
}
