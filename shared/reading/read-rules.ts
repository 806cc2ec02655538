import { type DatedRules, joinRules, type RuleReading, unknownTypes } from '../domain/group/policy-rule.ts';
import type { ReachNeed } from '../domain/reach/reach-need.ts';
import type { Clock, RuleListOptions, Zpa } from '../ports/ports.ts';
import { isZpaFault } from '../ports/zpa-fault.ts';
import type { Scope } from './read-group.ts';
import { type AllScope, createDeletionRules } from './rules/deletion-rules.ts';
import { cacheKey, createRuleCache, type RulesOf, readDated } from './rules/rule-cache.ts';
import { scannedMicrotenants } from './rules/scan-bound.ts';
import { createProcessScanParts, type Deletion, type ScanPartStore } from './rules/scan-parts.ts';

/**
 * Policy rules for the reach of changes. A scan is at least 14 reads per microtenant, most of ten seconds' budget, so the
 * rules read for one change serve the next changes of the same tenant for a bounded time, and the outcome says as of when.
 * They are cached in memory: a lane has one worker at a time, and a new worker process reads anew. A delete is decided on a
 * scan of its own, which may outlast the process, so its progress is stored.
 */

/** A failed reading is repeated only after this part of the time rules are cached, not for each change of a backlog. */
const FAILURE_SHARE = 5;

export type RuleReadings = {
  /**
   * Rejects as the port does if the rules are `required`, or if our own time is up. `isNeeded` is asked before any rule is read
   * from ZPA.
   */
  read(zpa: Zpa, of: RulesOf, need: ReachNeed, scope: Scope, isNeeded?: IsNeeded): Promise<RuleReading>;
  /**
   * All rules for the decision of one deletion; none is older than `deletionRulesMs`. An interrupted reading continues with
   * the microtenants it still lacks, also in another process. Rejects with the fault `scan-too-long` if one of them was begun
   * `maxReadings` times and all of them were never at hand together; time in which the lane stood still does not count.
   */
  readAll(zpa: Zpa, deletion: Deletion, scope: AllScope): Promise<DatedRules>;
};

/** Tells whether the change alters the reach of any rule, as far as ZPA's state tells without the rules. */
export type IsNeeded = () => Promise<boolean>;

const NOT_NEEDED = 'the change alters the reach of no rule';

/**
 * Creates the cache of rules, one per process. `keptMs`: how old the rules may be (`Timing.rulesKeptMs`). `parts` keeps the
 * progress of scans for deletions.
 */
export function createRuleReadings(
  clock: Pick<Clock, 'now'>,
  keptMs: number,
  parts: ScanPartStore = createProcessScanParts(),
): RuleReadings {
  const cache = createRuleCache(clock, keptMs);
  const failures = new Map<string, { at: number; reason: string }>();

  async function readOne(zpa: Zpa, of: RulesOf, scope: Scope & RuleListOptions): Promise<DatedRules> {
    const found = cache.find(of, scope.microtenantId);
    if (found !== undefined) return found;
    const rules = await readDated(clock, () => zpa.listRules(scope));
    cache.keep(of, scope.microtenantId, rules);
    return rules;
  }

  return {
    async read(zpa, of, need, { microtenantId, signal }, isNeeded) {
      if (need.kind === 'none') return { status: 'unread', reason: need.reason };
      const failureKey = cacheKey(of, microtenantId);
      const failed = failures.get(failureKey);
      if (need.kind === 'wanted' && failed !== undefined && clock.now() - failed.at < keptMs / FAILURE_SHARE)
        return { status: 'unread', reason: failed.reason };
      const ids = scannedMicrotenants([microtenantId]);
      const isAtHand = ids.every((id) => cache.find(of, id) !== undefined);
      if (!isAtHand && isNeeded !== undefined && !(await isNeeded())) return { status: 'unread', reason: NOT_NEEDED };
      try {
        const readings: DatedRules[] = [];
        for (const id of ids) {
          const scope = { microtenantId: id, signal, unknown: unknownTypes(readings) };
          readings.push(await readOne(zpa, of, scope));
        }
        return { status: 'read', ...joinRules(readings) };
      } catch (error) {
        if (need.kind === 'required' || signal.aborted || !isZpaFault(error)) throw error;
        if (error.fault.scope === 'platform') throw error;
        const detail = error.fault.reason === undefined ? '' : `: ${error.fault.reason}`;
        const reason = `the policy rules could not be read (${error.fault.code}${detail})`;
        failures.set(failureKey, { at: clock.now(), reason });
        return { status: 'unread', reason };
      }
    },
    readAll: createDeletionRules({ clock, keptMs, cache, parts }),
  };
}
