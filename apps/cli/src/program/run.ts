import { ConfigurationError } from '#shared/config/load';
import { asError, PodlineError } from '#shared/errors';
import { UsageError } from '../usage-error.ts';

/** Does a command's work, which resolves with the exit code. */
export type Run = (work: () => Promise<number>) => void;

/** Ends the process with the command's code: 0 done, 1 failed, 2 wrong use, 130 interrupted. */
export function run(work: () => Promise<number>): void {
  work().then(
    (code) => process.exit(code),
    (error: unknown) => {
      const known = error instanceof UsageError || error instanceof ConfigurationError || error instanceof PodlineError;
      console.error(known ? `podline: ${error.message}` : asError(error));
      process.exit(known ? 2 : 1);
    },
  );
}
