import type { PlanBinding } from '../domain/plan/plan-binding.ts';

/**
 * The latest plan commented on a ticket. `digest`: equal for comments with the same text. `readAt`: an instant (epoch ms)
 * after which the planned contents were read from the ticket system; absent if they were not.
 */
export type TicketPlan = { digest: string; at: number; readAt?: number | undefined };

/**
 * Stores plans of tickets, to which approved changes are bound. `system`: the ticket's system, by the one spelling of `systemName`,
 * because its source may be renamed while it waits for approval. All methods reject with code `ledger-unavailable`.
 */
export type PlanStore = {
  latest(system: string, ticketId: string): Promise<TicketPlan | undefined>;
  /** Called after the comment is written. `expiresAt`: epoch ms. */
  putLatest(system: string, ticketId: string, plan: TicketPlan & { expiresAt: number }): Promise<void>;
  /** Stores `bindings`, keyed by `askedFor` of their change; the latest binding of a change counts. */
  bind(system: string, ticketId: string, bindings: ReadonlyMap<string, PlanBinding>, expiresAt: number): Promise<void>;
  /** The binding of this change of a ticket; undefined: the change was never planned. `requested`: by `askedFor`. */
  bindingOf(system: string, ticketId: string, requested: string): Promise<PlanBinding | undefined>;
};
