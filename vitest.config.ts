import { defineConfig } from 'vitest/config';

/**
 * unit: pure code, no sockets, seconds. wire: real sockets and emulators on loopback. system: the whole world.
 * cdk: synthesis. Each is a folder under test/.
 */
const project = (name: string, testTimeout: number, fileParallelism = true) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout, fileParallelism },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      project('unit', 10_000),
      project('wire', 30_000),
      project('system', 120_000, false),
      project('cdk', 120_000, false),
    ],
  },
});
