import { defineConfig } from 'vitest/config';

/**
 * unit: pure code, no sockets, seconds. proof: the same code through many histories and at its limits. wire: real sockets
 * and emulators on loopback. system: the whole world. cdk: synthesis. Each is a folder under test/; the proofs lie beside
 * the unit tests.
 */
const PROOFS = [
  'test/unit/histories/**/*.test.ts',
  'test/unit/model/**/*.test.ts',
  'test/unit/ledger/cancel-change.test.ts',
  'test/unit/apply/crash.test.ts',
  'test/unit/domain/ledger/size-limits.test.ts',
  'test/unit/domain/source/schemes.property.test.ts',
  'test/unit/ingest/any-request.property.test.ts',
  'test/unit/ingest/ticket-histories.test.ts',
];

const project = (name: string, groupOrder: number, testTimeout: number, { parallel = true, isolate = true } = {}) => ({
  test: {
    name,
    include: name === 'proof' ? PROOFS : [`test/${name}/**/*.test.ts`],
    exclude: name === 'unit' ? PROOFS : [],
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
      project('proof', 1, 180_000),
      project('wire', 2, 30_000),
      project('system', 3, 120_000, { parallel: false }),
      // Only where `npm run test:witnesses` has installed them; `npm test` leaves them out.
      project('witnesses', 5, 120_000, { parallel: false }),
      project('cdk', 4, 120_000, { parallel: false, isolate: false }),
    ],
  },
});
