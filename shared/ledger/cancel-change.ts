import type { ChangeRef } from '../domain/lane/change-ref.ts';
import {
  cancelRequestOf,
  isUnderWay,
  requestCancel,
  requestSupersede,
  settleCancelled,
} from '../domain/ledger/cancellation.ts';
import type { ChangeRecord } from '../domain/records/change-record.ts';

import type { Clock, Ledger } from '../ports/ports.ts';
import { updateChange } from './update-change.ts';

export type CancelPorts = {
  ledger: Pick<Ledger, 'readChange' | 'writeChange' | 'readLane'>;
  clock: Pick<Clock, 'now'>;
};

/** What became of the wish to take a change back. */
export type Cancelling =
  | { kind: 'cancelled'; record: ChangeRecord }
  /** It has another outcome. */
  | { kind: 'settled'; record: ChangeRecord }
  /** ZPA may be carrying it out. The request stands: should the write turn out not to have happened, it is cancelled. */
  | { kind: 'under-way'; record: ChangeRecord }
  | { kind: 'unknown' };

/**
 * Takes one change back, in the order of docs/adr/0006-cancelling.md. Idempotent: again asks how it stands by now. The
 * notice that a cancelled change owes is left to the sweeper, or to the caller. Rejects as the ledger does; then the
 * request may stand, and the worker or the sweeper completes it.
 */
export async function cancelChange(
  ports: CancelPorts,
  ref: ChangeRef,
  { by, reason }: { by: string; reason: string },
): Promise<Cancelling> {
  const known = await ports.ledger.readChange(ref);
  if (known === undefined) return { kind: 'unknown' };
  const at = ports.clock.now();
  const { record } = await updateChange(ports.ledger, known, (one) => requestCancel(one, by, reason, at));
  return completeCancel(ports, record);
}

/**
 * Takes one change out because another approval, `by`, took its place: as `cancelChange`, by the same protocol, and then
 * it is settled as superseded; one that somebody asked back before, as cancelled.
 */
export async function supersedeChange(
  ports: CancelPorts,
  known: ChangeRecord,
  { by, reason }: { by: string; reason: string },
): Promise<Cancelling> {
  const at = ports.clock.now();
  const { record } = await updateChange(ports.ledger, known, (one) => requestSupersede(one, by, reason, at));
  return completeCancel(ports, record);
}

/** The second half: also for a request whose author got no further. */
export async function completeCancel(ports: CancelPorts, requested: ChangeRecord): Promise<Cancelling> {
  if (requested.state === 'settled') return endedAs(requested);
  if (cancelRequestOf(requested) === undefined) throw new Error(`${requested.ref.idempotencyKey} was not asked back`);
  // Read after the request was written: an intent that is stored later is stored by a worker that sees the request.
  const lane = await ports.ledger.readLane(requested.ref.lane);
  if (isUnderWay(lane, requested)) return { kind: 'under-way', record: requested };
  const { record } = await updateChange(ports.ledger, requested, (one) => settleCancelled(one, ports.clock.now()));
  return endedAs(record);
}

function endedAs(record: ChangeRecord): Cancelling {
  return { kind: record.outcome?.kind === 'cancelled' ? 'cancelled' : 'settled', record };
}

/** For whoever asked. */
export function sentenceOf(ending: Cancelling): string {
  switch (ending.kind) {
    case 'cancelled':
      return 'It is cancelled and will not be carried out.';
    case 'settled':
      return `It is settled already: ${ending.record.outcome?.kind ?? 'its outcome is known'}.`;
    case 'under-way':
      return 'It is being written to ZPA at this moment. If that turns out not to have happened, it is cancelled.';
    case 'unknown':
      return 'There is no such change of this source and tenant.';
  }
}
