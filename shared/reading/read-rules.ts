import type { Configuration } from '../domain/configuration/configuration.ts';
import type { ZpaFault } from '../domain/group/group.ts';
import {
  type DatedRules,
  type IsEnough,
  joinRules,
  type RuleList,
  type RuleReading,
  unknownTypes,
} from '../domain/group/policy-rule.ts';
import type { Lane } from '../domain/lane/change-ref.ts';
import type { Timing } from '../domain/ledger/timing.ts';
import type { ReachNeed } from '../domain/reach/reach-need.ts';
import type { Clock, RuleListOptions, Zpa } from '../ports/ports.ts';
import { isZpaFault } from '../ports/zpa-fault.ts';
import { laneLimits } from './lane-limits.ts';
import { deletionRulesMs, reachFault, scanFault, scanNotEnded } from './scan-bound.ts';
import { createProcessScanParts, type Deletion, type ScanPart, type ScanPartStore } from './scan-parts.ts';

/**
 * Policy rules for the reach of changes. A scan is at least 14 reads per microtenant, most of ten seconds' budget, so the
 * rules read for one change serve the next changes of the same tenant for a bounded time, and the outcome says as of when.
 * They are cached in memory: a lane has one worker at a time, and a new worker process reads anew. No delete is decided on
 * them: its own scan may outlast the process, so its progress is stored.
 */
type Scope = { microtenantId: string; signal: AbortSignal };

/**
 * Whose rules are read. The settings may lead a tenant to another customer while a process lives, so its name alone does not tell;
 * and of two tenants of one customer, one may be shown less.
 */
export type RulesOf = { lane: Lane; tenant: string };

export const DEFAULT_MICROTENANT = '0';

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

/** Whether the change alters the reach of any rule, as far as ZPA's state tells without the rules. */
export type IsNeeded = () => Promise<boolean>;

const NOT_NEEDED = 'the change alters the reach of no rule';

/** `microtenantIds`: besides the Default one, which is always read. */
type AllScope = {
  microtenantIds: readonly string[];
  signal: AbortSignal;
  maxReadings?: number;
  isEnough?: IsEnough | undefined;
};

/** The microtenants of a scan: the Default one is always read. */
const scannedMicrotenants = (ids: readonly string[]): string[] => [...new Set([DEFAULT_MICROTENANT, ...ids])];

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

const cacheKey = ({ lane, tenant }: RulesOf, microtenantId: string) => JSON.stringify([lane, tenant, microtenantId]);

