import {
  type DatedRules,
  type IsEnough,
  joinRules,
  type RuleList,
  unknownTypes,
} from '../../domain/group/policy-rule.ts';
import type { Clock, RuleListOptions, Zpa } from '../../ports/ports.ts';
import type { RuleCache } from './rule-cache.ts';
import { deletionRulesMs, ScanTooLongError, scanNotEnded, scannedMicrotenants } from './scan-bound.ts';
import type { Deletion, ScanPart, ScanPartStore } from './scan-parts.ts';

/** `microtenantIds`: besides the Default one, which is always read. */
export type AllScope = {
  microtenantIds: readonly string[];
  signal: AbortSignal;
  maxReadings?: number;
  isEnough?: IsEnough | undefined;
};

/** Parts are stored for this many times their life: while a scan goes on, their readings are counted. */
const KEPT_LIVES = 4;

/** `cache`: what the process reads for other changes. */
type DeletionReading = { clock: Pick<Clock, 'now'>; keptMs: number; cache: RuleCache; parts: ScanPartStore };

type PartScope = RuleListOptions & { microtenantId: string; signal: AbortSignal };

/** Creates the scan of all rules for deletions (`RuleReadings.readAll`). */
export function createDeletionRules({ clock, keptMs, cache, parts }: DeletionReading) {
  const lifeMs = deletionRulesMs(keptMs);
  const isFresh = (one: ScanPart | undefined) => one !== undefined && clock.now() - one.at < lifeMs;
  const write = (deletion: Deletion, part: ScanPart) => parts.write(deletion, part, part.at + lifeMs * KEPT_LIVES);

  /** Reads the rules of one microtenant for a deletion, and stores them or that their reading was interrupted. */
  async function readPart(zpa: Zpa, deletion: Deletion, scope: PartScope, readings: number): Promise<ScanPart> {
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
      const { lane, accepted } = deletion;
      if (accepted) cache.keep({ lane, tenant: accepted.tenant }, microtenantId, { ...list, asOf: at });
      return await store(list);
    } catch (error) {
      if (signal.aborted) await store(undefined);
      throw error;
    }
  }

  /**
   * Finds what this process read since the deletion was accepted, for another change, and no longer ago than counts for the
   * reach of changes: it would not have to be as old as a long scan. A rule that refuses the deletion may be gone by now, so
   * it counts only if it is read anew.
   */
  async function shared({ lane, accepted, id }: Deletion, microtenantId: string, isEnough: IsEnough | undefined) {
    if (accepted === undefined) return undefined;
    const found = cache.find({ lane, tenant: accepted.tenant }, microtenantId);
    if (found === undefined || found.asOf < accepted.at || isEnough?.(found)) return undefined;
    const { asOf: at, ...list } = found;
    const part: ScanPart = { microtenantId, at, readings: 1, list };
    await write({ lane, accepted, id }, part);
    return part;
  }

  /**
   * The scan is whole, so what is read of it later is another scan: of each part only this reading counts on. If the
   * tenant holds up the write, its scans are no long ones.
   */
  async function countAnew(deletion: Deletion, whole: readonly ScanPart[]): Promise<void> {
    for (const part of whole) if (part.readings > 1) await write(deletion, { ...part, readings: 1 });
  }

  return async (
    zpa: Zpa,
    deletion: Deletion,
    { microtenantIds, signal, maxReadings = Number.POSITIVE_INFINITY, isEnough }: AllScope,
  ): Promise<DatedRules> => {
    const ids = scannedMicrotenants(microtenantIds);
    const found = await Promise.all(ids.map((id) => parts.read(deletion, id)));
    const known = new Map(ids.map((id, index) => [id, found[index]]));
    for (;;) {
      const recent = [...known.values()].flatMap((one) => (one !== undefined && isFresh(one) ? [one] : []));
      const usable = recent.flatMap((one) => (one.list === undefined ? [] : [{ ...one.list, asOf: one.at }]));
      if (usable.length === ids.length || usable.some((one) => isEnough?.(one))) {
        await countAnew(deletion, recent);
        return withUnread(joinRules(usable), ids.length - usable.length);
      }
      const missing = ids.find((id) => known.get(id)?.list === undefined || !isFresh(known.get(id))) ?? '';
      // A lane that has read no part for so long stood still, and is no long scan.
      const readings = recent.length === 0 ? 0 : (known.get(missing)?.readings ?? 0);
      if (readings >= maxReadings) throw new ScanTooLongError(scanNotEnded(ids.length, missing, readings));
      const scope = { microtenantId: missing, signal, isEnough, unknown: unknownTypes(usable) };
      const part = (await shared(deletion, missing, isEnough)) ?? (await readPart(zpa, deletion, scope, readings));
      known.set(missing, part);
    }
  };
}

/** Says of rules how many microtenants were left out of them. */
export const withUnread = (rules: DatedRules, unread: number): DatedRules =>
  unread === 0 ? rules : { ...rules, unreadMicrotenants: unread };
