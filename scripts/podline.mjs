import { requireNode } from './setup/require-node.mjs';

requireNode();

const { run } = await import('./setup/run.mjs');
const program = process.argv.slice(2);
// Only `up` runs services. The other commands must not compile an engine first, and `doctor` must find things as they are.
const components = program[0] === 'up';
// Standard output belongs to the command: it may be JSON.
process.exitCode = await run({ components, quiet: true, stream: process.stderr, program });
