import type { DatedRules, RuleList } from '../../domain/group/policy-rule.ts';
import type { Lane } from '../../domain/lane/change-ref.ts';
import type { Clock } from '../../ports/ports.ts';

/**
 * The rules are those of this tenant. The settings may lead a tenant to another customer while a process lives, so its name
 * alone does not tell; and of two tenants of one customer, one may be shown less.
 */
export type RulesOf = { lane: Lane; tenant: string };

/** The rules of microtenants, as this process read them. */
export type RuleCache = {
  /** undefined: none, or too old. */
  find(of: RulesOf, microtenantId: string): DatedRules | undefined;
  keep(of: RulesOf, microtenantId: string, rules: DatedRules): void;
};

export const cacheKey = ({ lane, tenant }: RulesOf, microtenantId: string) =>
  JSON.stringify([lane, tenant, microtenantId]);

/** `keptMs`: how old the rules may be (`Timing.rulesKeptMs`). */
export function createRuleCache(clock: Pick<Clock, 'now'>, keptMs: number): RuleCache {
  const cache = new Map<string, DatedRules>();
  return {
    find(of, microtenantId) {
      const found = cache.get(cacheKey(of, microtenantId));
      return found !== undefined && clock.now() - found.asOf < keptMs ? found : undefined;
    },
    keep: (of, microtenantId, rules) => void cache.set(cacheKey(of, microtenantId), rules),
  };
}

/** Reads the rules of one microtenant. `asOf` is the instant before: a rule that changes meanwhile is not older than that. */
export async function readDated(clock: Pick<Clock, 'now'>, read: () => Promise<RuleList>): Promise<DatedRules> {
  const asOf = clock.now();
  return { ...(await read()), asOf };
}
