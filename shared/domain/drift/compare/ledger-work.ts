import type { SegmentGroup } from '../../group/group.ts';
import { refKey } from '../../lane/change-ref.ts';
import { approverOf } from '../../records/approvers.ts';
import type { ChangeRecord } from '../../records/change-record.ts';
import type { DesiredGroup } from '../../records/desired-group.ts';
import type { LaneRecord } from '../../records/lane-record.ts';
import { isCertainlyOlder, stillSeen } from '../../records/seen-groups.ts';
import { type AtWork, WorkUnderWay } from './work-under-way.ts';

/** An open change, of which a record that cannot be read shows only the request. */
export type OpenChange = Pick<ChangeRecord, 'ref' | 'change' | 'microtenantId'> & { state?: ChangeRecord['state'] };

/** The ledger of a lane at one instant (epoch ms). */
export type LedgerReading = {
  at: number;
  lane: LaneRecord;
  open: readonly OpenChange[];
  desired: readonly DesiredGroup[];
};

/**
 * The work that can explain a difference between the ledger and ZPA, which is read between two readings of the ledger:
 * changes that the worker is processing at either end, those that ended in between, and those whose effect a replica of
 * ZPA did not show yet. A change that waits, for its time, for its turn or in a paused lane, has altered nothing.
 */
export function workBetween(
  before: LedgerReading,
  after: LedgerReading,
  live: ReadonlyMap<string, SegmentGroup>,
  lagMs: number,
): AtWork {
  const work = new WorkUnderWay();
  for (const reading of [before, after]) addProcessing(work, reading);
  const stillOpen = new Set(after.open.flatMap((one) => (one.state === 'settled' ? [] : refKey(one.ref))));
  for (const { ref, change, microtenantId, state } of before.open) {
    if (state !== 'settled' && !stillOpen.has(refKey(ref))) work.addRequest(refKey(ref), change, microtenantId);
  }
  const earlier = new Map(before.desired.map((group) => [group.groupId, group]));
  for (const group of after.desired) addSettled(work, earlier.get(group.groupId), group);
  addLagging(work, before, live, lagMs);
  return work.atWork;
}

function addProcessing(work: WorkUnderWay, { at, lane, open }: LedgerReading): void {
  for (const intent of [...(lane.intent ? [lane.intent] : []), ...(lane.answered ?? [])]) {
    for (const { ref } of intent.members) {
      for (const planned of intent.writes) work.addWrite(refKey(ref), planned, intent.createdId);
    }
  }
  for (const { ref, outcome } of lane.endedUnread ?? []) {
    if ('approved' in outcome) work.addApproved(refKey(ref), outcome.approved);
  }
  if (lane.lease === undefined || lane.lease.until <= at) return;
  const leased = new Set(lane.working?.members.map(({ ref }) => refKey(ref)));
  for (const { ref, change, microtenantId } of open) {
    if (leased.has(refKey(ref))) work.addRequest(refKey(ref), change, microtenantId);
  }
}

/** The statements that differ from the earlier reading; the same record is not compared with itself. */
function addSettled(work: WorkUnderWay, earlier: DesiredGroup | undefined, group: DesiredGroup): void {
  if (earlier === group) return;
  const { groupId: id, deleted, complete, last } = group;
  const changeOf = (sequence: number) => {
    const { source, key } = approverOf(group, sequence) ?? last;
    return refKey({ lane: group.lane, source, tenant: group.tenant, idempotencyKey: key });
  };
  if (earlier === undefined) {
    work.addGroup(changeOf(last.sequence), { id }, 'all');
    return;
  }
  if (last.sequence !== earlier.last.sequence) work.addGroup(changeOf(last.sequence), { id }, 'exists');
  if (deleted !== undefined && deleted.sequence !== earlier.deleted?.sequence) {
    work.addGroup(changeOf(deleted.sequence), { id }, 'all');
  }
  if (complete !== undefined && complete !== earlier.complete) work.addGroup(changeOf(complete), { id }, 'members');
  for (const field of ['name', 'description', 'enabled'] as const) {
    const stated = group[field];
    if (stated !== undefined && stated.sequence !== earlier[field]?.sequence) {
      work.addGroup(changeOf(stated.sequence), { id }, field);
    }
  }
  for (const [application, [, sequence]] of Object.entries(group.members)) {
    if (sequence !== earlier.members[application]?.[1]) {
      work.addApplication(changeOf(sequence), { id: application });
    }
  }
}

/** Groups that ZPA showed older than the lane had seen or written them just before (docs/architecture.md#lagging-reads). */
function addLagging(
  work: WorkUnderWay,
  { at, lane, desired }: LedgerReading,
  live: ReadonlyMap<string, SegmentGroup>,
  lagMs: number,
): void {
  const seen = stillSeen(lane.seen ?? [], at, lagMs);
  const lastChange = new Map(desired.map(({ groupId, last }) => [groupId, last.key]));
  for (const known of seen) {
    const { groupId: id, joined = [], left = [] } = known;
    if (!isCertainlyOlder(seen, known, live.get(id) ?? null)) continue;
    const change = lastChange.get(id) ?? id;
    work.addGroup(change, { id }, 'all');
    for (const application of [...joined, ...left]) work.addApplication(change, { id: application });
  }
}