type CachedRules = { at: number; list: RuleList };

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
  const failures = new Map<string, { at: number; reason: string }>();
  const fresh = (one: { at: number } | undefined, lifeMs: number) => one !== undefined && clock.now() - one.at < lifeMs;

  function known(of: RulesOf, microtenantId: string): DatedRules | undefined {
    const found = cache.get(cacheKey(of, microtenantId));
    return found !== undefined && fresh(found, keptMs) ? { ...found.list, asOf: found.at } : undefined;
  }

  async function readOne(zpa: Zpa, of: RulesOf, scope: Scope & RuleListOptions): Promise<DatedRules> {
    const found = known(of, scope.microtenantId);
    if (found !== undefined) return found;
    // The instant before the scan: a rule that changes during the scan is not older than this.
    const at = clock.now();
    const list = await zpa.listRules(scope);
    cache.set(cacheKey(of, scope.microtenantId), { at, list });
    return { ...list, asOf: at };
  }

  const lifeMs = deletionRulesMs(keptMs);

  const write = (deletion: Deletion, part: ScanPart) => parts.write(deletion, part, part.at + lifeMs * KEPT_LIVES);

  /** Reads the rules of one microtenant for a deletion, and stores them or that their reading was interrupted. */
  async function readPart(zpa: Zpa, deletion: Deletion, scope: Scope & RuleListOptions, readings: number) {
    const { microtenantId, signal } = scope;
    const at = clock.now();
    const store = (list: RuleList | undefined) => {
      const part = { microtenantId, at, readings: readings + 1, list };
      return write(deletion, part).then(() => part);
    };
    try {
      const list = await zpa.listRules(scope);
      // It refuses the deletion now; nothing else rests on it.
      if (list.unreadTypes !== undefined) return { microtenantId, at, readings: 1, list };
      if (deletion.accepted)
        cache.set(cacheKey({ lane: deletion.lane, tenant: deletion.accepted.tenant }, microtenantId), { at, list });
      return await store(list);
    } catch (error) {
      if (signal.aborted) await store(undefined);
      throw error;
    }
  }

  /**
   * Returns the rules that this process read for another change since the deletion was accepted, while they still count for
   * the reach of changes: only a long scan needs older ones. A rule that refuses the deletion may be gone by now, so it counts
   * only if it is read anew.
   */
  async function shared(deletion: Deletion, microtenantId: string, isEnough: IsEnough | undefined) {
    if (deletion.accepted === undefined) return undefined;
    const { tenant, at } = deletion.accepted;
    const found = cache.get(cacheKey({ lane: deletion.lane, tenant }, microtenantId));
    if (found === undefined || found.at < at || !fresh(found, keptMs) || isEnough?.(found.list)) return undefined;
    const part: ScanPart = { microtenantId, at: found.at, readings: 1, list: found.list };
    await write(deletion, part);
    return part;
  }

  /**
   * The scan is whole, so what is read of it later is another scan: of each part only this reading counts on. If the
   * tenant holds up the write, its scans are no long ones.
   */
  async function countAnew(deletion: Deletion, whole: readonly ScanPart[]): Promise<void> {
    for (const part of whole) if (part.readings > 1) await write(deletion, { ...part, readings: 1 });
  }

  return {
    async read(zpa, of, need, { microtenantId, signal }, isNeeded) {
      if (need.kind === 'none') return { status: 'unread', reason: need.reason };
      const failureKey = cacheKey(of, microtenantId);
      const failed = failures.get(failureKey);
      if (need.kind === 'wanted' && failed !== undefined && fresh(failed, keptMs / FAILURE_SHARE))
        return { status: 'unread', reason: failed.reason };
      const scopes = [...new Set([DEFAULT_MICROTENANT, microtenantId])];
      const isAtHand = scopes.every((id) => known(of, id) !== undefined);
      if (!isAtHand && isNeeded !== undefined && !(await isNeeded())) return { status: 'unread', reason: NOT_NEEDED };
      try {
        const readings: DatedRules[] = [];
        for (const id of scopes) {
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
        const part = await shared(deletion, missing, isEnough);
        known.set(
          missing,
          part ??
            (await readPart(
              zpa,
              deletion,
              { microtenantId: missing, signal, isEnough, unknown: unknownTypes(usable) },
              readings,
            )),
        );
      }
    },
  };
}

/**
 * Reads every policy type in these microtenants now, for the plan of a deletion: a rule of any of them may name the group.
 * Complete as far as `isEnough` needs it, or it rejects.
 */
export async function readAllRules(
  zpa: Zpa,
  microtenantIds: readonly string[],
  { clock, signal, isEnough }: { clock: Pick<Clock, 'now'>; signal: AbortSignal; isEnough?: IsEnough | undefined },
): Promise<DatedRules> {
  const ids = scannedMicrotenants(microtenantIds);
  const readings: DatedRules[] = [];
  for (const microtenantId of ids) {
    const asOf = clock.now();
    const list = await zpa.listRules({ microtenantId, signal, isEnough, unknown: unknownTypes(readings) });
    readings.push({ ...list, asOf });
    if (isEnough?.(list)) break;
  }
  return withUnread(joinRules(readings), ids.length - readings.length);
}

const withUnread = (rules: DatedRules, unread: number): DatedRules =>
  unread === 0 ? rules : { ...rules, unreadMicrotenants: unread };
