import { type ChangeRef, refKey } from '../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { newLane } from '../../shared/domain/records/lane-record.ts';
import type { Versioned } from '../../shared/domain/records/versioned.ts';
import { type Answer, type Call, value } from './call.ts';
import { LANE } from './tenant.ts';
import type { World } from './world.ts';

/** The promises of the port `Ledger` over the model's world. */
export type LedgerCall = Extract<Call, { to: `ledger.${string}` }>;

export type Performed = { world: World; answer: Answer };

export function performLedger(world: World, call: LedgerCall): Performed {
  switch (call.to) {
    case 'ledger.takeSequences': {
      const sequence = world.sequence + call.count;
      return { world: { ...world, sequence }, answer: value(world.sequence + 1) };
    }
    case 'ledger.writeChange':
      return writeChange(world, call);
    case 'ledger.writeLane':
      return write(world.lane, call, (record) => ({ ...world, lane: record }), world);
    case 'ledger.writeDesired': {
      const { groupId } = call.record;
      const write_ = (record: typeof call.record) => ({ ...world, desired: { ...world.desired, [groupId]: record } });
      return write(world.desired[groupId], call, write_, world);
    }
    case 'ledger.putRejectedMember': {
      const { set, ref } = call.member;
      return {
        world: { ...world, rejectedMembers: withMember(world.rejectedMembers, set, ref) },
        answer: value(undefined),
      };
    }
    default:
      return { world, answer: value(read(world, call)) };
  }
}

function read(world: World, call: LedgerCall): unknown {
  switch (call.to) {
    case 'ledger.lastSequence':
      return world.sequence;
    case 'ledger.readChange':
      return world.changes[refKey(call.ref)];
    case 'ledger.openChanges':
      return bySequence(world.changes)
        .filter((one) => isOpen(one) && one.sequence > call.after)
        .slice(0, call.limit);
    case 'ledger.failedChanges':
      return bySequence(world.changes).filter((one) => one.failed);
    case 'ledger.failuresBefore':
      return bySequence(world.changes)
        .filter((one) => one.failed && one.sequence < call.before)
        .reverse()
        .slice(0, call.limit);
    case 'ledger.readLane':
      return world.lane ?? newLane(LANE);
    case 'ledger.readDesired':
      return world.desired[call.groupId];
    case 'ledger.rejectedMembers':
      return world.rejectedMembers[call.set] ?? [];
    case 'ledger.listDesired':
      return Object.values(world.desired);
    default:
      throw new Error(`${call.to} is no read`);
  }
}

function writeChange(world: World, call: Extract<Call, { to: 'ledger.writeChange' }>): Performed {
  const key = refKey(call.record.ref);
  const { changes } = world;
  const put = (record: ChangeRecord) => ({ ...world, changes: { ...changes, [key]: record } });
  return write(changes[key], call, put, world);
}

function write<T extends Versioned>(
  found: T | undefined,
  call: { record: T; expected: number },
  put: (record: T) => World,
  world: World,
): Performed {
  if ((found?.version ?? 0) !== call.expected) return { world, answer: value({ written: false, found }) };
  return { world: put({ ...call.record, version: call.expected + 1 }), answer: value({ written: true }) };
}

export function withMember(all: World['rejectedMembers'], set: string, ref: ChangeRef): World['rejectedMembers'] {
  const known = all[set] ?? [];
  return known.some((one) => refKey(one) === refKey(ref)) ? all : { ...all, [set]: [...known, ref] };
}

export function bySequence(changes: World['changes']): ChangeRecord[] {
  return Object.values(changes).sort((a, b) => a.sequence - b.sequence);
}

export const isOpen = (one: ChangeRecord): boolean => one.state !== 'settled' || one.pending.length > 0;
