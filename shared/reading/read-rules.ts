import type { DatedRules, PolicyRule, RuleList, RuleReading } from '../domain/group/policy-rule.ts';
import type { ReachNeed } from '../domain/reach/reach-need.ts';
import type { Clock, Zpa } from '../ports/ports.ts';
import { isZpaFault } from '../ports/zpa-fault.ts';

/**
 * Policy rules for the reach of changes. A scan is at least 14 reads per microtenant, most of ten seconds' budget, so
 * what one change read serves the next ones of the same tenant for a bounded time, and the outcome says as of when.
 * Kept in memory: a lane has one worker at a time, and a worker that starts anew reads anew. The decision to delete
 * never rests on it (`readAllRules`).
 */
type Scope = { microtenantId: string; signal: AbortSignal };

const DEFAULT_MICROTENANT = '0';

/** A failed reading is not repeated for each change of a backlog, only after this part of the time rules are kept. */
const FAILURE_SHARE = 5;

export type RuleReadings = {
  /** Rejects as the port does if the rules are `required`, or if it is our own end of time. */
  read(zpa: Zpa, tenant: string, need: ReachNeed, scope: Scope): Promise<RuleReading>;
  /**
   * What one deletion is decided on, as `readAllRules`; `deletion` names it, and nothing read for another serves it. A
   * reading that was interrupted goes on with the microtenants it still lacks.
   */
  readAll(zpa: Zpa, deletion: string, scope: AllScope): Promise<DatedRules>;
};

/** `microtenantIds`: besides the Default one, which is always read. */
type AllScope = { microtenantIds: readonly string[]; signal: AbortSignal };

/**
 * The rules of a hundred microtenants are 1,400 reads, a quarter of an hour of a lane's budget: so old the oldest may be,
 * in parts of `keptMs` (docs/adr/0005-reach-and-its-cost.md).
 */
const DELETION_PARTS = 3;

type Kept = { at: number; list: RuleList } | { at: number; reason: string };

/** `keptMs`: how old the rules may be (`Timing.rulesKeptMs`). One for the life of a process. */
export function createRuleReadings(clock: Pick<Clock, 'now'>, keptMs: number): RuleReadings {
  const kept = new Map<string, Kept>();
  const fresh = (one: Kept | undefined, lifeMs: number) => one !== undefined && clock.now() - one.at < lifeMs;

  async function readOne(zpa: Zpa, owner: string, scope: Scope, lifeMs = keptMs): Promise<DatedRules> {
    const key = `${owner}/${scope.microtenantId}`;
    const known = kept.get(key);
    if (known !== undefined && 'list' in known && fresh(known, lifeMs)) return { ...known.list, asOf: known.at };
    // The time of the question: a rule changed while the scan goes on is not older than it.
    const at = clock.now();
    const list = await zpa.listRules(scope);
    kept.set(key, { at, list });
    return { ...list, asOf: at };
  }

  return {
    async read(zpa, tenant, need, { microtenantId, signal }) {
      if (need.kind === 'none') return { status: 'unread', reason: need.reason };
      const failureKey = `${tenant}/${microtenantId}/failed`;
      const failed = kept.get(failureKey);
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
        const said = error.fault.reason === undefined ? '' : `: ${error.fault.reason}`;
        const reason = `the policy rules could not be read (${error.fault.code}${said})`;
        kept.set(failureKey, { at: clock.now(), reason });
        return { status: 'unread', reason };
      }
    },
    async readAll(zpa, deletion, { microtenantIds, signal }) {
      const lifeMs = keptMs * DELETION_PARTS;
      for (const [key, one] of kept) if (!fresh(one, lifeMs)) kept.delete(key);
      const readings: DatedRules[] = [];
      for (const microtenantId of new Set([DEFAULT_MICROTENANT, ...microtenantIds])) {
        readings.push(await readOne(zpa, `deletion ${deletion}`, { microtenantId, signal }, lifeMs));
      }
      return joinRules(readings);
    },
  };
}

/**
 * Every policy type in every microtenant, now: what the plan of a deletion says, since a rule of any of them may name the
 * group. Complete or it rejects.
 */
export function readAllRules(
  zpa: Zpa,
  microtenantIds: readonly string[],
  { clock, signal }: { clock: Pick<Clock, 'now'>; signal: AbortSignal },
): Promise<DatedRules> {
  return createRuleReadings(clock, 0).readAll(zpa, '', { microtenantIds, signal });
}

/** A rule that several microtenants show counts once. */
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
