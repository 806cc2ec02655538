import type { ChangeRequest, Ticket } from './change.ts';
import type { Decision } from './decision.ts';
import type { Guarding } from './guard-schema.ts';
import { guardRejection } from './guards.ts';
import type { LiveView } from './live-view.ts';
import type { RuleReading } from './policy-rule.ts';
import { altersReach, boundReach, computeReach } from './reach.ts';

/** What a decision is judged by besides grants: the tenant's guards, the ticket's approvals, the rules as they were read. */
export type Guards = { tenant: Guarding; ticket: Ticket; reading: RuleReading };

/** The decision with its reach, or the rejection of the first guard that objects to it. */
export function guardedDecision(
  decision: Decision,
  change: ChangeRequest,
  live: Pick<LiveView, 'applications'>,
  { tenant, ticket, reading }: Guards,
): Decision {
  if (decision.kind === 'rejected') return decision;
  const turns = decision.kind === 'write' ? decision.transitions : [];
  // A deletion that moves nothing keeps the sentence of its own scan, which found no rule.
  const computed = altersReach(turns) || change.action !== 'delete';
  const reach = computed ? computeReach(turns, reading, namesIn(live)) : decision.reach;
  const kept = { ...decision, reach: boundReach(reach) };
  if (decision.kind === 'unchanged') return kept;
  return guardRejection(tenant, { change, turns, effect: decision.effect, reach, ticket }) ?? kept;
}

function namesIn({ applications }: Pick<LiveView, 'applications'>): Map<string, string> {
  const found = [...applications.values()].flatMap((one) => (one.kind === 'found' ? [one.value] : []));
  return new Map(found.map(({ id, name }) => [id, name]));
}
