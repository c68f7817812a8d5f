import { requireNode } from './setup/require-node.mjs';

requireNode();

const { buildImages } = await import('./images/build-images.mjs');
const { interruptSignal } = await import('./setup/interrupt.mjs');
const { SetupError, SetupInterrupted } = await import('./setup/setup-error.mjs');
const { signal, exitCode, release } = interruptSignal();
try {
  await buildImages({ args: process.argv.slice(2), env: process.env, signal, say: (line) => console.log(line) });
} catch (error) {
  if (error instanceof SetupInterrupted) process.exitCode = exitCode();
  else if (error instanceof SetupError) {
    console.error(error.message, error.detail ?? '');
    process.exitCode = 1;
  } else throw error;
} finally {
  release();
}
