import { comparableName, isApp } from '../approval/people.ts';
import type { ChangeRequest, Ticket } from '../change/change.ts';
import { effectiveAction } from '../change/if-exists.ts';
import type { GuardSettings, RuleGuard } from '../configuration/guard-schema.ts';
import type { Effect, Reach, Rejection, RuleReach } from '../outcome/outcome.ts';
import { ruleEffect, ruleTitle } from '../outcome/reach-text.ts';
import { reject } from '../outcome/reject.ts';
import { altersReach, netTransitions, type ReachTransition, truncateReach } from '../reach/reach.ts';
import { checkProtectedGroups } from './protected-groups.ts';
import { firstMatching, namesOf, removedApplications, renameAcrossGuard } from './written-groups.ts';

/** A change that is about to be written, with the facts that guards judge it by. */
export type GuardedChange = {
  change: ChangeRequest;
  /** Every group the change writes, before and after. */
  transitions: readonly ReachTransition[];
  effect: Effect;
  /** Complete, not cut by `truncateReach`. */
  reach: Reach;
  ticket: Ticket;
};

/**
 * The rejection by the first of a tenant's guards that refuses the change; undefined lets it pass. A guard never permits
 * what no grant permits, it applies to every source, and it refuses a change that it cannot judge.
 */
export function guardRejection(tenant: GuardSettings, guarded: GuardedChange): Rejection | undefined {
  const transitions = netTransitions(guarded.transitions);
  return (
    checkProtectedGroups(tenant, transitions) ??
    checkDeletes(tenant, transitions) ??
    checkRemovals(tenant, transitions) ??
    checkRename(tenant, transitions, 'refuse', guarded) ??
    checkRules(tenant, transitions, guarded) ??
    checkRename(tenant, transitions, 'second-approver', guarded) ??
    checkMode(tenant, guarded)
  );
}

function checkDeletes({ guards }: GuardSettings, transitions: readonly ReachTransition[]): Rejection | undefined {
  const gone = transitions.find((transition) => transition.before !== null && transition.after === null);
  if (guards.deletes === 'allowed' || gone === undefined) return undefined;
  return reject('guarded', `tickets may not delete segment groups in this tenant, so "${gone.before?.name}" stays`, {
    remedy: 'Delete the segment group in the ZPA admin portal, or ask the owner of the settings to allow deletes.',
    path: 'action',
    details: { guard: 'deletes' },
  });
}

function checkRemovals({ guards }: GuardSettings, transitions: readonly ReachTransition[]): Rejection | undefined {
  const most = guards.mostRemovals;
  const removed = [...new Set(transitions.flatMap(removedApplications))];
  if (most === undefined || removed.length <= most) return undefined;
  const sentence = `the change removes ${removed.length} application segments out of groups, and one change may take out ${most}`;
  return reject('guarded', sentence, {
    remedy: 'Split the change, or ask the owner of the settings.',
    path: 'applications',
    details: { guard: 'mostRemovals', applications: removed.slice(0, 100) },
  });
}

/**
 * A rename that moves a group into or out of a rule guard is judged without the rules, because later changes depend on
 * it.
 */
function checkRename(
  { guards }: GuardSettings,
  transitions: readonly ReachTransition[],
  response: RuleGuard['response'],
  { ticket }: GuardedChange,
): Rejection | undefined {
  const approvers = approversOf(ticket);
  if (response === 'second-approver' && approvers.length >= APPROVERS_NEEDED) return undefined;
  for (const { groups } of guards.rules.filter((guard) => guard.response === response)) {
    const across = renameAcrossGuard(groups, transitions, 'guard of policy rules for');
    if (across === undefined) continue;
    if (response === 'second-approver') return needsApprover(across, approvers, { groups });
    return reject('guarded', across, { path: 'set.name', details: { guard: 'rules', response, groups } });
  }
  return undefined;
}

