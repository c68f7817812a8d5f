import { CommanderError } from 'commander';
import { asError } from '#shared/errors';
import { fromNats } from '#shared/jetstream/nats-errors';
import { EXIT, exitCodeOf } from '../exit-codes.ts';
import { endProcess } from './end-process.ts';

/** Does a command's work, which resolves with the exit code. */
export type Run = (work: () => Promise<number>) => void;

/** Ends the process with the command's code: one of `EXIT`. */
export function run(work: () => Promise<number>): void {
  work().then(endProcess, (error: unknown) => endProcess(reportError(error)));
}

/** Says what went wrong: in one line where it was foreseen, with its stack where not. @returns the exit code. */
export function reportError(thrown: unknown): number {
  // Commander has said what is wrong; help that was asked for is no error.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
  const error = asError(fromNats(thrown));
  const code = exitCodeOf(error);
  console.error(code === EXIT.bug ? error : `podline: ${error.message}`);
  return code;
}
