import type { BudgetLimits } from '../../shared/domain/budget.ts';
import type { Configuration } from '../../shared/domain/configuration.ts';
import { type Lane, laneName } from '../../shared/domain/lane.ts';
import type { Timing } from '../../shared/domain/timing.ts';

/** Reads kept back for drift, plan and doctor (design §4). */
const OTHER_READS = 4;

/** The lane's share of the customer's budget: the smallest that its configured tenants allow. */
export function laneLimits(configuration: Configuration, lane: Lane, timing: Timing): BudgetLimits {
  const tenants = Object.values(configuration.tenants).filter((tenant) => laneName(tenant) === lane);
  return {
    reads: Math.min(...tenants.map((tenant) => tenant.budget.reads)) - OTHER_READS,
    writes: Math.min(...tenants.map((tenant) => tenant.budget.writes)),
    windowMs: timing.budgetWindowMs,
  };
}
