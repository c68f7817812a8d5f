import type { Command } from 'commander';
import { doctor, type DoctorOptions } from '../commands/doctor.ts';
import { logLevel, type LogLevelOptions } from '../commands/log-level.ts';
import { verify, type VerifyOptions } from '../commands/verify.ts';
import type { Run } from './run.ts';

/** What shows whether podline works, and why it does not. */
export function addCheckCommands(program: Command, run: Run): void {
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
    .option('--tune', 'measure which number of whisper engines and threads is fastest here; takes a minute')
    .option('--model <name>', 'with --tune: the whisper model, by its name')
    .option('--audio <file>', 'with --tune: speech to measure with, by default the sample episode')
    .option('--json', 'print JSON')
    .description('check everything podline needs on this machine')
    .action((options: DoctorOptions) => run(() => doctor(options)));
}
