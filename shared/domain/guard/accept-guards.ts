import type { AcceptRequest, Ticket } from '../change/change.ts';
import { stateOf } from '../change/stated-members.ts';
import type { GuardSettings } from '../configuration/guard-schema.ts';
import type { LiveView } from '../group/live-view.ts';
import type { Rejection } from '../outcome/outcome.ts';
import type { ReachTransition } from '../reach/reach.ts';
import { APPROVERS_NEEDED, approversOf, needsApprover } from './guards.ts';
import { checkProtectedGroups } from './protected-groups.ts';
import { firstMatching, namesOf } from './written-groups.ts';

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
  return checkProtectedGroups(tenant, transitions) ?? checkApprovers(tenant, change, transitions, ticket);
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

/**
 * The policy rules are not read for an accept, so whatever a guarded rule may depend on needs two approvers: else one person
 * could edit a group in the console and have the edit approved alone.
 */
function checkApprovers(
  { guards }: GuardSettings,
  change: AcceptRequest,
  transitions: readonly ReachTransition[],
  ticket: Ticket,
): Rejection | undefined {
  const state = stateOf(change);
  const altersAccess = state === undefined || state.enabled !== undefined || state.applications !== undefined;
  const guard = guards.rules.find(({ groups }) => firstMatching(groups, transitions.flatMap(namesOf)) !== undefined);
  const approvers = approversOf(ticket);
  if (!altersAccess || guard === undefined || approvers.length >= APPROVERS_NEEDED) return undefined;
  return needsApprover('policy rules are guarded, and an accept does not read them', approvers, {
    groups: guard.groups,
  });
}
