import { requireNode } from './setup/require-node.mjs';

requireNode();

const { runClusterTests } = await import('./cluster/run-cluster-tests.mjs');
const { interruptSignal } = await import('./setup/interrupt.mjs');
const { SetupError, SetupInterrupted } = await import('./setup/setup-error.mjs');
const { signal, exitCode, release } = interruptSignal();
try {
  const say = (/** @type {string} */ line) => console.log(line);
  process.exitCode = await runClusterTests({ args: process.argv.slice(2), env: process.env, signal, say });
} catch (error) {
  if (error instanceof SetupInterrupted) process.exitCode = exitCode();
  else if (error instanceof SetupError) {
    console.error(error.message, error.detail);
    process.exitCode = 1;
  } else throw error;
} finally {
  release();
}
