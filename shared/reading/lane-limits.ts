import type { Configuration } from '../domain/configuration/configuration.ts';
import type { Lane } from '../domain/lane/change-ref.ts';
import { tenantsOf } from '../domain/lane/lane-tenants.ts';
import type { BudgetLimits } from '../domain/ledger/rate-budget.ts';
import type { Timing } from '../domain/ledger/timing.ts';

/** Reads per window that are reserved for drift, plan and doctor (docs/architecture.md#rate-budget). */
const RESERVED_READS = 4;

/** The lane's share of the customer's rate budget: the smallest budget of its configured tenants; zero if it has none. */
export function laneLimits(
  configuration: Configuration,
  lane: Lane,
  { budgetWindowMs }: Pick<Timing, 'budgetWindowMs'>,
): BudgetLimits {
  const budgets = tenantsOf(configuration, lane).map(({ budget }) => budget);
  if (budgets.length === 0) return { reads: 0, writes: 0, windowMs: budgetWindowMs };
  return {
    reads: Math.min(...budgets.map(({ reads }) => reads)) - RESERVED_READS,
    writes: Math.min(...budgets.map(({ writes }) => writes)),
    windowMs: budgetWindowMs,
  };
}
