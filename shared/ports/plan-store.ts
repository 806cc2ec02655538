import type { PlanBinding } from '../domain/plan/plan-binding.ts';

/** The latest plan that stands on a ticket. `digest`: equal for comments that say the same. */
export type TicketPlan = { digest: string; at: number };

/** What was planned of tickets, so that an approved change is held to it. All reject with code `ledger-unavailable`. */
export type PlanStore = {
  latest(source: string, ticketId: string): Promise<TicketPlan | undefined>;
  /** Written after the comment is said. `expiresAt`: epoch ms. */
  keep(source: string, ticketId: string, plan: TicketPlan & { expiresAt: number }): Promise<void>;
  /** `bindings` by `contentFingerprint` of their change; the latest of a change counts. */
  bind(source: string, ticketId: string, bindings: ReadonlyMap<string, PlanBinding>, expiresAt: number): Promise<void>;
  /** What was planned of this change of a ticket, whenever; undefined: nobody has planned it. `asked`: by `contentFingerprint`. */
  bindingOf(source: string, ticketId: string, asked: string): Promise<PlanBinding | undefined>;
};
