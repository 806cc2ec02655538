import { referenceKey } from '../../../shared/domain/change/change.ts';
import { applicationReferences, newNameOf } from '../../../shared/domain/group/live-view.ts';
import { generationKey } from '../../../shared/domain/lane/change-ref.ts';
import { stopsOnReject } from '../../../shared/domain/ledger/change-set.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Intent, PlannedWrite } from '../../../shared/domain/records/intent.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';

import { isMove, mustBeAlone, type Step } from './choose-step.ts';
import { groupAfterWrite } from './fold-step.ts';

/**
 * Writes of several groups, one after another, before any is read back: ZPA's budget of reads does not hold a read before
 * and a read after every write (20 and 10 per 10 s, of which drift keeps 4 reads), one listing after ten writes it does.
 * An intent that lies aside has its definite yes; what it touches is left alone until it was read back, so that what differs
 * then was somebody else (docs/adr/0008-several-groups-before-one-look.md).
 */

/** As many as ZPA's documented window holds writes; and a bound on what the lane item carries. */
const MAX_AWAITING = 10;
const MAX_AWAITING_IDS = 2000;

/** Open changes that wait for the look, and those that are still to be taken up. */
export function splitAwaitingReadBack(
  open: readonly ChangeRecord[],
  { answered = [] }: Pick<LaneRecord, 'answered'>,
): { waiting: ChangeRecord[]; rest: ChangeRecord[] } {
  const keys = new Set(answered.flatMap(({ members }) => members.map(generationKey)));
  const isWaiting = (record: ChangeRecord) => keys.has(generationKey(record));
  return { waiting: open.filter(isWaiting), rest: open.filter((record) => !isWaiting(record)) };
}

/** One write of one group, and nothing that hangs on how another change ends. */
export function isSimpleWrite(record: ChangeRecord, lane: Pick<LaneRecord, 'oneByOneUntil'>): boolean {
  const { change } = record;
  return change.action !== 'delete' && !isMove(change) && !stopsOnReject(record) && !mustBeAlone(record, lane);
}

/** As far as references tell: it names no group, name or application that lies aside. */
export function isIndependentOf({ records }: Step, answered: readonly Intent[]): boolean {
  const keys = new Set(answered.flatMap(({ writes }) => writes.flatMap(keysOf)));
  return records.every(({ change }) => {
    const newName = newNameOf(change);
    const named = [
      `group ${referenceKey(change.group)}`,
      ...(newName === undefined ? [] : [`group name:${newName}`]),
      ...applicationReferences(change).map((one) => `application ${referenceKey(one)}`),
    ];
    return !named.some((key) => keys.has(key));
  });
}

/** Exactly, as soon as names are resolved: a write meets a group, a name or an application that lies aside. */
export function overlapsAwaiting(writes: readonly PlannedWrite[], answered: readonly Intent[]): boolean {
  const keys = new Set(answered.flatMap((intent) => intent.writes.flatMap(keysOf)));
  return writes.flatMap(keysOf).some((key) => keys.has(key));
}

function keysOf(planned: PlannedWrite): string[] {
  const { write, before } = planned;
  const after = groupAfterWrite(planned);
  const names = [before?.name, after?.name].flatMap((name) => (name === undefined ? [] : [`group name:${name}`]));
  const id = write.kind === 'create' ? [] : [`group id:${write.groupId}`];
  return [...id, ...names, ...touchedIds(planned).map((one) => `application id:${one}`)];
}

function touchedIds({ write, before }: PlannedWrite): string[] {
  if (write.kind === 'create') return write.applicationIds;
  if (write.kind === 'update') return [...write.addedApps, ...write.deletedApps];
  return before?.applicationIds ?? [];
}

/** No more may lie aside. */
export function isReadBackBatchFull(answered: readonly Intent[]): boolean {
  const ids = answered.flatMap(({ writes }) => writes).reduce((sum, one) => sum + countIds(one), 0);
  return answered.length >= MAX_AWAITING || ids > MAX_AWAITING_IDS;
}

const countIds = (planned: PlannedWrite) => touchedIds(planned).length + (planned.before?.applicationIds.length ?? 0);

/**
 * Its one write is answered and teaches nothing that the next write must know: whether the tenant's v2 honours membership
 * deltas is looked at first.
 */
export function mayDeferReadBack(intent: Intent, via: 'v1' | 'v2' | undefined): boolean {
  const [planned, second] = intent.writes;
  if (planned === undefined || second !== undefined || intent.takingBack !== undefined) return false;
  const { write } = planned;
  if (write.kind === 'delete') return false;
  if (countIds(planned) > MAX_AWAITING_IDS / 2) return false;
  const hasDeltas = write.kind === 'update' && write.addedApps.length + write.deletedApps.length > 0;
  return !hasDeltas || via !== undefined;
}
