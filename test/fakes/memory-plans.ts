import type { PlanBinding } from '../../shared/domain/plan/plan-binding.ts';
import type { PlanStore, TicketPlan } from '../../shared/ports/plan-store.ts';

export type MemoryPlans = PlanStore & {
  readonly latestOf: Map<string, TicketPlan>;
  /** By source, ticket and requested changes. */
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
    latest: async (source, ticketId) => latestOf.get(nameOf(source, ticketId)),
    putLatest: async (source, ticketId, { expiresAt: _, ...plan }) => void latestOf.set(nameOf(source, ticketId), plan),
    async bind(source, ticketId, made, expiresAt) {
      for (const [asked, plan] of made) bindings.set(nameOf(source, ticketId, asked), { ...plan, expiresAt });
    },
    bindingOf: async (source, ticketId, asked) => bindings.get(nameOf(source, ticketId, asked)),
  };
}