/** Guards that refuse take precedence over guards that require another approval. */
function checkRules(
  { guards }: GuardSettings,
  transitions: readonly ReachTransition[],
  guarded: GuardedChange,
): Rejection | undefined {
  const names = transitions.flatMap(namesOf);
  const concerned = guards.rules.filter((guard) => firstMatching(guard.groups, names) !== undefined);
  if (concerned.length === 0 || !altersReach(transitions)) return undefined;
  const { reach, ticket } = guarded;
  if (reach.status === 'not-checked' || reach.rules === undefined) return rejectUnknownReach(reach);
  const rules = reach.rules;
  const hits = concerned
    .map((guard) => ({ guard, rules: rules.filter((rule) => isGuardedRule(guard, rule)) }))
    .filter((hit) => hit.rules.length > 0);
  const refused = hits.find(({ guard }) => guard.response === 'refuse');
  if (refused !== undefined) return rejectReach(refused.guard, refused.rules);
  const [hit] = hits;
  const approvers = approversOf(ticket);
  if (hit === undefined || approvers.length >= APPROVERS_NEEDED) return undefined;
  return needsApprover(describeRules(hit.rules), approvers, { rules: shown(hit.rules) });
}

function isGuardedRule({ rules, policyTypes, when }: RuleGuard, rule: RuleReach): boolean {
  if (policyTypes !== undefined && !policyTypes.includes(rule.policyType)) return false;
  if (firstMatching(rules, [rule.ruleName]) === undefined) return false;
  const does = { exposes: rule.exposes !== 'no', interrupts: rule.interrupts !== 'no', applies: true };
  return when.some((one) => does[one]);
}

function rejectUnknownReach(reach: Reach): Rejection {
  const why = reach.status === 'not-checked' ? reach.reason : 'no rule was checked';
  return reject('guarded', `policy rules guard this change, and its policy impact is unknown: ${why}`, {
    remedy: 'Fix what prevents reading the policy rules, then retry.',
    details: { guard: 'rules' },
  });
}

const describeRules = ([first, ...rest]: readonly RuleReach[]) =>
  first === undefined
    ? ''
    : `${ruleTitle(first)} ${ruleEffect(first)}${rest.length === 0 ? '' : `; ${rest.length} more guarded`}`;

function rejectReach(guard: RuleGuard, rules: readonly RuleReach[]): Rejection {
  return reject('guarded', `a guarded policy rule would change: ${describeRules(rules)}`, {
    remedy: 'Make this change in the ZPA admin portal, or ask the owner of the settings.',
    details: { guard: 'rules', response: guard.response, rules: shown(rules) },
  });
}

/** The rejection of a change that two people must approve. */
export function needsApprover(what: string, approvers: readonly string[], details: Record<string, unknown>): Rejection {
  const have = approvers.length === 0 ? 'nobody besides the requester has' : `only ${approvers[0]} has`;
  return reject('guarded', `two people must approve this, and ${have}: ${what}`, {
    remedy: 'Have a second person approve the ticket, then send the change again under the new approval.',
    path: 'ticket.approvals',
    details: { guard: 'rules', response: 'second-approver', approvedBy: approvers.slice(0, 20), ...details },
  });
}

const shown = (rules: readonly RuleReach[]) =>
  rules.slice(0, 50).map(({ gains: _gains, loses: _loses, ...rule }) => ({ ...rule }));

/** So many people must approve what a guard with a second approver watches. */
export const APPROVERS_NEEDED = 2;

/** The different people who approved, without those who stand for the request, by their names in the ticket system. */
export function approversOf({ approvals, requestedBy, requestedWith = [] }: Ticket): string[] {
  const people = new Map(approvals.map(({ by }) => [comparableName(by), by]));
  for (const name of ['', requestedBy ?? '', ...requestedWith]) people.delete(comparableName(name));
  return [...people.values()].filter((name) => !isApp(name));
}

/** Checked last, so that its rejection shows only a change that every other guard would let pass. */
function checkMode({ mode }: GuardSettings, { change, effect, reach }: GuardedChange): Rejection | undefined {
  if (mode !== 'plan-only') return undefined;
  const sentence = `this tenant is in plan-only mode: the ${effectiveAction(change, effect)} would be applied, but nothing was written`;
  return reject('guarded', sentence, {
    remedy: 'Check the plan in the details; once the tenant is in mode "apply", retry.',
    details: { guard: 'mode', effect, reach: truncateReach(reach, 5, 5) },
  });
}
