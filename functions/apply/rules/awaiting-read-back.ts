import { referenceKey } from '../../../shared/domain/change/change.ts';
import { applicationReferences, groupsNamed } from '../../../shared/domain/group/live-view.ts';
import { groupAfterWrite } from '../../../shared/domain/intent/intent-writes.ts';
import { generationKey } from '../../../shared/domain/lane/change-ref.ts';
import { stopsOnReject } from '../../../shared/domain/ledger/change-set.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Intent, PlannedWrite } from '../../../shared/domain/records/intent.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';
import { isMove, mustBeAlone } from './choose-step.ts';

/**
 * Rules for writing several groups before any of them is read back. ZPA's rate limit (20 reads and 10 writes per 10 s, of
 * which drift keeps 4 reads) does not allow a read before and a read after every write, but it allows one listing after ten
 * writes. ZPA has answered success to an intent that awaits its read-back. Nothing else that the intent touches is written
 * before the read-back, so a difference found then is somebody else's edit (docs/adr/0008-several-groups-before-one-look.md).
 */

/** ZPA's documented window holds ten writes; the number of ids bounds the size of the lane item. */
const MAX_AWAITING = 10;
const MAX_AWAITING_IDS = 2000;

/** Splits the open changes into those that await their read-back and those that are not taken up yet. */
export function splitAwaitingReadBack(
  open: readonly ChangeRecord[],
  { answered = [] }: Pick<LaneRecord, 'answered'>,
): { waiting: ChangeRecord[]; rest: ChangeRecord[] } {
  const keys = new Set(answered.flatMap(({ members }) => members.map(generationKey)));
  const isWaiting = (record: ChangeRecord) => keys.has(generationKey(record));
  return { waiting: open.filter(isWaiting), rest: open.filter((record) => !isWaiting(record)) };
}

/** The change needs one write of one group, and does not depend on the outcome of another change. */
export function isSimpleWrite(record: ChangeRecord, lane: Pick<LaneRecord, 'oneByOneUntil'>): boolean {
  const { change } = record;
  return change.action !== 'delete' && !isMove(change) && !stopsOnReject(record) && !mustBeAlone(record, lane);
}

/**
 * The step names no group, name or application of a write that awaits its read-back. References are compared before they
 * are resolved.
 */
export function isIndependentOf(step: readonly ChangeRecord[], answered: readonly Intent[]): boolean {
  const keys = new Set(answered.flatMap(({ writes }) => writes.flatMap(keysOf)));
  return step.every(({ change }) => {
    const named = [
      ...groupsNamed(change).map((one) => `group ${referenceKey(one)}`),
      ...applicationReferences(change).map((one) => `application ${referenceKey(one)}`),
    ];
    return !named.some((key) => keys.has(key));
  });
}

/**
 * A write touches a group, a name or an application of a write that awaits its read-back. Compares resolved ids, so it
 * is exact.
 */
export function overlapsAwaiting(writes: readonly PlannedWrite[], answered: readonly Intent[]): boolean {
  const keys = new Set(answered.flatMap((intent) => intent.writes.flatMap(keysOf)));
  return writes.flatMap(keysOf).some((key) => keys.has(key));
}

function keysOf(planned: PlannedWrite): string[] {
  const { write, before } = planned;
  const after = groupAfterWrite(planned);
  const names = [before?.name, after?.name].flatMap((name) =>
    name === undefined ? [] : [`group ${referenceKey({ name })}`],
  );
  const id = write.kind === 'create' ? [] : [`group id:${write.groupId}`];
  return [...id, ...names, ...touchedIds(planned).map((one) => `application id:${one}`)];
}

function touchedIds({ write, before }: PlannedWrite): string[] {
  if (write.kind === 'create') return write.applicationIds;
  if (write.kind === 'update') return [...write.addedApps, ...write.deletedApps];
  return before?.applicationIds ?? [];
}

/** No further read-back may be deferred. */
export function isReadBackBatchFull(answered: readonly Intent[]): boolean {
  const ids = answered.flatMap(({ writes }) => writes).reduce((sum, one) => sum + countIds(one), 0);
  return answered.length >= MAX_AWAITING || ids > MAX_AWAITING_IDS;
}

const countIds = (planned: PlannedWrite) => touchedIds(planned).length + (planned.before?.applicationIds.length ?? 0);

/** The intent has a single write whose result the next write does not depend on. */
export function mayDeferReadBack(intent: Intent): boolean {
  const [planned, second] = intent.writes;
  if (planned === undefined || second !== undefined || intent.takingBack !== undefined) return false;
  return planned.write.kind !== 'delete' && countIds(planned) <= MAX_AWAITING_IDS / 2;
}
