import * as z from 'zod';
import type { FieldsFault, IsSound } from '../change/across-fields.ts';

/** The schema of a tenant's guards; `guards.ts` applies them, docs/guards.md explains them. */

/** `*` matches any run of characters; every other character matches itself. */
export const namePattern = z.string().min(1).max(255);
const patterns = z.array(namePattern).min(1);

/** The policy rules that a guard protects, and the effects on their reach that it forbids. */
const ruleGuard = z.strictObject({
  /** Patterns of policy rule names. */
  rules: patterns,
  /** ZPA's names, for example ACCESS_POLICY. Absent: every policy type. */
  policyTypes: z
    .array(z.string().regex(/^[A-Z_]{1,64}$/))
    .min(1)
    .optional(),
  /** The guard concerns only changes that write one of these segment groups. */
  groups: patterns.default(['*']),
  /** Forbidden effects on such a rule; `applies`: the rule gains or loses anything, even while it is disabled. */
  when: z
    .array(z.enum(['exposes', 'interrupts', 'applies']))
    .min(1)
    .default(['exposes', 'interrupts']),
  /** `second-approver`: refused unless two people besides the requester approved the ticket. */
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
  /** Segment groups and the operations that are forbidden on them. */
  protectedGroups: z.array(protection).default([]),
  deletes: z.enum(['allowed', 'refused']).default('allowed'),
  /** Upper bound of application segments that one change may remove from groups. */
  mostRemovals: z.int().min(0).max(1000).optional(),
  rules: z.array(ruleGuard).default([]),
});

/** The fields of a tenant's configuration that limit the effect of a ticket. */
export const guardSettings = {
  /**
   * `plan-only`: changes are decided and rejected with their plan. `paused`: they wait, and the lane waits with them.
   */
  mode: z.enum(['apply', 'plan-only', 'paused']).default('apply'),
  /** The changes for which the worker reads the policy rules (ADR 5); `guarded`: those that a rule guard concerns. */
  reach: z.enum(['always', 'guarded', 'deletes']).default('always'),
  guards: guards.prefault({}),
};

const guardingSchema = z.strictObject(guardSettings);
/** A tenant's guards, mode and reach with defaults filled in, and the budget that reading the rules uses. */
export type GuardSettings = z.output<typeof guardingSchema> & { budget: { reads: number } };

/**
 * Smallest read budget per window with rule guards: with fewer, two scans of 14 reads do not fit into one invocation
 * beside the change's own reads.
 */
export const MIN_READS_FOR_RULES = 12;

/** The contradictions between these settings of the tenant at this path. */
export function guardFaults(tenant: GuardSettings, at: readonly string[], isSound: IsSound): FieldsFault[] {
  if (!isSound([...at, 'guards'], 'rules') || tenant.guards.rules.length === 0) return [];
  const faults: FieldsFault[] = [];
  if (isSound(at, 'reach') && tenant.reach === 'deletes') {
    const message = 'must be "always" or "guarded" beside guards.rules: a guard needs the rules read';
    faults.push({ path: [...at, 'reach'], message });
  }
  if (isSound([...at, 'budget'], 'reads') && tenant.budget.reads < MIN_READS_FOR_RULES) {
    const message = `must be at least ${MIN_READS_FOR_RULES} beside guards.rules: a guard needs the rules read`;
    faults.push({ path: [...at, 'budget', 'reads'], message });
  }
  return faults;
}
