import type { PlanBinding } from './domain/plan-binding/plan-binding.ts';

/** The latest plan that stands on a ticket. `digest`: equal for comments that say the same. */
export type TicketPlan = { digest: string; at: number };

/** What was planned of tickets, so that an approved change is held to it. Both reject with code `ledger-unavailable`. */
export type PlanStore = {
  latest(source: string, ticketId: string): Promise<TicketPlan | undefined>;
  /** `bindings` by `askedFor` of their change; until `expiresAt` (epoch ms). Written after the comment is said. */
  keep(
    source: string,
    ticketId: string,
    plan: TicketPlan & { bindings: ReadonlyMap<string, PlanBinding>; expiresAt: number },
  ): Promise<void>;
  /** What was planned of this change of a ticket, whenever; undefined: nobody has planned it. `asked`: by `askedFor`. */
  bindingOf(source: string, ticketId: string, asked: string): Promise<PlanBinding | undefined>;
};
