import { PARTITIONS, TABLE } from '../../../deployment/resources.ts';
import { type ChangeRef, type Lane, refKey } from '../../../domain/lane/change-ref.ts';
import { openPlace } from '../../../domain/ledger/schedule.ts';
import type { ChangeRecord, RejectedMember, StatusLink } from '../../../domain/records/change-record.ts';

/** Primary key of an item in the ledger's table. */
export type Key = { pk: string; sk: string };

const lanePartition = (lane: Lane) => `${PARTITIONS.lanes}${lane}`;

/** All items of a lane share one partition, because only a local index allows consistent queries. */
export const keys = {
  partition: lanePartition,
  lane: (lane: Lane): Key => ({ pk: lanePartition(lane), sk: 'lane' }),
  sequence: (lane: Lane): Key => ({ pk: lanePartition(lane), sk: 'sequence' }),
  change: (ref: ChangeRef): Key => ({ pk: lanePartition(ref.lane), sk: `change#${refKey(ref)}` }),
  changesPrefix: 'change#',
  desired: (lane: Lane, groupId: string): Key => ({ pk: lanePartition(lane), sk: `desired#${groupId}` }),
  desiredPrefix: 'desired#',
  rejectedMember: (set: string, ref: ChangeRef): Key => ({
    pk: lanePartition(ref.lane),
    sk: `set#${set}#${refKey(ref)}`,
  }),
  rejectedMembersPrefix: (set: string) => `set#${set}#`,
  claim: (key: string): Key => ({ pk: `${PARTITIONS.claims}${key}`, sk: 'claim' }),
  delivery: (source: string, bodyHash: string): Key => ({
    pk: `${PARTITIONS.deliveries}${source}#${bodyHash}`,
    sk: 'delivery',
  }),
  status: (hash: string): Key => ({ pk: `${PARTITIONS.statusLinks}${hash}`, sk: 'status' }),
  knownLanes: { pk: PARTITIONS.knownLanes, sk: 'lanes' },
  setNote: (id: string): Key => ({ pk: `${PARTITIONS.setNotes}${id}`, sk: 'note' }),
} as const;

/** Attributes of the table itself: they are written anew at every write and are never part of a record. */
const TABLE_ATTRIBUTES: ReadonlySet<string> = new Set([
  TABLE.partitionKey,
  TABLE.sortKey,
  TABLE.openIndex.key,
  TABLE.failedIndex.key,
  TABLE.timeToLive,
  'writeToken',
]);

/** Removes the table's own attributes from an item; unknown attributes stay. */
export function withoutTableAttributes(item: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !TABLE_ATTRIBUTES.has(name)));
}

/** Derives the index keys and the expiry of a change from its state. */
export function changeAttributes(record: ChangeRecord, settledKeptMs: number): Record<string, number> {
  const open = record.state !== 'settled' || record.pending.length > 0;
  const settledAt = record.outcome?.at;
  return {
    ...(open ? { [TABLE.openIndex.key]: openPlace(record) } : {}),
    ...(record.failed ? { [TABLE.failedIndex.key]: record.sequence } : {}),
    ...(open || settledAt === undefined ? {} : { [TABLE.timeToLive]: epochSeconds(settledAt + settledKeptMs) }),
  };
}

export function linkItem({ hash, ref, expiresAt }: StatusLink): Record<string, unknown> {
  return { hash, ref, linkExpiresAt: expiresAt, [TABLE.timeToLive]: epochSeconds(expiresAt) };
}

export function memberItem({ set, ref, expiresAt }: RejectedMember): Record<string, unknown> {
  return { set, ref, [TABLE.timeToLive]: epochSeconds(expiresAt) };
}

/** Converts epoch ms to epoch seconds, the unit of DynamoDB's TTL. */
export const epochSeconds = (ms: number) => Math.ceil(ms / 1000);
