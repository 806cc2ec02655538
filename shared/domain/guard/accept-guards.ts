import type { AcceptRequest, ChangeRequest, Ticket } from '../change/change.ts';
import { stateOf } from '../change/stated-members.ts';
import type { GuardSettings } from '../configuration/guard-schema.ts';
import type { LiveView } from '../group/live-view.ts';
import type { Rejection } from '../outcome/outcome.ts';
import { partsSought } from '../outcome/parts-sought.ts';
import { reject } from '../outcome/reject.ts';
import type { ReachTransition } from '../reach/reach.ts';
import { APPROVERS_NEEDED, approversOf, needsApprover } from './guards.ts';
import { checkProtectedGroups } from './protected-groups.ts';
import { firstMatching, namesOf, renameAcrossGuard } from './written-groups.ts';

/**
 * The rejection of an accept by a tenant's guards; undefined lets it pass. It is judged as if it wrote the difference between
 * what tickets approved and what it states. Guards that only limit what is written (deletes, removals, `plan-only`) do not
 * apply: what they refuse is done in the ZPA console, and an accept is the way to record it.
 */
export function acceptGuardRejection(
  tenant: GuardSettings,
  change: AcceptRequest,
  live: LiveView,
  ticket: Ticket,
): Rejection | undefined {
  const transitions = [recorded(change, live), ...departures(live)];
  const state = stateOf(change);
  const altersAccess = state === undefined || state.enabled !== undefined || state.applications !== undefined;
  return checkProtections(tenant, transitions) ?? checkApprovers(tenant, altersAccess, transitions, ticket);
}

/**
 * The rejection by a tenant's guards of a change that is rejected for lack of what it would end: that rejection approves the
 * absence, as an accept would.
 */
export function absenceGuardRejection(
  tenant: GuardSettings,
  change: ChangeRequest,
  { group: found, soughtBefore: before }: LiveView,
  ticket: Ticket,
  rejection: Rejection,
): Rejection | undefined {
  if (before === undefined || partsSought(change, rejection).length === 0) return undefined;
  const group = found.kind === 'found' ? found.value : { id: before.group.id, name: '', enabled: false };
  const name = before.group.name ?? group.name;
  const stay = found.kind === 'found' ? found.value.applicationIds : [];
  const gone = change.action === 'delete';
  const transition: ReachTransition = {
    before: { id: group.id, name, enabled: group.enabled, applicationIds: [...stay, ...before.dropped] },
    after: gone ? null : { id: group.id, name: group.name || name, enabled: group.enabled, applicationIds: stay },
  };
  return checkProtections(tenant, [transition]) ?? checkApprovers(tenant, true, [transition], ticket);
}

/** From the state that tickets approved to the one that is accepted, as far as protections depend on it. */
function recorded({ group }: AcceptRequest, { group: found, approvedBefore: before }: LiveView): ReachTransition {
  const after = found.kind === 'found' ? found.value : null;
  const name = before?.group?.name ?? after?.name ?? '';
  const applicationIds = [...(after?.applicationIds ?? []), ...(before?.dropped ?? [])];
  return { before: { id: group.id, name, enabled: after?.enabled ?? false, applicationIds }, after };
}

/** Approved members of other groups that the accept says are members of its own. */
const departures = ({ approvedBefore: before }: LiveView): ReachTransition[] =>
  (before?.others ?? []).map(({ id, name = '', applicationIds }) => {
    const group = { id, name, enabled: true };
    return { before: { ...group, applicationIds }, after: { ...group, applicationIds: [] } };
  });

/** A group whose name neither ZPA nor a readable record tells may be any guarded one. */
const nameless = (transitions: readonly ReachTransition[]) => transitions.find(({ before }) => before?.name === '');

function checkProtections(tenant: GuardSettings, transitions: readonly ReachTransition[]): Rejection | undefined {
  const refused = checkProtectedGroups(tenant, transitions);
  const unknown = nameless(transitions)?.before;
  if (refused !== undefined || unknown == null || tenant.guards.protectedGroups.length === 0) return refused;
  return reject('guarded', `segment group ${unknown.id}, whose name is not known, may be a protected one`, {
    path: 'group',
    details: { guard: 'protectedGroups' },
  });
}

/**
 * The policy rules are not read for an accept, so whatever a guarded rule may depend on needs two approvers: else one person
 * could edit a group in the console and have the edit approved alone. So does a console rename out of a guard or into it: once
 * it were approved, the guard would no longer see the rest of the edit.
 */
function checkApprovers(
  { guards }: GuardSettings,
  altersAccess: boolean,
  transitions: readonly ReachTransition[],
  ticket: Ticket,
): Rejection | undefined {
  const approvers = approversOf(ticket);
  if (approvers.length >= APPROVERS_NEEDED) return undefined;
  for (const { groups } of guards.rules) {
    const across = renameAcrossGuard(groups, transitions, 'guard of policy rules for');
    if (across !== undefined) return needsApprover(across, approvers, { groups });
  }
  const names = transitions.flatMap(namesOf);
  const isAny = nameless(transitions) !== undefined;
  const guard = guards.rules.find(({ groups }) => isAny || firstMatching(groups, names) !== undefined);
  if (!altersAccess || guard === undefined) return undefined;
  return needsApprover('policy rules are guarded, and an accept does not read them', approvers, {
    groups: guard.groups,
  });
}
