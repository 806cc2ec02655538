import { defineConfig } from 'vitest/config';

/**
 * unit: pure code, no sockets, seconds. proof: the same code with generated cases, through many histories and at its limits.
 * wire: real sockets and emulators on loopback. system: the whole world. cdk: synthesis. Each is a folder under test/; the
 * proofs lie beside the unit tests.
 */
const PROOFS = [
  'test/unit/**/*.property.test.ts',
  'test/unit/histories/**/*.test.ts',
  'test/unit/model/**/*.test.ts',
  'test/unit/soak.test.ts',
  'test/unit/apply/{crash,newer-settings}.test.ts',
  'test/unit/apply/intent/{refused-half,released,too-large}.test.ts',
  'test/unit/apply/lane/{held-up,reschedule-frozen,shared-lane}.test.ts',
  'test/unit/apply/step/{admission,long-scan,open-intent}.test.ts',
  'test/unit/deployment/permissions.test.ts',
  'test/unit/docs/pipeline.test.ts',
  'test/unit/domain/drift/ignores.test.ts',
  'test/unit/domain/drift/render/*.test.ts',
  'test/unit/domain/ledger/{approvers,size-limits}.test.ts',
  'test/unit/domain/notice/{outcome-text,set-text}.test.ts',
  'test/unit/domain/text/fit-text.test.ts',
  'test/unit/edits/{configuration-edits,renamed}.test.ts',
  'test/unit/fakes/memory-ledger.test.ts',
  'test/unit/ingest/recorded/*.test.ts',
  'test/unit/ingest/{refusing,replaying,ticket-histories,withdrawn-meanwhile,without-approval}.test.ts',
  'test/unit/ledger/cancel-change.test.ts',
  'test/unit/local/process/read-tls.test.ts',
  'test/unit/reconcile/many-tickets.test.ts',
  'test/unit/settings/size.test.ts',
];

/**
 * Tests of `wire` and `system` wait for most of their time, so two processors carry three of them. They begin last, and small
 * files of `wire` fill the end, so that no worker is left alone with a long one.
 */
const TOGETHER = 3;

type Run = { groupOrder: number; testTimeout: number; maxWorkers: number; isolate?: boolean };

const project = (name: string, { groupOrder, testTimeout, maxWorkers, isolate = true }: Run) => ({
  test: {
    name,
    include: name === 'proof' ? PROOFS : [`test/${name}/**/*.test.ts`],
    exclude: name === 'unit' ? PROOFS : [],
    testTimeout,
    hookTimeout: testTimeout,
    maxWorkers,
    isolate,
    // Quick answers first. Projects of one group share its workers, so that none is idle while the last file of one ends.
    sequence: { groupOrder },
  },
});

export default defineConfig({
  test: {
    projects: [
      // Pure code shares one module graph: most of the time would go into loading it anew for each file.
      project('unit', { groupOrder: 0, testTimeout: 120_000, maxWorkers: 2, isolate: false }),
      // So does the CDK, which each worker loads for seconds: it runs in two.
      project('cdk', { groupOrder: 0, testTimeout: 300_000, maxWorkers: 2, isolate: false }),
      project('proof', { groupOrder: 1, testTimeout: 300_000, maxWorkers: TOGETHER }),
      project('system', { groupOrder: 1, testTimeout: 300_000, maxWorkers: TOGETHER }),
      project('wire', { groupOrder: 1, testTimeout: 120_000, maxWorkers: TOGETHER }),
      // Only where `npm run test:witnesses` has installed them; `npm test` leaves them out.
      project('witnesses', { groupOrder: 2, testTimeout: 120_000, maxWorkers: 1 }),
    ],
  },
});
