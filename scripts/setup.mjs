import { requireNode } from './setup/require-node.mjs';

requireNode();

const USAGE = `Usage: node scripts/setup.mjs [--for-tests]

Sets up what is missing and tells of every step: npm packages, nats-server, ffmpeg, whisper-server (compiled once, kept
in \${PODLINE_CACHE:-~/.cache/podline}), the whisper model, and the TypeScript build.

  --for-tests  said by "npm test": also what only tests need (Prometheus)
  --help       this text

Environment:
  PODLINE_CACHE           folder that outlives the checkout
  PODLINE_WHISPER_SERVER  a whisper-server to use instead of compiling one
`;

const args = process.argv.slice(2);
const unknown = args.find((arg) => !['--for-tests', '--help'].includes(arg));
if (unknown !== undefined) {
  process.stderr.write(`Unknown argument "${unknown}".\n\n${USAGE}`);
  process.exitCode = 2;
} else if (args.includes('--help')) {
  process.stdout.write(USAGE);
} else {
  const { run } = await import('./setup/run.mjs');
  process.exitCode = await run({
    components: true,
    forTests: args.includes('--for-tests'),
    quiet: false,
    stream: process.stdout,
  });
}
