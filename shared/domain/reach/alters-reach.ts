import { type ChangeRequest, membershipOf, type Reference, referenceKey } from '../change/change.ts';
import type { Decision } from '../decide/decision.ts';
import type { Found, LiveView } from '../group/live-view.ts';
import { altersReach } from './reach.ts';

/** True if a decision writes something that can alter the reach of a rule. */
export const decisionAltersReach = (decision: Decision): boolean =>
  decision.kind === 'write' && altersReach(decision.transitions);

/**
 * True if an application segment joins or leaves the group, as the application segments themselves say. Then the policy rules
 * are needed, and reading the group before them would be in vain.
 */
export function movesCertainly(
  change: ChangeRequest,
  applications: LiveView['applications'],
  groupId: Found<string>,
): boolean {
  const own = groupId.kind === 'found' ? groupId.value : undefined;
  const homeOf = (one: Reference) => {
    const found = applications.get(referenceKey(one));
    return found?.kind === 'found' ? (found.value.segmentGroupId ?? 'none') : undefined;
  };
  if (change.action === 'create') return change.applications.some((one) => homeOf(one) === 'none');
  if (change.action !== 'update') return false;
  const { add = [], replace = [], remove = [] } = membershipOf(change) ?? {};
  const mayJoin = (home: string | undefined) => home === 'none' || (change.takeFromOtherGroups && home !== undefined);
  return (
    [...add, ...replace].some((one) => homeOf(one) !== own && mayJoin(homeOf(one))) ||
    remove.some((one) => own !== undefined && homeOf(one) === own)
  );
}
