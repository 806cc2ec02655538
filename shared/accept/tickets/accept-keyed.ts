import type { ChangeRecord } from '../../domain/records/change-record.ts';
import { acceptChanges } from '../changes/accept-changes.ts';
import { LONGEST_RUN_MS } from '../changes/claim-keys.ts';
import { readChanges } from '../changes/read-changes.ts';
import {
  type About,
  type Accepted,
  type ApprovedResult,
  EDITED_CONFIGURATION,
  INTERRUPTED,
  NOT_PLANNED,
  SPENT,
} from './approved-result.ts';
import { unplannedOf, withPlanBindings } from './plan-bindings.ts';
import type { TicketPorts } from './ticket-ports.ts';
import { hasEndedUndone, isKnownElsewhere, isWhole } from './ticket-revision.ts';
import type { TicketSource } from './ticket-source.ts';

/** `known`: the changes of the ticket; `same`: those of this approval. */
type Keyed = {
  ticketId: string;
  known: readonly ChangeRecord[];
  same: readonly ChangeRecord[];
  changes: Record<string, unknown>[];
  about: About;
};

/** Accepts the changes of one approval, unless they have faults, are not permitted, lack their plan or were cancelled. */
export async function acceptKeyed(
  ports: TicketPorts,
  { name, source, approval }: TicketSource,
  { ticketId, known, same, changes, about }: Keyed,
): Promise<Omit<Accepted, 'superseded' | 'earlier'> | Exclude<ApprovedResult, Accepted>> {
  const read = readChanges(ports.configuration, name, source, { changes });
  if ('refusal' in read) {
    const accepted = new Set<unknown>(known.map(({ ref }) => ref.idempotencyKey));
    if (changes.every(({ idempotencyKey }) => accepted.has(idempotencyKey))) return EDITED_CONFIGURATION;
    return { kind: 'unacceptable', answer: read.refusal, faults: read.faults, ...about };
  }
  if (read.changes.some(({ ref }) => isKnownElsewhere(known, ref))) {
    // The function that accepted a part of them may be about to accept the others.
    const isOver = same.every(({ acceptedAt }) => ports.clock.now() - acceptedAt >= LONGEST_RUN_MS);
    return isWhole(same) || !isOver ? EDITED_CONFIGURATION : { kind: 'refused', ...INTERRUPTED, ...about };
  }
  const requested = await withPlanBindings(ports, source.system, ticketId, read.changes);
  if (approval.requirePlan && unplannedOf(requested, known).length > 0) {
    return { kind: 'refused', ...NOT_PLANNED, ...about };
  }
  const acceptance = await acceptChanges(ports, source, name, requested);
  if ('refusal' in acceptance && acceptance.isUnused === true) return { kind: 'refused', ...INTERRUPTED, ...about };
  if ('refusal' in acceptance) return { kind: 'unacceptable', answer: acceptance.refusal, faults: [], ...about };
  if (acceptance.fresh === 0 && acceptance.records.every(hasEndedUndone))
    return { kind: 'refused', ...SPENT, ...about };
  return { kind: 'accepted', changes: read.changes, acceptance };
}
