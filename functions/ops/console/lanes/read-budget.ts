import type { Configuration } from '../../../../shared/domain/configuration/configuration.ts';
import { tenantsOf } from '../../../../shared/domain/lane/lane-tenants.ts';
import { READS_PER_SIDE, type SharedReadBudget } from '../../../../shared/domain/ledger/shared-read-budget.ts';
import type { LaneRecord } from '../../../../shared/domain/records/lane-record.ts';
import { laneLimits } from '../../../../shared/reading/lane-limits.ts';

/** Calls of one user of the rate limit in the last window; undefined: nobody counts them. */
export type BudgetUse = { who: string; reads: number | undefined; ofReads: number; writes: number; ofWrites: number };

/** The calls that are used of those that ZPA allows one customer, with their users. */
export type LaneBudget = {
  /** What the settings of the lane's tenants allow in a window; the smallest counts. */
  reads: number;
  writes: number;
  windowSeconds: number;
  uses: BudgetUse[];
  /** ZPA asked for no calls until then, in epoch ms. */
  silentUntil: number | undefined;
};

type Facts = {
  configuration: Configuration;
  record: LaneRecord;
  shared: SharedReadBudget | undefined;
  now: number;
  budgetWindowMs: number;
};

export function laneBudget({ configuration, record, shared, now, budgetWindowMs }: Facts): LaneBudget {
  const limits = laneLimits(configuration, record.lane, { budgetWindowMs });
  const budgets = tenantsOf(configuration, record.lane).map(({ budget }) => budget);
  const inWindow = (calls: readonly number[]) => calls.filter((at) => at > now - budgetWindowMs).length;
  const silent = Math.max(record.budget.notBefore, shared?.notBefore ?? 0);
  return {
    reads: budgets.length === 0 ? 0 : Math.min(...budgets.map(({ reads }) => reads)),
    writes: limits.writes,
    windowSeconds: budgetWindowMs / 1000,
    uses: [
      {
        who: 'worker of the lane',
        reads: inWindow(record.budget.reads),
        ofReads: limits.reads,
        writes: inWindow(record.budget.writes),
        ofWrites: limits.writes,
      },
      {
        who: 'drift reports and plans',
        reads: inWindow(shared?.reads ?? []),
        ofReads: READS_PER_SIDE,
        writes: 0,
        ofWrites: 0,
      },
      { who: 'consoles and command lines', reads: undefined, ofReads: READS_PER_SIDE, writes: 0, ofWrites: 0 },
    ],
    silentUntil: silent > now ? silent : undefined,
  };
}
