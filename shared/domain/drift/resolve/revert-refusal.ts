import { formatCount } from '../../text/sentence.ts';
import { isMove } from '../drift.ts';
import type { Finding } from '../report.ts';
import { type LaneState, nameOf, type Unresolved, unresolved } from './resolution.ts';

type ApprovedField = { name?: string; description?: string; enabled?: boolean };

const ACCEPT = 'Accept it, or restore it by a change of your own.';

/** The reason why a finding cannot be put back; undefined: it can. */
export function refusalToRevert(finding: Finding, state: LaneState): Unresolved | undefined {
  const { kind, group, from, to } = finding;
  const live = state.groups.get(group.id);
  if (kind === 'unmanaged') {
    return unresolved(
      finding,
      'no ticket ever approved a state of it',
      'Accept it, or delete it by a change of your own.',
    );
  }
  if (kind === 'missing') return undefined;
  if (isMove(finding)) {
    return unresolved(finding, 'no change moves a group to another microtenant', 'Move it back in ZPA, or accept it.');
  }
  if (live === undefined) return unresolved(finding, `group ${group.id} was not read`, 'Try again.');
  if (to === 'gone') {
    const application = finding.application?.id ?? '';
    const reason = `application segment ${application} is gone from ZPA, and does not come back under this id`;
    return unresolved(finding, reason, 'Accept it; add its successor by a change of your own.');
  }
  if (from !== undefined && !state.groups.has(from.id)) {
    const reason = `the application segment was approved into ${nameOf(from)}, which is missing`;
    return unresolved(finding, reason, 'Revert that group first.');
  }
  const groups = [live, from, typeof to === 'object' ? to : undefined].flatMap((one) => {
    const known = one === undefined ? undefined : state.groups.get(one.id);
    return known === undefined ? [] : [known];
  });
  const readOnly = groups.find((one) => one.readOnly);
  if (readOnly !== undefined) {
    return unresolved(
      finding,
      `ZPA lets nobody write ${nameOf(readOnly)}: it is read-only`,
      'Accept it, or ask Zscaler.',
    );
  }
  if (kind === 'changed' && approvedField(finding, state) === undefined) {
    return unresolved(finding, `no approved ${finding.facet} is known`, ACCEPT);
  }
  if (kind === 'resurrected' && live.applicationIds.length > 0) {
    const held = formatCount(live.applicationIds.length, 'application segment');
    const reason = `it holds ${held}, which a deletion cannot leave without a group`;
    return unresolved(finding, reason, 'Delete it by a change of your own, with moveApplicationsTo, or accept it.');
  }
  return undefined;
}

/** The approved value of the finding's field. */
export function approvedField({ facet, group }: Finding, { desired }: LaneState): ApprovedField | undefined {
  const approved = desired.get(group.id);
  if (facet !== 'name' && facet !== 'description' && facet !== 'enabled') return undefined;
  const value = approved?.[facet]?.value;
  return value === undefined ? undefined : { [facet]: value };
}
