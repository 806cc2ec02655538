import { fingerprint } from '../../../shared/domain/change/fingerprint.ts';
import { parseChange } from '../../../shared/domain/change/parse-change.ts';
import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { messageFor } from '../../../shared/domain/ledger/message.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { TEST_START } from '../../fakes/fake-clock.ts';
import type { MemoryLedger } from '../../fakes/memory-ledger.ts';
import { createMemoryTenant } from '../../fakes/memory-zpa.ts';
import type { Bounded } from './bounds.ts';
import type { FakeChangesQueue } from './changes-queue.ts';
import type { Chronicle } from './chronicle.ts';
import { mayHaveCrashed } from './effects.ts';
import type { History } from './history.ts';
import { CUSTOMER, firstGroups, SOURCE } from './small-tenant.ts';

/** A second lane, whose messages come in the same batches: its ZPA is well, so nothing but crashes may hold it up. */

export const NEIGHBOUR = 'neighbour';
const NEIGHBOUR_CUSTOMER = `${CUSTOMER}0`;
export const NEIGHBOUR_LANE = `PRODUCTION:${NEIGHBOUR_CUSTOMER}`;
const GROUPS = 3;

/** With the second tenant, and a source that may change it. */
export function withNeighbour(configuration: Configuration): Configuration {
  const [tenant] = Object.values(configuration.tenants);
  const [source] = Object.values(configuration.sources);
  if (tenant === undefined || source === undefined) throw new Error('a history has a tenant and a source');
  const { freezes: _freezes, ...plain } = tenant;
  const grants = source.grants.map((grant) => ({ ...grant, tenants: [...grant.tenants, NEIGHBOUR] }));
  return {
    ...configuration,
    tenants: { ...configuration.tenants, [NEIGHBOUR]: { ...plain, freezes: [], customerId: NEIGHBOUR_CUSTOMER } },
    sources: { ...configuration.sources, [SOURCE]: { ...source, grants } },
  };
}

type Stage = { bounded: Bounded; history: History; ledger: MemoryLedger; bell: FakeChangesQueue };

export function createNeighbour({ bounded, history, ledger, bell }: Stage) {
  const { clock } = bounded;
  const tenant = createMemoryTenant(clock);
  const groups = firstGroups(GROUPS, []);
  for (const group of groups) tenant.groups.set(group.id, group);
  const asked: { key: string; at: number; groupId: string; description: string }[] = [];

  async function enter(n: number, group: number): Promise<void> {
    const [key, groupId, description] = [`N-${n + 1}`, groups[group % GROUPS]?.id ?? '', `text ${n + 1}`];
    const change = { action: 'update', group: { id: groupId }, set: { description } };
    const parsed = parseChange({ schemaVersion: 1, idempotencyKey: key, tenant: NEIGHBOUR, ...change });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    const now = clock.now();
    const record: ChangeRecord = {
      ...{ version: 0, change: parsed.change, fingerprint: fingerprint(parsed.change), correlationId: key },
      ref: { lane: NEIGHBOUR_LANE, source: SOURCE, tenant: NEIGHBOUR, idempotencyKey: key },
      ticket: { system: 'Desk', id: key, approvals: [] },
      sequence: await ledger.takeSequences(NEIGHBOUR_LANE, 1),
      ...{ state: 'queued', generation: 1, acceptedAt: now, sentAt: now, attempts: 0, pending: [], history: [] },
      failed: false,
    };
    await ledger.writeChange(record, 0);
    await bell.queue.send([messageFor(record, 'accept')]);
    asked.push({ key, at: now, groupId, description });
  }

  return {
    tenant,
    asked,
    /** Enters every change at its time. */
    events: () =>
      (history.neighbour ?? []).map(async ({ atMs, group }, n) => {
        await clock.sleep(TEST_START + atMs - clock.now());
        await enter(n, group);
      }),
    records: () => ledger.allChanges().filter(({ ref }) => ref.lane === NEIGHBOUR_LANE),
  };
}

export type Neighbour = ReturnType<typeof createNeighbour>;

/** Crashes come back with the message; nothing of the first lane's trouble adds to that. */
const NEIGHBOUR_WAIT_MS = 3_600_000;

/** Every change of the second lane is applied once, in order and in time, whatever becomes of the first lane. */
export function judgeNeighbour(neighbour: Neighbour, chronicle: Chronicle): string[] {
  const { asked, records, tenant } = neighbour;
  const all = records().toSorted((a, b) => a.sequence - b.sequence);
  const breaches = all.flatMap(({ ref, acceptedAt, outcome }) => {
    const waited = (outcome?.at ?? Number.POSITIVE_INFINITY) - acceptedAt;
    const kind = outcome?.kind === 'rejected' ? outcome.code : outcome?.kind;
    const late = waited > NEIGHBOUR_WAIT_MS ? [`${ref.idempotencyKey} of the second lane waited ${waited} ms`] : [];
    const right = kind === 'applied' || (kind === 'worker-crashed' && mayHaveCrashed(chronicle));
    return right ? late : [...late, `${ref.idempotencyKey} of the second lane is ${kind}`];
  });
  const applied = new Set(
    all.filter(({ outcome }) => outcome?.kind === 'applied').map(({ ref }) => ref.idempotencyKey),
  );
  const texts = asked.filter(({ key }) => applied.has(key));
  const written = tenant.writes.map((write) => (write.kind === 'update' ? write.fields.description : write.kind));
  for (const { key, groupId, description } of texts) {
    const times = written.filter((one) => one === description).length;
    if (times !== 1) breaches.push(`${key} of the second lane took effect ${times} times`);
    const last = texts.findLast((one) => one.groupId === groupId);
    if (last?.key === key && tenant.groups.get(groupId)?.description !== description)
      breaches.push(`${key} of the second lane does not show`);
  }
  return breaches;
}
