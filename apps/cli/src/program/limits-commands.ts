import type { Command } from 'commander';
import { limitsApply, limitsOpen, limitsPause, limitsResume, limitsSet, limitsShow } from '../commands/limits.ts';
import type { Run } from './run.ts';

/** `podline limits …`: what paid APIs are sent at most. */
export function addLimitsCommands(program: Command, run: Run): void {
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
}
