/** One transform for every project: SWC strips the types and compiles Nest's decorators; modules stay ESM. */
const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: {
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true },
        target: 'es2024',
      },
      module: { type: 'es6' },
      sourceMaps: 'inline',
    },
  ],
};

const shared = {
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['podline-source', 'node', 'import'] },
  transform,
};

/** A test that starts another program (nats-server, ffmpeg, whisper-server, helm, promtool) says so in its name. */
const INTEGRATION = '.integration.test.ts';

export default {
  // Jest leaves one core idle otherwise, which is half of a small machine.
  maxWorkers: '100%',
  // A busy machine makes a test slow, not wrong: what hangs is still found, only later.
  testTimeout: 30_000,
  // A worker that has run eighty files takes more than Jest's half second to give its memory back. What is still there after
  // ten has left something open.
  workerGracefulExitTimeout: 10_000,
  reporters: ['default', '<rootDir>/test/support/plain-reporter.mjs'],
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/{apps,libs,bench,deploy,examples}/**/*.test.ts',
        '<rootDir>/test/support/**/*.test.ts',
        '<rootDir>/scripts/**/*.test.mjs',
      ],
      testPathIgnorePatterns: ['/node_modules/', INTEGRATION.replaceAll('.', '\\.')],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: [`<rootDir>/{apps,libs,deploy,examples,test/support}/**/*${INTEGRATION}`],
    },
    { ...shared, displayName: 'cluster', testMatch: ['<rootDir>/test/cluster/**/*.test.ts'] },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
    // What takes minutes a file: everything is killed, deleted, flooded, scraped, or stored elsewhere.
    { ...shared, displayName: 'long', testMatch: ['<rootDir>/test/long/**/*.test.ts'] },
  ],
};
