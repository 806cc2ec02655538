import { type Lane, refKey } from '../../shared/domain/lane/change-ref.ts';
import { openPlace } from '../../shared/domain/ledger/schedule.ts';
import { fitDesired, fitLane, fitRecord, itemBytes, MAX_ITEM_BYTES } from '../../shared/domain/ledger/size-limits.ts';
import type { ChangeRecord, KeyClaim, RejectedMember, StatusLink } from '../../shared/domain/records/change-record.ts';
import type { DesiredGroup } from '../../shared/domain/records/desired-group.ts';
import type { LaneRecord } from '../../shared/domain/records/lane-record.ts';
import { newLane } from '../../shared/domain/records/lane-record.ts';
import type { Versioned } from '../../shared/domain/records/versioned.ts';
import type { DeliveryRecord } from '../../shared/domain/source/replay-protection.ts';
import type { Ledger, TicketChanges, Written } from '../../shared/ports/ports.ts';
import { copyPlain } from './copy-plain.ts';

export type MemoryLedger = Ledger &
  TicketChanges & {
    /** Clones of every change, in no particular order: for sums over the ledger. */
    allChanges(): ChangeRecord[];
    /** Conditional writes that took effect so far. */
    readonly writes: number;
  };

class RecordTooLargeFake extends Error {
  readonly code = 'record-too-large';
  readonly scope = 'platform';
}

/** A ledger in memory: same promises as the table, checked by the same contract. Clones on the way in and out. */
export function createMemoryLedger(): MemoryLedger {
  const changes = new Map<string, ChangeRecord>();
  const lanes = new Map<Lane, LaneRecord>();
  const desired = new Map<string, DesiredGroup>();
  const claims = new Map<string, KeyClaim>();
  const links = new Map<string, StatusLink>();
  const members = new Map<string, RejectedMember>();
  const deliveries = new Map<string, DeliveryRecord>();
  const sequences = new Map<Lane, number>();
  let writes = 0;

  const inLane = (lane: Lane) =>
    [...changes.values()].filter((one) => one.ref.lane === lane).sort((a, b) => a.sequence - b.sequence);

  async function write<T extends Versioned>(
    items: Map<string, T>,
    key: string,
    record: T,
    expected: number,
  ): Promise<Written<T>> {
    if (itemBytes(record) > MAX_ITEM_BYTES) throw new RecordTooLargeFake('The record is larger than an item may be.');
    const found = items.get(key);
    if ((found?.version ?? 0) !== expected) return { written: false, found: copyPlain(found) };
    items.set(key, { ...copyPlain(record), version: expected + 1 });
    writes += 1;
    return { written: true };
  }

  return {
    async takeSequences(lane, count) {
      const first = (sequences.get(lane) ?? 0) + 1;
      sequences.set(lane, first + count - 1);
      return first;
    },
    lastSequence: async (lane) => sequences.get(lane) ?? 0,
    readChange: async (ref) => copyPlain(changes.get(changeKey(ref))),
    writeChange: (record, expected) => write(changes, changeKey(record.ref), fitRecord(record), expected),
    async claimKey(claim) {
      if (!claims.has(claim.key)) claims.set(claim.key, copyPlain(claim));
      return copyPlain(claims.get(claim.key) ?? claim);
    },
    readClaim: async (key) => copyPlain(claims.get(key)),
    async openChanges(lane, limit, after = 0) {
      const open = inLane(lane).filter((one) => isOpen(one) && openPlace(one) > after);
      return open
        .toSorted((a, b) => openPlace(a) - openPlace(b))
        .slice(0, limit)
        .map((one) => copyPlain(one));
    },
    async changesOf(scope, keyPrefix) {
      const prefix = changeKey({ ...scope, idempotencyKey: keyPrefix });
      const found = [...changes].filter(([key]) => key.startsWith(prefix));
      return found.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, record]) => copyPlain(record));
    },
    async failuresBefore(lane, before, limit) {
      const failed = inLane(lane).filter((one) => one.failed && one.sequence < before);
      return failed
        .reverse()
        .slice(0, limit)
        .map((one) => copyPlain(one));
    },
    async *failedChanges(lane) {
      for (const one of inLane(lane)) if (one.failed) yield copyPlain(one);
    },
    readLane: async (lane) => copyPlain(lanes.get(lane)) ?? newLane(lane),
    writeLane: (record, expected) => write(lanes, record.lane, fitLane(record), expected),
    readDesired: async (lane, groupId) => copyPlain(desired.get(`${lane}#${groupId}`)),
    writeDesired: (record, expected) =>
      write(desired, `${record.lane}#${record.groupId}`, fitDesired(record), expected),
    async *listDesired(lane) {
      for (const one of desired.values()) if (one.lane === lane) yield copyPlain(one);
    },
    putRejectedMember: async (member) => void members.set(`${member.set} ${changeKey(member.ref)}`, copyPlain(member)),
    rejectedMembers: async (lane, set) =>
      [...members.values()].filter((one) => one.set === set && one.ref.lane === lane).map((one) => copyPlain(one.ref)),
    putStatusLink: async (link) => void links.set(link.hash, copyPlain(link)),
    readStatusLink: async (hash) => copyPlain(links.get(hash)),
    writeDelivery: (record, expected) => write(deliveries, `${record.source}#${record.bodyHash}`, record, expected),
    allChanges: () => [...changes.values()].map((one) => copyPlain(one)),
    get writes() {
      return writes;
    },
  };
}

const changeKey = (ref: ChangeRecord['ref']) => `${ref.lane} ${refKey(ref)}`;
const isOpen = (one: ChangeRecord) => one.state !== 'settled' || one.pending.length > 0;
