/**
 * Mutation tests of what the promises rest on, `npm run mutants`: a small fault at a time is put into one of these files,
 * and the unit tests have to notice.
 */
export default {
  mutate: [
    'libs/shared/src/jetstream/{retry-delay,settlement}.ts',
    'libs/shared/src/rate-limit/{book,calendar,factor,find-slot,limiter-state,pause,plan-round,settle,window-layout}.ts',
    'libs/shared/src/transcription/{merge,placed-chunk,reconcile-overlap}.ts',
    'libs/shared/src/transcription/{completeness,coverage,loops}.ts',
  ],
  // Types are stripped, not compiled: no compiler's configuration has to be moved with the files.
  tsconfigFile: 'none',
  testRunner: 'jest',
  jest: { configFile: 'jest.mutants.config.mjs' },
  testRunnerNodeArgs: ['--experimental-vm-modules'],
  // A constant of a module is worked out once: to change it takes all tests anew, half of the time for a tenth of the mutants.
  ignoreStatic: true,
  // Strings are messages and names: whether a test reads them says nothing about what the code does.
  mutator: { excludedMutations: ['StringLiteral'] },
  reporters: ['clear-text', 'progress'],
  clearTextReporter: { reportTests: false, allowColor: false },
  tempDirName: '.podline/mutants',
  ignorePatterns: ['.podline', 'dist', 'models/*.bin', 'transcripts'],
};
