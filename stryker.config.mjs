/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  // What composes the worker and translates events is judged on real sockets (test/wire).
  mutate: ['shared/domain/**/*.ts', 'shared/ledger/*.ts', 'functions/apply/**/!(index|compose|handler).ts'],
  plugins: ['./test/mutation/in-process-runner.ts', './test/mutation/leave-out-words.ts'],
  ignorers: ['words'],
  testRunner: 'in-process',
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  // Stryker would rewrite this file for its copy with an interface that TypeScript 7 no longer has; nobody reads it there.
  tsconfigFile: 'none',
  ignorePatterns: ['cdk.out', 'dist', 'bench', 'coverage', '.zpa-changes'],
  concurrency: 2,
  timeoutMS: 30_000,
  incremental: true,
  incrementalFile: '.stryker/incremental.json',
  tempDirName: '.stryker/sandbox',
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: '.stryker/report.json' },
};
