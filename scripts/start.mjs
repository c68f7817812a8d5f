import { requireNode } from './setup/require-node.mjs';

requireNode();

const { run } = await import('./setup/run.mjs');
const program = ['up', ...process.argv.slice(2)];
process.exitCode = await run({ components: true, quiet: false, stream: process.stdout, program });
