import { requireNode } from './setup/require-node.mjs';

requireNode();

const { run } = await import('./setup/run.mjs');
const program = ['up', ...process.argv.slice(2)];
// Who asks what it does must not wait until an engine is compiled.
const help = program.includes('--help') || program.includes('-h');
process.exitCode = await run({ components: !help, quiet: help, stream: process.stdout, program });
