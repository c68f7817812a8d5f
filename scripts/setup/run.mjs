import { createContext } from './context.mjs';
import { interruptSignal } from './interrupt.mjs';
import { launch, programEnvironment } from './launch.mjs';
import { projectRoot } from './paths.mjs';
import { Reporter } from './reporter.mjs';
import { setUp } from './set-up.mjs';
import { SetupInterrupted } from './setup-error.mjs';

/**
 * Sets up what is missing, then runs podline with the arguments, if any are given.
 * @param {{ components: boolean, forTests?: boolean, quiet: boolean, stream: NodeJS.WriteStream, program?: readonly string[] }} options
 *   `quiet`: tell only of what had to be done; `stream`: where to tell
 * @returns {Promise<number>} the exit code
 */
export async function run({ components, forTests = false, quiet, stream, program }) {
  const interrupt = interruptSignal();
  const reporter = new Reporter({ stream, quiet });
  const began = performance.now();
  if (!quiet) reporter.line('podline set-up');
  try {
    const context = createContext({ env: process.env, signal: interrupt.signal, reporter });
    const found = await setUp(context, { components, forTests });
    if (found === undefined) {
      reporter.line('The set-up is not complete: mend what is marked ✗ and run the same command again.');
      return 1;
    }
    if (!quiet) reporter.line(`  ready after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    interrupt.release();
    return program === undefined
      ? 0
      : await launch(projectRoot, program, programEnvironment(process.env, projectRoot, found));
  } catch (error) {
    if (!(error instanceof SetupInterrupted)) throw error;
    reporter.line('Set-up stopped. The same command goes on where it ended.');
    return interrupt.exitCode();
  }
}
