import type { KnipConfig } from 'knip';

/** Unused files, exports and dependencies; each exception says why. */
const config: KnipConfig = {
  entry: ['functions/*/index.ts', 'cdk/app.ts', 'test/**/*.test.ts'],
  project: ['**/*.ts'],
  // A type that a function of the same file takes or answers is part of its signature.
  ignoreExportsUsedInFile: { interface: true, type: true },
};

export default config;
