import type { ChangeRequest, Ticket } from '../change/change.ts';
import { effectiveAction } from '../change/if-exists.ts';
import type { GuardSettings, RuleGuard } from '../configuration/guard-schema.ts';

import type { Effect, Reach, Rejection, RuleReach } from '../outcome/outcome.ts';
import { ruleEffect, ruleTitle } from '../outcome/reach-text.ts';
import { reject } from '../outcome/reject.ts';
import { altersReach, type GroupTurn, netTurns, truncateReach } from '../reach/reach.ts';
import { matching, namesOf, removedBy, renameAcross } from './guarded-turns.ts';
import { protectedGroup } from './protected-groups.ts';

/**
 * What a tenant's guards say to a change that is about to be written: undefined lets it pass. A guard never widens what
 * a grant gives, and it judges the whole change, whoever sent it. The first that objects is told; what cannot be judged
 * is refused.
 */
export type Guarded = {
  change: ChangeRequest;
  /** Every group the change writes, before and after. */
  turns: readonly GroupTurn[];
  effect: Effect;
  /** Complete, not cut by `truncateReach`. */
  reach: Reach;
  ticket: Ticket;
};

export function guardRejection(tenant: GuardSettings, guarded: Guarded): Rejection | undefined {
  const turns = netTurns(guarded.turns);
  return (
    protectedGroup(tenant, turns) ??
    refusedDelete(tenant, turns) ??
    tooManyRemovals(tenant, turns) ??
    guardedRename(tenant, turns, 'refuse', guarded) ??
    guardedRule(tenant, turns, guarded) ??
    guardedRename(tenant, turns, 'second-approver', guarded) ??
    planOnly(tenant, guarded)
  );
}

function refusedDelete({ guards }: GuardSettings, turns: readonly GroupTurn[]): Rejection | undefined {
  const gone = turns.find((turn) => turn.before !== null && turn.after === null);
  if (guards.deletes === 'allowed' || gone === undefined) return undefined;
  return reject('guarded', `tickets may not delete segment groups in this tenant, so "${gone.before?.name}" stays`, {
    remedy: 'Delete the group in the ZPA console, or ask whoever keeps the configuration to allow deletes.',
    path: 'action',
    details: { guard: 'deletes' },
  });
}

function tooManyRemovals({ guards }: GuardSettings, turns: readonly GroupTurn[]): Rejection | undefined {
  const most = guards.mostRemovals;
  const removed = [...new Set(turns.flatMap(removedBy))];
  if (most === undefined || removed.length <= most) return undefined;
  const sentence = `the change takes ${removed.length} application segments out of groups, and one change may take out ${most}`;
  return reject('guarded', sentence, {
    remedy: 'Split the change, or ask whoever keeps the configuration.',
    path: 'applications',
    details: { guard: 'mostRemovals', applications: removed.slice(0, 100) },
  });
}

/** A rename that decides whether a rule guard is about the group, judged without the rules: later changes depend on it. */
function guardedRename(
  { guards }: GuardSettings,
  turns: readonly GroupTurn[],
  response: RuleGuard['response'],
  { ticket }: Guarded,
): Rejection | undefined {
  const approvers = approversOf(ticket);
  if (response === 'second-approver' && approvers.length >= SECOND) return undefined;
  for (const { groups } of guards.rules.filter((guard) => guard.response === response)) {
    const across = renameAcross(groups, turns, 'guard of policy rules for');
    if (across === undefined) continue;
    if (response === 'second-approver') return needsApprover(across, approvers, { groups });
    return reject('guarded', across, { path: 'set.name', details: { guard: 'rules', response, groups } });
  }
  return undefined;
}

