import { type DatedRules, type IsEnough, joinRules, unknownTypes } from '../../domain/group/policy-rule.ts';
import type { Clock, Zpa } from '../../ports/ports.ts';
import { isZpaFault } from '../../ports/zpa-fault.ts';
import { withUnread } from './deletion-rules.ts';
import { readDated } from './rule-cache.ts';
import { scannedMicrotenants } from './scan-bound.ts';

type Scope = { microtenantId: string; signal: AbortSignal };

/** `read`: all rules of these microtenants; read now if absent. */
type EveryRuleReading = {
  clock: Pick<Clock, 'now'>;
  isEnough: IsEnough;
  read?: ((microtenantIds: readonly string[], isEnough: IsEnough) => Promise<DatedRules>) | undefined;
};

/**
 * Reads every policy type in every microtenant, because a rule of any of them may name a group
 * (docs/adr/0005-reach-and-its-cost.md), until those of one microtenant are enough.
 */
export async function readEveryRule(
  zpa: Zpa,
  scope: Scope,
  { clock, isEnough, read }: EveryRuleReading,
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
    const scope = { microtenantId, signal, isEnough, unknown: unknownTypes(readings) };
    const rules = await readDated(clock, () => zpa.listRules(scope));
    readings.push(rules);
    if (isEnough?.(rules)) break;
  }
  return withUnread(joinRules(readings), ids.length - readings.length);
}
