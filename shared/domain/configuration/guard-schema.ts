import { z } from 'zod';

/** What the configuration may say about guards of a tenant; `guards.ts` applies them, docs/guards.md explains them. */

/** `*` matches any run of characters; everything else itself. */
export const pattern = z.string().min(1).max(255);
const patterns = z.array(pattern).min(1);

/** Rules a guard watches, and what a change may not do to their reach. */
const ruleGuard = z.strictObject({
  /** Names of policy rules. */
  rules: patterns,
  /** ZPA's names, for example ACCESS_POLICY. Absent: every policy type. */
  policyTypes: z
    .array(z.string().regex(/^[A-Z_]{1,64}$/))
    .min(1)
    .optional(),
  /** Only changes that write one of these segment groups. */
  groups: patterns.default(['*']),
  /** What a change may not do to such a rule; `applies`: make it gain or lose anything, even while it is disabled. */
  when: z
    .array(z.enum(['exposes', 'interrupts', 'applies']))
    .min(1)
    .default(['exposes', 'interrupts']),
  /** `second-approver`: not unless two people besides the requester approved the ticket. */
  response: z.enum(['refuse', 'second-approver']),
});
export type RuleGuard = z.output<typeof ruleGuard>;

const protection = z.strictObject({
  groups: patterns,
  refuse: z
    .array(z.enum(['changes', 'removals', 'deletes']))
    .min(1)
    .default(['changes']),
});

const guards = z.strictObject({
  /** Segment groups and what no change may do to them. */
  protectedGroups: z.array(protection).default([]),
  deletes: z.enum(['allowed', 'refused']).default('allowed'),
  /** Most application segments that one change may take out of groups. */
  mostRemovals: z.int().min(0).max(1000).optional(),
  rules: z.array(ruleGuard).default([]),
});

/** The part of a tenant's configuration that says how much a ticket alone may do. */
export const guarding = {
  /** `plan-only`: changes are decided and rejected with their plan; `paused`: they wait, and the lane with them. */
  mode: z.enum(['apply', 'plan-only', 'paused']).default('apply'),
  /** For which changes the worker reads the policy rules (ADR 5); `guarded`: those that a rule guard is about. */
  reach: z.enum(['always', 'guarded', 'deletes']).default('always'),
  guards: guards.prefault({}),
};

const guardingSchema = z.strictObject(guarding);
/** A tenant's guards, mode and reach, with defaults filled in; and the budget that reading rules takes from. */
export type Guarding = z.output<typeof guardingSchema> & { budget: { reads: number } };

/** With fewer reads per window, two scans of 14 reads do not fit into an invocation beside the change's own. */
export const LEAST_READS_FOR_RULES = 12;

/** Why these settings contradict each other, with the field; undefined: they do not. */
export function guardingFault(tenant: Guarding): { path: string[]; message: string } | undefined {
  if (tenant.guards.rules.length === 0) return undefined;
  if (tenant.reach === 'deletes') {
    const message = 'must be "always" or "guarded" beside guards.rules: a guard needs the rules read';
    return { path: ['reach'], message };
  }
  if (tenant.budget.reads >= LEAST_READS_FOR_RULES) return undefined;
  const message = `must be at least ${LEAST_READS_FOR_RULES} beside guards.rules: a guard needs the rules read`;
  return { path: ['budget', 'reads'], message };
}
