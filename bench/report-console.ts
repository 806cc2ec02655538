import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createChangeIndex } from '../functions/ops/console/changes/change-index.ts';
import { createFollower, type Readable } from '../functions/ops/console/changes/follow-changes.ts';
import type { ListingQuery } from '../functions/ops/console/changes/listing-query.ts';
import { readListing } from '../functions/ops/console/changes/read-listing.ts';
import { configurationSchema } from '../shared/domain/configuration/configuration.ts';
import { laneName } from '../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../shared/domain/records/change-record.ts';
import type { TicketChanges } from '../shared/ports/ports.ts';
import { printTable, round, say } from './print-table.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const configuration = configurationSchema.parse({
  name: 'bench',
  tenants: { prod: { customerId: '216196257331281920', vanity: 'acme' } },
  sources: { helpdesk: { system: 'helpdesk' } },
});
const lane = laneName({ cloud: 'PRODUCTION', customerId: '216196257331281920' });

const PAGES: Record<string, ListingQuery> = {
  'the first page': { filters: {}, page: 1 },
  'the last page': { filters: {}, page: 2000 },
  'part of a group’s name': { filters: { text: 'group 77' }, page: 1 },
  'every filter': { filters: { text: 'chg', outcome: 'applied', tenant: 'prod', since: '2023-11-15' }, page: 2 },
};

/**
 * The console's list of changes: once read, how long a page takes against reading everything, and what the rows hold.
 */
export async function reportConsole({ changes, times }: { changes: number; times: number }) {
  const session = { ledger: createBenchLedger(changes), configuration, knownLanes: NO_FORMER_LANES };
  const means = { session, ends: new AbortController().signal };
  const before = usedMegabytes();
  const index = createChangeIndex();
  const known = { index, follower: createFollower(index, Date.now) };
  const readMs = await timed(async () => {
    await readListing(means, known, { filters: {}, page: 1 });
    await known.follower.idle();
  });
  const pages = [];
  for (const [page, query] of Object.entries(PAGES)) {
    const all: number[] = [];
    for (let time = 0; time < times; time += 1) all.push(await timed(() => readListing(means, known, query)));
    const ms = all.toSorted((a, b) => a - b)[Math.floor(times / 2)] ?? 0;
    pages.push({ page, ms, partOfReading: ms / readMs });
  }
  const megabytes = usedMegabytes() - before;
  say(
    `${changes} changes, without a table's time: read in ${round(readMs, 0)} ms; the rows hold ${round(megabytes)} MB`,
  );
  printTable(
    ['page', 'median, ms', 'of the time to read all'],
    pages.map(({ page, ms, partOfReading }) => [page, round(ms), `1 / ${round(1 / partOfReading, 0)}`]),
  );
  return { changes, readMs, megabytes, pages };
}

const NO_FORMER_LANES: Readable['knownLanes'] = {
  read: async () => ({ version: 0, lanes: [] }),
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function usedMegabytes(): number {
  collect();
  return process.memoryUsage().heapUsed / 1e6;
}

/** Settled changes of two thousand groups, parsed anew at each read as a table's answer is. */
function createBenchLedger(count: number): Readable['ledger'] & TicketChanges {
  const numberOf = (key: string) => Number(/\d+/.exec(key)?.[0] ?? 0);
  return {
    lastSequence: async () => count,
    openChanges: async () => [],
    changesOf: async () => [],
    readChange: async ({ idempotencyKey }) => recordOf(numberOf(idempotencyKey)),
    async *listChanges() {
      for (let number = 1; number <= count; number += 1) yield recordOf(number);
    },
  };
}

function recordOf(number: number): ChangeRecord {
  const id = `CHG${String(number).padStart(7, '0')}`;
  const group = { name: `Segment group ${number % 2000}`, description: '', enabled: true, applicationCount: 2 };
  const groupId = `7205759403793${String(number % 2000).padStart(4, '0')}`;
  const at = Date.UTC(2023, 10, 1) + number * 60_000;
  const record: ChangeRecord = {
    version: 3,
    ref: { lane, source: 'helpdesk', tenant: 'prod', idempotencyKey: `${id}/1@APPR${number}` },
    change: {
      schemaVersion: 1,
      idempotencyKey: `${id}/1@APPR${number}`,
      tenant: 'prod',
      action: 'update',
      group: { name: group.name },
      set: { enabled: true },
      takeFromOtherGroups: false,
      leaveUngrouped: false,
    },
    fingerprint: 'f'.repeat(64),
    ticket: { system: 'helpdesk', id, approvals: [] },
    correlationId: id,
    sequence: number,
    state: 'settled',
    generation: 1,
    acceptedAt: at - 5000,
    sentAt: at - 4000,
    attempts: 0,
    outcome: {
      kind: 'applied',
      generation: 1,
      at,
      attempts: 1,
      effect: { groupId, before: { ...group, enabled: false }, after: group, added: [], removed: [] },
      approved: { groupId, microtenantId: '0', fields: {}, members: { has: [], hasNot: [] }, deleted: false },
      reach: { status: 'not-checked', reason: 'not read' },
      writeId: id,
      overtaken: [],
    },
    pending: [],
    history: [],
    failed: false,
  };
  return JSON.parse(JSON.stringify(record));
}
