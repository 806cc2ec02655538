import type { Outcome, Owed, UnstampedOutcome } from '../outcome/outcome.ts';
import type { ChangeRecord } from '../records/change-record.ts';
import type { LaneRecord } from '../records/lane-record.ts';
import { soughtInVain } from './unfound.ts';

/**
 * The state transitions of a change record. Each returns the next record, or undefined if it does not, or no longer,
 * apply.
 */

const OWED: Record<Exclude<Outcome['kind'], 'rejected'>, Owed[]> = {
  applied: ['desired', 'sns'],
  unchanged: ['desired', 'sns'],
  cancelled: ['sns'],
  superseded: ['sns'],
};

/** Later members of its set check for this rejection before they start, so recording it in the set comes before the sends. */
const owedByRejected = (record: ChangeRecord): Owed[] => [
  ...(soughtInVain(record) ? (['desired'] as const) : []),
  ...(record.change.changeSet === undefined ? [] : (['set'] as const)),
  'dlq',
  'sns',
];

/**
 * Settles a change, by the settings of this version if they played a part. A generation has one outcome: a record that is
 * settled already, or re-opened since, stays as it is.
 */
export function settle(
  record: ChangeRecord,
  generation: number,
  unstamped: UnstampedOutcome,
  now: number,
  settingsVersion?: number,
): ChangeRecord | undefined {
  if (record.state === 'settled' || record.generation !== generation) return undefined;
  const stamp = { generation, at: now, attempts: record.attempts + 1 };
  const outcome: Outcome = { ...unstamped, ...stamp, ...(settingsVersion !== undefined && { settingsVersion }) };
  const pending = outcome.kind === 'rejected' ? owedByRejected({ ...record, outcome }) : OWED[outcome.kind];
  return { ...record, state: 'settled', outcome, pending, failed: outcome.kind === 'rejected' };
}

/** How far a lane came once the changes at these places are settled: an open change below them is late from now on. */
export function settledPlaces(
  { through, skipped }: Pick<LaneRecord, 'through' | 'skipped'>,
  places: readonly number[],
): Pick<LaneRecord, 'through' | 'skipped'> {
  return { through: Math.max(through, ...places), skipped: skipped.filter((place) => !places.includes(place)) };
}

/** The record after its outbox is done, except for what it still owes. */
export function clearPending(
  record: ChangeRecord,
  generation: number,
  still: ReadonlySet<Owed> = new Set(),
): ChangeRecord | undefined {
  const pending = record.pending.filter((one) => still.has(one));
  if (record.generation !== generation || record.pending.length === pending.length) return undefined;
  return { ...record, pending };
}

/** The record after a message for it was sent. */
export function markSent(record: ChangeRecord, generation: number, now: number): ChangeRecord | undefined {
  if (record.generation !== generation || record.state === 'settled') return undefined;
  return { ...record, state: record.state === 'accepted' ? 'queued' : record.state, sentAt: now };
}

/** The record of a late change with its new sequence, unless it has moved since it was found to be late. */
export function moveToSequence(record: ChangeRecord, late: ChangeRecord, sequence: number): ChangeRecord | undefined {
  const moved = record.generation !== late.generation || record.sequence !== late.sequence;
  return moved || record.state === 'settled' ? undefined : { ...record, sequence };
}
