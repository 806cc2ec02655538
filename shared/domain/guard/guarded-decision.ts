import type { ChangeRequest, Ticket } from '../change/change.ts';
import type { GuardSettings } from '../configuration/guard-schema.ts';
import type { Decision } from '../decide/decision.ts';
import type { LiveView } from '../group/live-view.ts';
import type { RuleReading } from '../group/policy-rule.ts';
import type { Effect, Resolution } from '../outcome/outcome.ts';
import { reject } from '../outcome/reject.ts';
import { standingMembers } from '../outcome/standing-members.ts';
import type { PlanBinding } from '../plan/plan-binding.ts';
import { planDifference } from '../plan/plan-difference.ts';
import { altersReach, computeReach, truncateReach } from '../reach/reach.ts';
import { absenceGuardRejection, acceptGuardRejection } from './accept-guards.ts';
import { guardRejection } from './guards.ts';

/**
 * The facts that a decision is judged by besides grants: the tenant's guards, the ticket's approvals, the policy rules
 * as they were read, and the binding of the approved plan, if there was one.
 */
export type GuardContext = {
  tenant: GuardSettings;
  ticket: Ticket;
  reading: RuleReading;
  plan?: PlanBinding | undefined;
};

/** The decision with its reach, or the rejection by its plan or by the first guard that refuses it. */
export function guardedDecision(
  decision: Decision,
  change: ChangeRequest,
  live: LiveView,
  { tenant, ticket, reading, plan }: GuardContext,
): Decision {
  if (decision.kind === 'rejected') return absenceGuardRejection(tenant, change, live, ticket, decision) ?? decision;
  const outdated = plan && planDifference(plan, { change, live: { ...live, reading }, decision });
  if (outdated !== undefined) return reject('plan-outdated', outdated.sentence, { details: outdated.details });
  const transitions = decision.kind === 'write' ? decision.transitions : [];
  const names = namesIn(live);
  // A deletion that moves nothing keeps the summary of its own scan, which found no rule.
  const computed = altersReach(transitions) || change.action !== 'delete';
  const reach = computed ? computeReach(transitions, reading, names) : decision.reach;
  const result = { ...decision, effect: withNames(decision, names), reach: truncateReach(reach) };
  if (change.action === 'accept') return acceptGuardRejection(tenant, change, live, ticket) ?? result;
  if (decision.kind === 'unchanged') return result;
  return guardRejection(tenant, { change, transitions, effect: decision.effect, reach, ticket }) ?? result;
}

function namesIn({ applications }: Pick<LiveView, 'applications'>): Map<string, string> {
  const found = [...applications.values()].flatMap((one) => (one.kind === 'found' ? [one.value] : []));
  return new Map(found.map(({ id, name }) => [id, name]));
}

/** Names of applications stored with an effect; the limit bounds the ledger's item. */
const MOST_NAMES = 20;

function withNames(resolution: Resolution, names: ReadonlyMap<string, string>): Effect {
  const { effect } = resolution;
  const { there, absent } = standingMembers(resolution);
  const known = [...effect.added, ...effect.removed, ...there, ...absent].flatMap((id): [string, string][] => {
    const name = names.get(id);
    return name === undefined ? [] : [[id, name]];
  });
  return known.length === 0 ? effect : { ...effect, names: Object.fromEntries(known.slice(0, MOST_NAMES)) };
}
