import type { DatedRules, PolicyRule, RuleList } from '../domain/group/policy-rule.ts';
import type { Clock, Zpa } from '../ports/ports.ts';
import { isZpaFault } from '../ports/zpa-fault.ts';
import type { Scope } from './read-groups.ts';

/** Every rule of every microtenant, which a deletion is decided on: a rule of any of them may name the group. */
export const DEFAULT_MICROTENANT = '0';

/** Whether these rules decide already, so that the microtenants not yet read need not be read. */
export type IsEnough = (rules: Pick<RuleList, 'rules'>) => boolean;

/** The microtenants of a scan: the Default one is always read. */
export const scannedMicrotenants = (ids: readonly string[]): string[] => [...new Set([DEFAULT_MICROTENANT, ...ids])];

/** Reads all rules of these microtenants, as far as `isEnough` needs them. */
export type ReadAll = (microtenantIds: readonly string[], isEnough: IsEnough) => Promise<DatedRules>;

/**
 * Reads every policy type in every microtenant, because a rule of any of them may name a group
 * (docs/adr/0005-reach-and-its-cost.md), until those of one microtenant are enough.
 */
export async function readEveryRule(
  zpa: Zpa,
  scope: Scope,
  { clock, isEnough, read }: { clock: Pick<Clock, 'now'>; isEnough: IsEnough; read?: ReadAll | undefined },
): Promise<DatedRules> {
  const microtenants = await readMicrotenants(zpa, scope);
  const ids = [scope.microtenantId, ...microtenants.map((one) => one.id)];
  return read === undefined ? readAllRules(zpa, ids, { clock, signal: scope.signal, isEnough }) : read(ids, isEnough);
}

/** A customer without the feature has the Default microtenant only; any other failure rejects the scan. */
async function readMicrotenants(zpa: Zpa, scope: Scope): Promise<{ id: string }[]> {
  try {
    return await zpa.listMicrotenants(scope);
  } catch (error) {
    if (isZpaFault(error) && error.fault.code === 'feature-disabled') return [];
    throw error;
  }
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
    const list = await zpa.listRules({ microtenantId, signal });
    readings.push({ ...list, asOf });
    if (isEnough?.(list)) break;
  }
  return withUnread(joinRules(readings), ids.length - readings.length);
}

/** Notes how many microtenants were not read. */
export const withUnread = (rules: DatedRules, unread: number): DatedRules =>
  unread === 0 ? rules : { ...rules, unreadMicrotenants: unread };

/** Joins readings; a rule that several microtenants show counts once. */
export function joinRules(readings: readonly DatedRules[]): DatedRules {
  const rules = new Map<string, PolicyRule>();
  for (const one of readings) for (const rule of one.rules) rules.set(`${rule.policyType}/${rule.ruleId}`, rule);
  return {
    rules: [...rules.values()],
    scanned: [...new Set(readings.flatMap((one) => one.scanned))],
    skipped: readings.flatMap((one) => one.skipped),
    asOf: Math.min(...readings.map((one) => one.asOf)),
  };
}
