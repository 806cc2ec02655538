import type { DatedRules, PolicyRule, RuleList, RuleReading } from '../domain/group/policy-rule.ts';
import type { ReachNeed } from '../domain/reach/reach-need.ts';
import type { Clock, Zpa } from '../ports/ports.ts';
import { isZpaFault } from '../ports/zpa-fault.ts';

/**
 * Policy rules for the reach of changes. A scan is at least 14 reads per microtenant, most of ten seconds' budget, so the
 * rules read for one change serve the next changes of the same tenant for a bounded time, and the outcome says as of when.
 * They are cached in memory: a lane has one worker at a time, and a new worker process reads anew. No delete is decided on
 * them (`readAllRules`).
 */
type Scope = { microtenantId: string; signal: AbortSignal };

const DEFAULT_MICROTENANT = '0';

/** A failed reading is repeated only after this part of the time rules are cached, not for each change of a backlog. */
const FAILURE_SHARE = 5;

export type RuleReadings = {
  /** Rejects as the port does if the rules are `required`, or if our own time is up. */
  read(zpa: Zpa, tenant: string, need: ReachNeed, scope: Scope): Promise<RuleReading>;
  /**
   * All rules for the decision of one deletion, as `readAllRules`. `deletion` identifies it, and rules read for another
   * deletion do not serve it. An interrupted reading continues with the microtenants it still lacks.
   */
  readAll(zpa: Zpa, deletion: string, scope: AllScope): Promise<DatedRules>;
};

/** `microtenantIds`: besides the Default one, which is always read. */
type AllScope = { microtenantIds: readonly string[]; signal: AbortSignal };

/**
 * The rules of a hundred microtenants are 1,400 reads, a quarter of an hour of a lane's budget: the oldest may be this many
 * times `keptMs` old (docs/adr/0005-reach-and-its-cost.md).
 */
const DELETION_PARTS = 3;

type CachedRules = { at: number; list: RuleList } | { at: number; reason: string };

/** Creates the cache of rules, one per process. `keptMs`: how old the rules may be (`Timing.rulesKeptMs`). */
export function createRuleReadings(clock: Pick<Clock, 'now'>, keptMs: number): RuleReadings {
  const cache = new Map<string, CachedRules>();
  const fresh = (one: CachedRules | undefined, lifeMs: number) => one !== undefined && clock.now() - one.at < lifeMs;

  async function readOne(zpa: Zpa, owner: string, scope: Scope, lifeMs = keptMs): Promise<DatedRules> {
    const key = `${owner}/${scope.microtenantId}`;
    const known = cache.get(key);
    if (known !== undefined && 'list' in known && fresh(known, lifeMs)) return { ...known.list, asOf: known.at };
    // The instant before the scan: a rule that changes during the scan is not older than this.
    const at = clock.now();
    const list = await zpa.listRules(scope);
    cache.set(key, { at, list });
    return { ...list, asOf: at };
  }

  return {
    async read(zpa, tenant, need, { microtenantId, signal }) {
      if (need.kind === 'none') return { status: 'unread', reason: need.reason };
      const failureKey = `${tenant}/${microtenantId}/failed`;
      const failed = cache.get(failureKey);
      if (need.kind === 'wanted' && failed !== undefined && 'reason' in failed && fresh(failed, keptMs / FAILURE_SHARE))
        return { status: 'unread', reason: failed.reason };
      try {
        const scopes = [...new Set([DEFAULT_MICROTENANT, microtenantId])];
        const readings: DatedRules[] = [];
        for (const id of scopes) readings.push(await readOne(zpa, tenant, { microtenantId: id, signal }));
        return { status: 'read', ...joinRules(readings) };
      } catch (error) {
        if (need.kind === 'required' || signal.aborted || !isZpaFault(error)) throw error;
        if (error.fault.scope === 'platform') throw error;
        const detail = error.fault.reason === undefined ? '' : `: ${error.fault.reason}`;
        const reason = `the policy rules could not be read (${error.fault.code}${detail})`;
        cache.set(failureKey, { at: clock.now(), reason });
        return { status: 'unread', reason };
      }
    },
    async readAll(zpa, deletion, { microtenantIds, signal }) {
      const lifeMs = keptMs * DELETION_PARTS;
      for (const [key, one] of cache) if (!fresh(one, lifeMs)) cache.delete(key);
      const readings: DatedRules[] = [];
      for (const microtenantId of new Set([DEFAULT_MICROTENANT, ...microtenantIds])) {
        readings.push(await readOne(zpa, `deletion ${deletion}`, { microtenantId, signal }, lifeMs));
      }
      return joinRules(readings);
    },
  };
}

/**
 * Reads every policy type in these microtenants now, for the plan of a deletion: a rule of any of them may name the group.
 * Complete, or it rejects.
 */
export function readAllRules(
  zpa: Zpa,
  microtenantIds: readonly string[],
  { clock, signal }: { clock: Pick<Clock, 'now'>; signal: AbortSignal },
): Promise<DatedRules> {
  return createRuleReadings(clock, 0).readAll(zpa, '', { microtenantIds, signal });
}

/** Joins readings; a rule that several microtenants show counts once. */
function joinRules(readings: readonly DatedRules[]): DatedRules {
  const rules = new Map<string, PolicyRule>();
  for (const one of readings) for (const rule of one.rules) rules.set(`${rule.policyType}/${rule.ruleId}`, rule);
  return {
    rules: [...rules.values()],
    scanned: [...new Set(readings.flatMap((one) => one.scanned))],
    skipped: readings.flatMap((one) => one.skipped),
    asOf: Math.min(...readings.map((one) => one.asOf)),
  };
}
