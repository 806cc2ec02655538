import { systemName } from '../../domain/configuration/shared-ticket-systems.ts';
import { contentFingerprint } from '../../domain/plan/plan-binding.ts';
import type { ChangeRecord } from '../../domain/records/change-record.ts';
import type { RequestedChange } from '../changes/read-changes.ts';
import type { TicketPorts } from './ticket-ports.ts';

/** Adds to each change the plan its approver saw, if the ticket was planned while it waited for approval. */
export function withPlanBindings(
  { planned }: Pick<TicketPorts, 'planned'>,
  system: string,
  ticketId: string,
  changes: readonly RequestedChange[],
): Promise<RequestedChange[]> {
  return Promise.all(
    changes.map(async (one): Promise<RequestedChange> => {
      const plan = await planned?.bindingOf(systemName(system), ticketId, contentFingerprint(one.change));
      return plan === undefined ? one : { ...one, plan };
    }),
  );
}

/**
 * The changes without a plan shown as a whole that were not accepted before: nobody saw what they would do before
 * approving them.
 */
export function unplannedOf(changes: readonly RequestedChange[], known: readonly ChangeRecord[]): RequestedChange[] {
  const accepted = new Set(known.map(({ ref }) => ref.idempotencyKey));
  return changes.filter(
    ({ plan, ref }) => (plan === undefined || plan.shown === false) && !accepted.has(ref.idempotencyKey),
  );
}
