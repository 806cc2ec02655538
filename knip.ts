import type { KnipConfig } from 'knip';

/** Unused files, exports and dependencies; each exception says why. */
const config: KnipConfig = {
  entry: [
    'functions/*/index.ts',
    'cdk/app.ts',
    // Loaded by their path.
    'zpa-changes.config{,.example}.ts',
    // Started as a thread, by its address.
    'shared/runtime/jsonata-worker.ts',
    'test/**/*.test.ts',
    // The build step of the CDK app under test.
    'test/deploy/bundle.ts',
    'test/mutation/{in-process-runner,leave-out-words,small-worlds}.ts',
  ],
  project: ['**/*.ts'],
  // It takes every test runner for a package; ours is a file.
  stryker: false,
  // Tools of the machine: what needs them is left out where they are missing.
  ignoreBinaries: ['mvn', 'openssl'],
  // A type that a function of the same file takes or answers is part of its signature.
  ignoreExportsUsedInFile: { interface: true, type: true },
};

export default config;
