import type { PlanBinding } from '../../shared/domain/plan/plan-binding.ts';
import type { PlanStore, TicketPlan } from '../../shared/ports/plan-store.ts';

export type MemoryPlans = PlanStore & {
  readonly latestOf: Map<string, TicketPlan>;
  /** By system, ticket and requested changes. */
  readonly bindings: Map<string, PlanBinding & { expiresAt: number }>;
};

/** Plans in memory. */
export function createMemoryPlans(): MemoryPlans {
  const latestOf: MemoryPlans['latestOf'] = new Map();
  const bindings: MemoryPlans['bindings'] = new Map();
  const nameOf = (...parts: string[]) => parts.join(' ');
  return {
    latestOf,
    bindings,
    latest: async (system, ticketId) => latestOf.get(nameOf(system, ticketId)),
    putLatest: async (system, ticketId, { expiresAt: _, ...plan }) => void latestOf.set(nameOf(system, ticketId), plan),
    async bind(system, ticketId, made, expiresAt) {
      for (const [asked, plan] of made) bindings.set(nameOf(system, ticketId, asked), { ...plan, expiresAt });
    },
    bindingOf: async (system, ticketId, asked) => bindings.get(nameOf(system, ticketId, asked)),
  };
}
