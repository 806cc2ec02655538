import { globSync } from 'node:fs';

/** Folders of `test/unit` whose tests judge the core and the protocol. */
export const SPEC_FOLDERS = [
  'domain',
  'apply',
  'ledger',
  'status',
  'sweep',
  'ops',
  'zpa',
  'ingest',
  'plan',
  'notify',
  'accept',
  'reconcile',
  'catalog',
  'settings',
  'edits',
  'reading',
  'tickets',
];

/** Tests that take long in themselves, or need a terminal or the documentation. */
export const LEFT_OUT = [
  'test/unit/edits/configuration-edits.test.ts',
  'test/unit/settings/size.test.ts',
  'test/unit/domain/ledger/size-limits.test.ts',
  'test/unit/ingest/any-request.property.test.ts',
  'test/unit/ingest/recorded/github.test.ts',
  'test/unit/ingest/recorded/jira.test.ts',
  'test/unit/ledger/cancel-change.test.ts',
  'test/unit/ops/checks/rights.test.ts',
  'test/unit/ops/output/format-table.test.ts',
  'test/unit/ops/output/terminal.test.ts',
];

/** The files of tests that a mutant has to survive, relative to the root of the project. */
export const specFiles = (root = '.'): string[] =>
  globSync([...SPEC_FOLDERS.map((folder) => `test/unit/${folder}/**/*.test.ts`), 'test/mutation/small-worlds.ts'], {
    cwd: root,
  }).filter((file) => !LEFT_OUT.includes(file));
