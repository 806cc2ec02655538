import type { ChangeRef } from '../domain/lane/change-ref.ts';
import {
  cancelRequestOf,
  isUnderWay,
  requestCancel,
  requestSupersede,
  settleCancelled,
} from '../domain/ledger/cancellation.ts';
import { outcomeWord } from '../domain/outcome/outcome-word.ts';
import type { ChangeRecord } from '../domain/records/change-record.ts';
import type { Clock, Ledger } from '../ports/ports.ts';
import { updateChange } from './update-change.ts';

export type CancelPorts = {
  ledger: Pick<Ledger, 'readChange' | 'writeChange' | 'readLane'>;
  clock: Pick<Clock, 'now'>;
};

/** The result of a request to cancel or to supersede a change. */
export type CancelResult =
  | { kind: 'cancelled'; record: ChangeRecord }
  /** It has another outcome already. */
  | { kind: 'settled'; record: ChangeRecord }
  /** The generation that was asked about has ended, and the change is open again. */
  | { kind: 'retried'; record: ChangeRecord }
  /** ZPA may be carrying it out. The request stands: if the write turns out not to have happened, the change is cancelled. */
  | { kind: 'under-way'; record: ChangeRecord }
  | { kind: 'unknown' };

/**
 * Cancels one change, in the order that `shared/domain/ledger/cancellation.ts` explains. Idempotent: a repeated call answers
 * the present state. The sweeper or the caller sends the notice that a cancelled change owes. `generation`: the only one that is
 * cancelled; absent: whichever is open. Rejects as the ledger does; then the request may be stored, and the worker or the sweeper
 * completes it.
 */
export async function cancelChange(
  ports: CancelPorts,
  ref: ChangeRef,
  {
    by,
    reason,
    generation,
    ...flags
  }: { by: string; reason: string; generation?: number | undefined; endsRejection?: true },
): Promise<CancelResult> {
  const known = await ports.ledger.readChange(ref);
  if (known === undefined) return { kind: 'unknown' };
  const at = ports.clock.now();
  const isMeant = (one: ChangeRecord) => generation === undefined || one.generation === generation;
  const { record } = await updateChange(ports.ledger, known, (one) =>
    isMeant(one) ? requestCancel(one, by, reason, at, flags) : undefined,
  );
  if (isMeant(record)) return completeCancel(ports, record);
  return { kind: record.state === 'settled' ? 'settled' : 'retried', record };
}

/**
 * Ends one change because another approval, `by`, took its place. Follows the protocol of `cancelChange`, but settles the
 * change as superseded; if a cancel request came first, as cancelled.
 */
export async function supersedeChange(
  ports: CancelPorts,
  known: ChangeRecord,
  { by, reason }: { by: string; reason: string },
): Promise<CancelResult> {
  const at = ports.clock.now();
  const { record } = await updateChange(ports.ledger, known, (one) => requestSupersede(one, by, reason, at));
  return completeCancel(ports, record);
}

/** The second half of the protocol, also for a stored request whose process crashed. */
export async function completeCancel(ports: CancelPorts, requested: ChangeRecord): Promise<CancelResult> {
  if (requested.state === 'settled') return cancelResultOf(requested);
  if (cancelRequestOf(requested) === undefined) throw new Error(`${requested.ref.idempotencyKey} was not asked back`);
  // The lane is read after the request is written: a worker that stores an intent later has read the request.
  const lane = await ports.ledger.readLane(requested.ref.lane);
  if (isUnderWay(lane, requested)) return { kind: 'under-way', record: requested };
  const { record } = await updateChange(ports.ledger, requested, (one) => settleCancelled(one, ports.clock.now()));
  return cancelResultOf(record);
}

function cancelResultOf(record: ChangeRecord): CancelResult {
  return { kind: record.outcome?.kind === 'cancelled' ? 'cancelled' : 'settled', record };
}

/** A sentence for the person or source that asked. */
export function sentenceOf(result: CancelResult): string {
  switch (result.kind) {
    case 'cancelled':
      return 'It is cancelled and will not be applied.';
    case 'settled':
      return `It has ended already: ${outcomeWord(result.record.outcome?.kind ?? 'its outcome is known')}.`;
    case 'retried':
      return 'It was retried since it was shown. Nothing was done.';
    case 'under-way':
      return 'It is being written to ZPA at this moment. If the write did not happen, it is cancelled.';
    case 'unknown':
      return 'There is no such change of this source and tenant.';
  }
}