/** Guards that refuse speak before guards that ask for another approval. */
function guardedRule({ guards }: GuardSettings, turns: readonly GroupTurn[], guarded: Guarded): Rejection | undefined {
  const names = turns.flatMap(namesOf);
  const concerned = guards.rules.filter((guard) => matching(guard.groups, names) !== undefined);
  if (concerned.length === 0 || !altersReach(turns)) return undefined;
  const { reach, ticket } = guarded;
  if (reach.status === 'not-checked' || reach.rules === undefined) return unjudged(reach);
  const rules = reach.rules;
  const hits = concerned
    .map((guard) => ({ guard, rules: rules.filter((rule) => watches(guard, rule)) }))
    .filter((hit) => hit.rules.length > 0);
  const refused = hits.find(({ guard }) => guard.response === 'refuse');
  if (refused !== undefined) return refusedReach(refused.guard, refused.rules);
  const [hit] = hits;
  const approvers = approversOf(ticket);
  if (hit === undefined || approvers.length >= SECOND) return undefined;
  return needsApprover(about(hit.rules), approvers, { rules: shown(hit.rules) });
}

function watches({ rules, policyTypes, when }: RuleGuard, rule: RuleReach): boolean {
  if (policyTypes !== undefined && !policyTypes.includes(rule.policyType)) return false;
  if (matching(rules, [rule.ruleName]) === undefined) return false;
  const does = { exposes: rule.exposes !== 'no', interrupts: rule.interrupts !== 'no', applies: true };
  return when.some((one) => does[one]);
}

function unjudged(reach: Reach): Rejection {
  const why = reach.status === 'not-checked' ? reach.reason : 'no rule was looked at';
  return reject('guarded', `policy rules guard this change, and what it does to them is not known: ${why}`, {
    remedy: 'Mend what keeps the policy rules from being read, then redrive.',
    details: { guard: 'rules' },
  });
}

const about = ([first, ...rest]: readonly RuleReach[]) =>
  first === undefined
    ? ''
    : `${ruleTitle(first)} ${ruleEffect(first)}${rest.length === 0 ? '' : `; ${rest.length} more guarded`}`;

function refusedReach(guard: RuleGuard, rules: readonly RuleReach[]): Rejection {
  return reject('guarded', `a guarded policy rule would change in reach: ${about(rules)}`, {
    remedy: 'Make this change in the ZPA console, or ask whoever keeps the configuration.',
    details: { guard: 'rules', response: guard.response, rules: shown(rules) },
  });
}

function needsApprover(what: string, approvers: readonly string[], details: Record<string, unknown>): Rejection {
  const have = approvers.length === 0 ? 'nobody besides the requester has' : `only ${approvers[0]} has`;
  return reject('guarded', `two people must approve this, and ${have}: ${what}`, {
    remedy: 'Have a second person approve the ticket, then send the change again under the new approval.',
    path: 'ticket.approvals',
    details: { guard: 'rules', response: 'second-approver', approvedBy: approvers.slice(0, 20), ...details },
  });
}

const shown = (rules: readonly RuleReach[]) =>
  rules.slice(0, 50).map(({ gains: _gains, loses: _loses, ...rule }) => ({ ...rule }));

const SECOND = 2;

/** Different people besides the requester, by their names as the ticket system writes them; case does not tell them apart. */
export function approversOf({ approvals, requestedBy }: Ticket): string[] {
  const same = (name: string) => name.normalize('NFKC').trim().toLowerCase();
  const people = new Map(approvals.map(({ by }) => [same(by), by]));
  people.delete('');
  if (requestedBy !== undefined) people.delete(same(requestedBy));
  return [...people.values()];
}

/** The last word, so that the plan shows only what the other guards would let pass. */
function planOnly({ mode }: GuardSettings, { change, effect, reach }: Guarded): Rejection | undefined {
  if (mode !== 'plan-only') return undefined;
  const sentence = `this tenant is in plan-only mode: the ${effectiveAction(change, effect)} was decided and would be carried out, but nothing was written`;
  return reject('guarded', sentence, {
    remedy: 'Look at the plan in the details; once the tenant is in mode "apply", redrive.',
    details: { guard: 'mode', effect, reach: truncateReach(reach, 5, 5) },
  });
}
