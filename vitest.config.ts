import { defineConfig } from 'vitest/config';

/**
 * unit: pure code, no sockets, seconds. wire: real sockets and emulators on loopback. system: the whole world.
 * cdk: synthesis. Each is a folder under test/.
 */
const project = (name: string, groupOrder: number, testTimeout: number, { parallel = true, isolate = true } = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    fileParallelism: parallel,
    isolate,
    // One kind after the other: quick answers first, and no emulator beside a measuring test.
    sequence: { groupOrder },
  },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      // Pure code shares one module graph: most of the time would go into loading it anew for each file.
      project('unit', 0, 30_000, { isolate: false }),
      project('wire', 1, 30_000),
      project('system', 2, 120_000, { parallel: false }),
      project('cdk', 3, 120_000, { parallel: false, isolate: false }),
    ],
  },
});
