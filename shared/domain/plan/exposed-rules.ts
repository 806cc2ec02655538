import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { RuleReach } from '../outcome/outcome.ts';

/** A rule that opens access, and the application segments it opens. */
export const exposedRuleSchema = z.strictObject({
  /** `ACCESS_POLICY/216…` */
  rule: z.string(),
  sure: z.enum(['may', 'yes']),
  /** Their ids; where there are very many, their number and a digest. */
  applications: z.union([z.array(z.string()), z.strictObject({ count: z.int(), digest: z.string() })]),
});

export type ExposedRule = z.output<typeof exposedRuleSchema>;

/** An exposed rule with its name, which people need and a plan's binding does not. */
export type NamedExposedRule = ExposedRule & { ruleName: string };

/** Most ids stored over all rules of one change; beyond it each rule has a digest instead. */
const MOST_IDS = 1000;

/**
 * The rules that open access, of all rules whose reach changes, in a stable order. `rules` must be complete, as
 * `computeReach` returns them. A rule that allows opens what it gains, one that denies opens what it loses, any other
 * may open both.
 */
export function exposedRules(rules: readonly RuleReach[]): NamedExposedRule[] {
  const exposed = rules.flatMap((rule) =>
    rule.exposes === 'no' ? [] : [{ rule, sure: rule.exposes, ids: [...openedBy(rule)].sort() }],
  );
  const total = exposed.reduce((sum, { ids }) => sum + ids.length, 0);
  return exposed
    .map(({ rule: { policyType, ruleId, ruleName }, sure, ids }) => ({
      rule: `${policyType}/${ruleId}`,
      ruleName,
      sure,
      applications: total > MOST_IDS ? digestOf(ids) : ids,
    }))
    .sort((a, b) => (a.rule < b.rule ? -1 : 1));
}

function openedBy({ action, gains, loses }: RuleReach): Set<string> {
  const sides = action === 'ALLOW' ? [gains] : action === 'DENY' ? [loses] : [gains, loses];
  return new Set(sides.flatMap((side) => side.applications.map(({ id }) => id)));
}

/** The number of ids and a digest of their sorted list. */
export function digestOf(ids: readonly string[]): { count: number; digest: string } {
  return {
    count: ids.length,
    digest: createHash('sha256').update(JSON.stringify(ids)).digest('base64url').slice(0, 22),
  };
}
