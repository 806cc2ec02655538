import { type ChangeRequest, type Reference, referenceKey } from '../change/change.ts';
import type { Application, SegmentGroup } from '../group/group.ts';
import type { Found } from '../group/live-view.ts';
import type { FieldDifference, Rejection } from '../outcome/outcome.ts';
import { reject } from '../outcome/reject.ts';
import { isSameText, isSameTrimmed } from '../text/same-text.ts';
import { formatCount } from '../text/sentence.ts';
import type { ResolvedApplications } from './decision.ts';

/** Checks that several actions share; each returns a rejection, or undefined if the change passes. */

/** The application a reference was resolved to; `decide` resolves all references of a change first. */
export function resolvedApplication(resolved: ResolvedApplications, reference: Reference): Application {
  const found = resolved.get(referenceKey(reference));
  if (found === undefined) throw new Error(`unresolved reference ${referenceKey(reference)}`);
  return found;
}

/** The one group a reference resolves to, or the rejection. */
export function resolveGroup(reference: Reference, found: Found<SegmentGroup>, path: string): SegmentGroup | Rejection {
  if (found.kind === 'found') return found.value;
  if (found.kind === 'missing') {
    return reject(
      'group-not-found',
      `no segment group ${describeReference(reference)} in this tenant and microtenant`,
      { path },
    );
  }
  return reject(
    'group-name-ambiguous',
    `${found.candidates.length} segment groups are ${describeReference(reference)}`,
    {
      path,
      details: { candidates: found.candidates.slice(0, 20) },
    },
  );
}

/** Rejects a change of a group that ZPA would refuse to write. */
export function checkWritable(group: SegmentGroup): Rejection | undefined {
  if (!group.readOnly) return undefined;
  return reject('group-read-only', `"${group.name}" is read-only, managed by Zscaler or by Deception`, {
    path: 'group',
    details: { group: { id: group.id, name: group.name } },
  });
}

/** Rejects applications that are to join a group while another group has them. */
export function checkUngrouped(joining: readonly Application[], groupId: string | undefined): Rejection | undefined {
  const foreign = joining.filter((a) => a.segmentGroupId !== undefined && a.segmentGroupId !== groupId);
  return foreign.length === 0 ? undefined : rejectForeign(foreign);
}

/** An application that is in another group. */
export type ForeignMember = { id: string; name: string; group: { id: string | undefined; name: string | undefined } };

export const describeGroup = ({ id, name }: ForeignMember['group']) => `"${name ?? '?'}" (${id})`;

/** Rejects applications because of the groups that they are in. `more`: what is to be said of these groups. */
export function rejectForeign(foreign: readonly Application[], more = '', extras: { remedy?: string } = {}): Rejection {
  const applications = foreign.slice(0, 50).map(
    ({ id, name, segmentGroupId, segmentGroupName }): ForeignMember => ({
      id,
      name,
      group: { id: segmentGroupId, name: segmentGroupName },
    }),
  );
  const [first] = applications;
  const where = first === undefined ? '' : `${describeGroup(first.group)}${more}`;
  const sentence = `application segment ${first?.id} ("${first?.name}") is in ${where}`;
  return reject('application-in-other-group', sentence, {
    path: 'applications.add',
    details: { applications },
    ...extras,
  });
}

/** Compares the ticket's `expect` with the live group. */
export function checkExpectations(
  change: ChangeRequest,
  group: SegmentGroup,
  resolved: ResolvedApplications,
): Rejection | undefined {
  const expected = change.expect;
  if (expected === undefined) return undefined;
  const members = new Set(group.applicationIds);
  const differences = [
    ...(expected.name !== undefined && isSameText(expected.name, group.name)
      ? []
      : differing('name', expected.name, group.name)),
    ...(expected.description !== undefined && isSameTrimmed(expected.description, group.description)
      ? []
      : differing('description', expected.description, group.description)),
    ...differing('enabled', expected.enabled, group.enabled),
    ...(expected.members?.has ?? [])
      .map((r) => resolvedApplication(resolved, r))
      .filter((a) => !members.has(a.id))
      .map((a) => ({ field: 'members.has', expected: a.id, found: 'not a member' })),
    ...(expected.members?.hasNot ?? [])
      .map((r) => resolvedApplication(resolved, r))
      .filter((a) => members.has(a.id))
      .map((a) => ({ field: 'members.hasNot', expected: a.id, found: 'a member' })),
    ...(expected.members?.exactly === undefined
      ? []
      : otherMembers('members.exactly', idsOf(expected.members.exactly, resolved), members)),
  ];
  return differences.length === 0 ? undefined : rejectDifferences('the ticket expects', 'expect', group, differences);
}

/** Rejects a change whose group is not as it states. `path`: the field that states it. */
export function rejectDifferences(
  says: string,
  path: string,
  group: Pick<SegmentGroup, 'name'>,
  differences: readonly FieldDifference[],
): Rejection {
  const [first] = differences;
  const more = differences.length > 1 ? `, and ${formatCount(differences.length - 1, 'more difference')}` : '';
  const sentence = `${says} ${first?.field} ${first?.expected}, "${group.name}" has ${first?.found}${more}`;
  return reject('precondition-failed', sentence, { path, details: { differences: differences.slice(0, 50) } });
}

function idsOf(references: readonly Reference[], resolved: ResolvedApplications): string[] {
  return references.map((one) => ('id' in one ? one.id : resolvedApplication(resolved, one).id));
}

/** The differences of the members there are from the complete membership that is stated. */
export function otherMembers(
  field: string,
  stated: readonly string[],
  members: ReadonlySet<string>,
): FieldDifference[] {
  const expected = new Set(stated);
  return [
    ...[...expected].filter((id) => !members.has(id)).map((id) => ({ field, expected: id, found: 'not a member' })),
    ...[...members].filter((id) => !expected.has(id)).map((id) => ({ field, expected: 'no other member', found: id })),
  ];
}

/** The field's difference, if it is stated and another was found. */
export function differing(
  field: string,
  expected: string | boolean | undefined,
  found: string | boolean,
): FieldDifference[] {
  return expected === undefined || expected === found
    ? []
    : [{ field, expected: String(expected), found: String(found) }];
}

/** The first five ids, for a sentence. */
export const listIds = (list: readonly { id: string }[]): string =>
  list
    .slice(0, 5)
    .map((one) => one.id)
    .join(', ');

/** `with id 216…` or `named "Wiki"`, for a sentence. */
export const describeReference = (reference: Reference) =>
  'id' in reference ? `with id ${reference.id}` : `named "${reference.name}"`;
