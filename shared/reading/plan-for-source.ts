import type { ChangeRequest, Ticket } from '../domain/change/change.ts';
import type { Configuration } from '../domain/configuration/configuration.ts';
import { checkGrants } from '../domain/configuration/grants.ts';
import { configurationFaults, lookup } from '../domain/configuration/lookup.ts';
import { microtenantIdOf, permitFor } from '../domain/decide/permit.ts';
import type { DatedRules, IsEnough, RuleReading } from '../domain/group/policy-rule.ts';
import { type Lane, laneName } from '../domain/lane/change-ref.ts';
import { TIMING } from '../domain/ledger/timing.ts';
import type { Rejection } from '../domain/outcome/outcome.ts';
import { reject, rejectionOf } from '../domain/outcome/reject.ts';
import { type ReachNeed, reachNeedOfPlan } from '../domain/reach/reach-need.ts';
import type { Clock, Zpa } from '../ports/ports.ts';
import { isZpaFault } from '../ports/zpa-fault.ts';
import { type PlannedChange, planChange } from './plan-change.ts';
import type { Scope } from './read-group.ts';
import type { IsNeeded } from './read-rules.ts';
import { readAllRules } from './rules/every-rule.ts';
import { requireScanInTime } from './rules-in-time.ts';

/** The inputs of planning one change as a source's change. */
export type SourcePlanning = {
  configuration: Configuration;
  /** Its grants and tenants decide what is permitted. */
  source: string;
  /** The tenant's client with the read credential. */
  zpaOf(tenant: string): Zpa;
  clock: Pick<Clock, 'now'>;
  signal: AbortSignal;
  /** Its approvals are those that the guards count. */
  ticket: Ticket;
  rules(zpa: Zpa, lane: Lane, scope: Scope, need: ReachNeed, isNeeded?: IsNeeded): Promise<RuleReading>;
  /** For a deletion, the rules of these microtenants; read now if absent. */
  allRules?: (zpa: Zpa, lane: Lane, microtenantIds: readonly string[], isEnough: IsEnough) => Promise<DatedRules>;
};

/** A refusal that needed no read of ZPA has no `live`. */
export type PlannedForSource = PlannedChange | { decision: Rejection; live?: undefined };

/**
 * Plans one change of a source: first checks it as ingest does, then reads and decides it by the worker's own code. Rejects
 * as the `Zpa` port does.
 */
export async function planForSource(planning: SourcePlanning, change: ChangeRequest): Promise<PlannedForSource> {
  const { configuration, source, clock, signal, ticket, allRules } = planning;
  const refused = refusedByConfiguration(configuration, source, change);
  if (refused !== undefined) return { decision: refused };
  const tenant = lookup(configuration.tenants, change.tenant);
  const microtenantId = microtenantIdOf(configuration, change);
  if (tenant === undefined || microtenantId === undefined) throw new Error('a change passed without tenant');
  const zpa = planning.zpaOf(change.tenant);
  const lane = laneName(tenant);
  const planned = planChange(zpa, change, {
    microtenantId,
    signal,
    tenant,
    ticket,
    permit: permitFor(configuration, source, change),
    clock,
    rules: (isNew, isNeeded) =>
      planning.rules(zpa, lane, { microtenantId, signal }, reachNeedOfPlan(tenant, change, isNew), isNeeded),
    async allRules(ids, isEnough) {
      requireScanInTime(configuration, lane, TIMING, ids);
      return allRules === undefined
        ? readAllRules(zpa, ids, { clock, signal, isEnough })
        : allRules(zpa, lane, ids, isEnough);
    },
  });
  return planned.catch((error: unknown) => {
    if (!isZpaFault(error) || error.fault.code !== 'scan-too-long') throw error;
    return { decision: rejectionOf(error.fault, change.action) };
  });
}

/** Refuses as ingest does: a tenant or microtenant that is not configured, or names in the change that no grant covers. */
function refusedByConfiguration(
  configuration: Configuration,
  source: string,
  change: ChangeRequest,
): Rejection | undefined {
  const configured = lookup(configuration.sources, source);
  if (configured === undefined) return reject('not-permitted', `source "${source}" is not configured`);
  const [fault] = configurationFaults(configuration, configured, change);
  if (fault !== undefined) return reject('invalid-change', fault.sentence, { remedy: fault.remedy, path: fault.path });
  const permission = checkGrants(configured, change);
  return permission.ok ? undefined : reject('not-permitted', permission.sentence, { remedy: permission.remedy });
}
