import { Argument, type Command } from 'commander';
import { TRANSCRIPTION_PROVIDERS } from '#shared/contracts/names';
import { LOG_LEVELS } from '#shared/contracts/log-level';
import { doctor, type DoctorOptions } from '../commands/doctor.ts';
import { logLevel, type LogLevelOptions } from '../commands/log-level.ts';
import { SERVICES } from '../stack/local-stack.ts';
import { verify, type VerifyOptions } from '../commands/verify.ts';
import { choice } from './choice.ts';
import type { Run } from './run.ts';

/** What shows whether podline works, and why it does not. */
export function addCheckCommands(program: Command, run: Run): void {
  program
    .command('verify')
    .addOption(choice('--provider <name>', 'who transcribes', TRANSCRIPTION_PROVIDERS).default('whisper'))
    .option('--timeout <seconds>', 'how long it may take', '300')
    .description('send a clip through the running podline and compare the words')
    .action((options: VerifyOptions) => run(() => verify(options)));

  program
    .command('log-level')
    .addArgument(levelArgument())
    .addOption(choice('--service <name>', 'only replicas of this service', SERVICES))
    .option('--minutes <number>', 'until the configured level is back, at most a day', '10')
    .option('--json', 'print JSON')
    .description('have running replicas log more, or less, for a while')
    .action((level: string, options: LogLevelOptions) => run(() => logLevel(level, options)));

  program
    .command('doctor')
    .option('--tune', 'measure which number of whisper engines and threads is fastest here; takes a minute')
    .option('--model <name>', 'with --tune: the whisper model, by its name')
    .option('--audio <file>', 'with --tune: speech to measure with, by default the sample episode')
    .option('--json', 'print JSON')
    .description('check everything podline needs on this machine')
    .action((options: DoctorOptions) => run(() => doctor(options)));
}

function levelArgument(): Argument {
  const argument = new Argument('<level>', `one of ${LOG_LEVELS.join(', ')}`);
  argument.argChoices = [...LOG_LEVELS];
  return argument;
}
