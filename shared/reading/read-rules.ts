import type { Configuration } from '../domain/configuration/configuration.ts';
import type { ZpaFault } from '../domain/group/group.ts';
import type { DatedRules, RuleList, RuleReading } from '../domain/group/policy-rule.ts';
import type { Lane } from '../domain/lane/change-ref.ts';
import type { Timing } from '../domain/ledger/timing.ts';
import type { ReachNeed } from '../domain/reach/reach-need.ts';
import type { Clock, Zpa } from '../ports/ports.ts';
import { isZpaFault } from '../ports/zpa-fault.ts';
import { DEFAULT_MICROTENANT, type IsEnough, joinRules, scannedMicrotenants, withUnread } from './all-rules.ts';
import { laneLimits } from './lane-limits.ts';
import type { Scope } from './read-groups.ts';
import { deletionRulesMs, reachFault, scanFault, scanNotEnded } from './scan-bound.ts';
import { createProcessScanParts, type Deletion, type ScanPart, type ScanPartStore } from './scan-parts.ts';

/**
 * Policy rules for the reach of changes. A scan is at least 14 reads per microtenant, most of ten seconds' budget, so the
 * rules read for one change serve the next changes of the same tenant for a bounded time, and the outcome says as of when.
 * They are cached in memory: a lane has one worker at a time, and a new worker process reads anew. No delete is decided on
 * them: its own scan may outlast the process, so its progress is stored.
 */
/** A failed reading is repeated only after this part of the time rules are cached, not for each change of a backlog. */
const FAILURE_SHARE = 5;

export type RuleReadings = {
  /** Rejects as the port does if the rules are `required`, or if our own time is up. */
  read(zpa: Zpa, tenant: string, need: ReachNeed, scope: Scope): Promise<RuleReading>;
  /**
   * All rules for the decision of one deletion; none is older than `deletionRulesMs`. An interrupted reading continues with
   * the microtenants it still lacks, also in another process. Rejects with the fault `scan-too-long` if one of them was begun
   * `maxReadings` times and all of them were never at hand together; time in which the lane stood still does not count.
   */
  readAll(zpa: Zpa, deletion: Deletion, scope: AllScope): Promise<DatedRules>;
};

/** `microtenantIds`: besides the Default one, which is always read. */
type AllScope = {
  microtenantIds: readonly string[];
  signal: AbortSignal;
  maxReadings?: number;
  isEnough?: IsEnough | undefined;
};

/** A scan of all rules cannot end; `fault` as a rejection of the `Zpa` port. */
class ScanTooLongError extends Error {
  override readonly name = 'ScanTooLongError';
  readonly fault: ZpaFault;

  constructor(fault: ZpaFault) {
    super(fault.reason);
    this.fault = fault;
  }
}

/**
 * Rejects with the fault `scan-too-long` if the worker of this lane cannot read the rules of so many microtenants while they
 * may be relied on.
 */
export function requireScanInTime(
  configuration: Configuration,
  lane: Lane,
  timing: Timing,
  microtenantIds: readonly string[],
): void {
  const { reads } = laneLimits(configuration, lane, timing);
  const fault = scanFault(scannedMicrotenants(microtenantIds).length, reads, timing);
  if (fault !== undefined) throw new ScanTooLongError(fault);
}

/** As `requireScanInTime`, for the rules that a guard or a plan needs: those of this microtenant and of the Default one. */
export function requireReachInTime(
  configuration: Configuration,
  lane: Lane,
  timing: Timing,
  microtenantId: string,
): void {
  const { reads } = laneLimits(configuration, lane, timing);
  const fault = reachFault(scannedMicrotenants([microtenantId]).length, reads, timing);
  if (fault !== undefined) throw new ScanTooLongError(fault);
}

/** Parts are stored for this many times their life: while a scan goes on, their readings are counted. */
const KEPT_LIVES = 4;

type CachedRules = { at: number; list: RuleList } | { at: number; reason: string };

/**
 * Creates the cache of rules, one per process. `keptMs`: how old the rules may be (`Timing.rulesKeptMs`). `parts` keeps the
 * progress of scans for deletions.
 */
export function createRuleReadings(
  clock: Pick<Clock, 'now'>,
  keptMs: number,
  parts: ScanPartStore = createProcessScanParts(),
): RuleReadings {
  const cache = new Map<string, CachedRules>();
  const fresh = (one: { at: number } | undefined, lifeMs: number) => one !== undefined && clock.now() - one.at < lifeMs;

  async function readOne(zpa: Zpa, tenant: string, scope: Scope): Promise<DatedRules> {
    const key = `${tenant}/${scope.microtenantId}`;
    const known = cache.get(key);
    if (known !== undefined && 'list' in known && fresh(known, keptMs)) return { ...known.list, asOf: known.at };
    // The instant before the scan: a rule that changes during the scan is not older than this.
    const at = clock.now();
    const list = await zpa.listRules(scope);
    cache.set(key, { at, list });
    return { ...list, asOf: at };
  }

  const lifeMs = deletionRulesMs(keptMs);

  const write = (deletion: Deletion, part: ScanPart) => parts.write(deletion, part, part.at + lifeMs * KEPT_LIVES);

  /** Reads the rules of one microtenant for a deletion, and stores them or that their reading was interrupted. */
  async function readPart(zpa: Zpa, deletion: Deletion, { microtenantId, signal }: Scope, readings: number) {
    const at = clock.now();
    const store = (list: RuleList | undefined) => {
      const part = { microtenantId, at, readings: readings + 1, list };
      return write(deletion, part).then(() => part);
    };
    try {
      return await store(await zpa.listRules({ microtenantId, signal }));
    } catch (error) {
      if (signal.aborted) await store(undefined);
      throw error;
    }
  }

  /**
   * The scan is whole, so what is read of it later is another scan: of each part only this reading counts on. If the
   * tenant holds up the write, its scans are no long ones.
   */
  async function countAnew(deletion: Deletion, whole: readonly ScanPart[]): Promise<void> {
    for (const part of whole) if (part.readings > 1) await write(deletion, { ...part, readings: 1 });
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
    async readAll(zpa, deletion, { microtenantIds, signal, maxReadings = Number.POSITIVE_INFINITY, isEnough }) {
      const ids = scannedMicrotenants(microtenantIds);
      const found = await Promise.all(ids.map((id) => parts.read(deletion, id)));
      const known = new Map(ids.map((id, index) => [id, found[index]]));
      for (;;) {
        const recent = [...known.values()].flatMap((one) => (one !== undefined && fresh(one, lifeMs) ? [one] : []));
        const usable = recent.flatMap((one) => (one.list === undefined ? [] : [{ ...one.list, asOf: one.at }]));
        if (usable.length === ids.length || usable.some((one) => isEnough?.(one))) {
          await countAnew(deletion, recent);
          return withUnread(joinRules(usable), ids.length - usable.length);
        }
        const missing = ids.find((id) => known.get(id)?.list === undefined || !fresh(known.get(id), lifeMs)) ?? '';
        // A lane that has read no part for so long stood still, and is no long scan.
        const readings = recent.length === 0 ? 0 : (known.get(missing)?.readings ?? 0);
        if (readings >= maxReadings) throw new ScanTooLongError(scanNotEnded(ids.length, missing, readings));
        known.set(missing, await readPart(zpa, deletion, { microtenantId: missing, signal }, readings));
      }
    },
  };
}
