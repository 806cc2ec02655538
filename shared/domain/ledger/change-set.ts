import { createHash } from 'node:crypto';
import type { RejectionCode } from '../change/rejection-codes.ts';
import type { ChangeRef } from '../lane/change-ref.ts';
import type { Rejection } from '../outcome/outcome.ts';
import { reject } from '../outcome/reject.ts';
import type { ChangeRecord } from '../records/change-record.ts';
import { isWaiting } from './schedule.ts';
import { shareObjects } from './shared-objects.ts';

/**
 * Changes of one ticket that belong together, and rejections that follow from others. Members of a set take effect in
 * the order in which they were accepted, as everything in a lane: a member that was not accepted yet delays no other,
 * so a source that needs the order sends the set in one delivery, or its members one after the other.
 */

/** Identifies a set within its lane: sets of other sources and tenants differ, even with the same id. */
export function setKey({ ref, change }: Pick<ChangeRecord, 'ref' | 'change'>): string | undefined {
  if (change.changeSet === undefined) return undefined;
  const parts = [ref.source, ref.tenant, change.changeSet.id];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Both belong to one set. */
export function isSameSet(
  one: Pick<ChangeRecord, 'ref' | 'change'>,
  other: Pick<ChangeRecord, 'ref' | 'change'>,
): boolean {
  const id = one.change.changeSet?.id;
  if (id === undefined || id !== other.change.changeSet?.id) return false;
  return one.ref.source === other.ref.source && one.ref.tenant === other.ref.tenant;
}

const indexOf = ({ change }: ChangeRecord) => change.changeSet?.index ?? 0;

/** True if the change depends on how earlier members of its set ended. */
export function stopsOnReject({ change }: Pick<ChangeRecord, 'change'>): boolean {
  return change.changeSet?.onReject === 'stop' && change.changeSet.index > 1;
}

/** Rejected and not re-opened since, discarded or not. */
const isRejected = ({ state, outcome }: ChangeRecord) => state === 'settled' && outcome?.kind === 'rejected';

/** The members of the record's set among `settled` whose rejection may not be stored in the set yet. */
export const unstoredMembers = (record: ChangeRecord, settled: readonly ChangeRecord[]): ChangeRef[] =>
  settled.filter((one) => one.pending.includes('set') && isSameSet(one, record)).map(({ ref }) => ref);

/** The earlier rejection that caused a rejection. */
export type Cause = { idempotencyKey: string; code: RejectionCode; sentence: string };

function causeIn(record: ChangeRecord): Cause[] {
  if (record.outcome?.kind !== 'rejected') return [];
  const { code, sentence } = record.outcome;
  return [{ idempotencyKey: record.ref.idempotencyKey, code, sentence }];
}

/**
 * The rejection of a change that is not attempted because an earlier member of its set is rejected. `members`: the
 * members that were rejected once, as they are now. A cancelled or superseded member stops no other.
 */
export function notAttempted(record: ChangeRecord, members: readonly ChangeRecord[]): Rejection | undefined {
  if (!stopsOnReject(record)) return undefined;
  const earlier = members.filter((one) => isRejected(one) && indexOf(one) < indexOf(record));
  const [first] = earlier.sort((a, b) => indexOf(a) - indexOf(b));
  const [causedBy] = first === undefined ? [] : causeIn(first);
  if (first === undefined || causedBy === undefined) return undefined;
  const { idempotencyKey, code } = causedBy;
  const sentence = `change ${indexOf(first)} of its set, ${idempotencyKey}, was rejected (${code})`;
  return reject('not-attempted', sentence, { details: { causedBy } });
}

/**
 * The rejection of a member of a stopping change set if another one that was rejected once cannot be read: it may be an earlier
 * one, and be rejected still. `ref` is absent if not even its reference can be read.
 */
export function notAttemptedAfterUnread(ref?: Pick<ChangeRecord['ref'], 'idempotencyKey'>): Rejection {
  const sentence = `the record of a rejected change of its set${ref ? `, ${ref.idempotencyKey},` : ''} cannot be read`;
  const remedy = 'Have the record restored, then retry.';
  const causedBy = ref && { idempotencyKey: ref.idempotencyKey };
  return reject('not-attempted', sentence, { remedy, ...(causedBy && { details: { causedBy } }) });
}

/**
 * The first member of a set that stops which must come before `record` and would not: it is an open failure, so it would
 * get a later place, or it is scheduled. `members`: those that were rejected once, as they are now.
 */
export function holderOf(record: ChangeRecord, members: readonly ChangeRecord[]): ChangeRecord | undefined {
  if (!stopsOnReject(record)) return undefined;
  const earlier = members.filter((one) => indexOf(one) < indexOf(record) && (one.failed || isWaiting(one)));
  return earlier.toSorted((a, b) => indexOf(a) - indexOf(b))[0];
}

/**
 * Rejections that an earlier one may have caused: its change was to create, rename or empty the group, or to move
 * applications.
 */
const MAY_HAVE_CAUSE: ReadonlySet<RejectionCode> = new Set<RejectionCode>([
  'group-not-found',
  'group-exists',
  'group-not-empty',
  'application-in-other-group',
  'precondition-failed',
]);

/** True if an earlier rejection may have caused this one. */
export function mayHaveCause({ code }: Rejection): boolean {
  return MAY_HAVE_CAUSE.has(code);
}

/**
 * The rejection with the earlier one that may have caused it: the latest among `failures` that `isPossibleCause`.
 */
export function withCause(record: ChangeRecord, rejection: Rejection, failures: readonly ChangeRecord[]): Rejection {
  if (!mayHaveCause(rejection) || rejection.details?.causedBy !== undefined) return rejection;
  const related = failures.filter((one) => isPossibleCause(one, record));
  const [latest] = related.sort((a, b) => b.sequence - a.sequence);
  const [causedBy] = latest === undefined ? [] : causeIn(latest);
  return causedBy === undefined ? rejection : { ...rejection, details: { ...rejection.details, causedBy } };
}

/**
 * A rejection with a lower sequence that is about the same group, name of a group or application. Members of one set are
 * often about different groups, so a common set is no reason; a later member of the set is never a cause.
 */
function isPossibleCause(one: ChangeRecord, other: ChangeRecord): boolean {
  if (!isRejected(one) || one.sequence >= other.sequence || !shareObjects(one, other)) return false;
  return !isSameSet(one, other) || indexOf(one) < indexOf(other);
}

/** The idempotency key that a rejection names as its cause. */
function causeOf({ outcome }: ChangeRecord): string | undefined {
  const causedBy = outcome?.kind === 'rejected' ? outcome.details?.causedBy : undefined;
  if (typeof causedBy !== 'object' || causedBy === null || !('idempotencyKey' in causedBy)) return undefined;
  return typeof causedBy.idempotencyKey === 'string' ? causedBy.idempotencyKey : undefined;
}

/**
 * The chosen failures with those among `failures` that were not attempted because of them, directly or indirectly, in
 * the order in which they must be re-opened: by set and index, the others in the order of `chosen`.
 */
export function withDependents(chosen: readonly ChangeRecord[], failures: readonly ChangeRecord[]): ChangeRecord[] {
  const named = new Set(chosen.map(nameOf));
  const waiting = failures.filter(
    (one) => one.outcome?.kind === 'rejected' && one.outcome.code === 'not-attempted' && !named.has(nameOf(one)),
  );
  const all = [...chosen];
  for (let grown = true; grown; ) {
    const more = waiting.filter((one) => !named.has(nameOf(one)) && all.some((cause) => isCausedBy(one, cause)));
    for (const one of more) named.add(nameOf(one));
    all.push(...more);
    grown = more.length > 0;
  }
  return inSetOrder(all);
}

const nameOf = ({ ref }: ChangeRecord) => JSON.stringify([ref.lane, ref.source, ref.tenant, ref.idempotencyKey]);

function isCausedBy(one: ChangeRecord, cause: ChangeRecord): boolean {
  return isSameSet(one, cause) && causeOf(one) === cause.ref.idempotencyKey;
}

/** Each set is at the position of its first member; its members are sorted by index. */
export function inSetOrder(records: readonly ChangeRecord[]): ChangeRecord[] {
  const sets = Map.groupBy(records, (one) => setKey(one) ?? nameOf(one));
  return [...sets.values()].flatMap((members) => members.toSorted((a, b) => indexOf(a) - indexOf(b)));
}
