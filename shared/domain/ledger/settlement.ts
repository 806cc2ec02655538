import type { Outcome, Owed, UnstampedOutcome } from '../outcome/outcome.ts';
import type { ChangeRecord } from '../records/change-record.ts';

/** The transitions of a change record. Each answers the next record, or undefined where it does not apply (any more). */

const OWED: Record<Exclude<Outcome['kind'], 'rejected'>, Owed[]> = {
  applied: ['desired', 'sns'],
  unchanged: ['desired', 'sns'],
  cancelled: ['sns'],
  superseded: ['sns'],
};

/** The members of its set that come later must find it before their turn, so that is owed first. */
const owedByRejected = ({ change }: ChangeRecord): Owed[] =>
  change.changeSet === undefined ? ['dlq', 'sns'] : ['set', 'dlq', 'sns'];

/** One outcome per generation: a record settled already, or re-opened since, is left alone. */
export function settle(
  record: ChangeRecord,
  generation: number,
  unstamped: UnstampedOutcome,
  now: number,
): ChangeRecord | undefined {
  if (record.state === 'settled' || record.generation !== generation) return undefined;
  const outcome: Outcome = { ...unstamped, generation, at: now, attempts: record.attempts + 1 };
  const pending = outcome.kind === 'rejected' ? owedByRejected(record) : OWED[outcome.kind];
  return { ...record, state: 'settled', outcome, pending, failed: outcome.kind === 'rejected' };
}

/** The outbox is done. */
export function clearPending(record: ChangeRecord, generation: number): ChangeRecord | undefined {
  if (record.generation !== generation || record.pending.length === 0) return undefined;
  return { ...record, pending: [] };
}

/** A message for it is out. */
export function markSent(record: ChangeRecord, generation: number, now: number): ChangeRecord | undefined {
  if (record.generation !== generation || record.state === 'settled') return undefined;
  return { ...record, state: record.state === 'accepted' ? 'queued' : record.state, sentAt: now };
}

/** A late-comer's new place, if it still stands where it was judged to be late. */
export function moveToSequence(record: ChangeRecord, late: ChangeRecord, sequence: number): ChangeRecord | undefined {
  const moved = record.generation !== late.generation || record.sequence !== late.sequence;
  return moved || record.state === 'settled' ? undefined : { ...record, sequence };
}
