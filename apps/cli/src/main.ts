#!/usr/bin/env node
import { EXIT } from './exit-codes.ts';
import { buildProgram } from './program/build-program.ts';
import { endProcess } from './program/end-process.ts';
import { reportError, run } from './program/run.ts';

// Whoever read the output has seen enough, as in `podline status | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.bug);
});

try {
  buildProgram(run).parse();
} catch (error) {
  endProcess(reportError(error));
}
