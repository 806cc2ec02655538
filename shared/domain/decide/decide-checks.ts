import { type ChangeRequest, type Reference, referenceKey } from '../change/change.ts';
import type { Application, SegmentGroup } from '../group/group.ts';
import type { Found } from '../group/live-view.ts';
import type { Rejection } from '../outcome/outcome.ts';
import { reject } from '../outcome/reject.ts';
import type { ResolvedApplications } from './decision.ts';

/** Checks that several actions share; each answers a rejection or undefined. */

/** The application a reference was resolved to; `decide` resolves all of a change's before anything else. */
export function resolvedApplication(resolved: ResolvedApplications, reference: Reference): Application {
  const found = resolved.get(referenceKey(reference));
  if (found === undefined) throw new Error(`unresolved reference ${referenceKey(reference)}`);
  return found;
}

/** The one group a reference led to, or why not. */
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

export function checkWritable(group: SegmentGroup): Rejection | undefined {
  if (!group.readOnly) return undefined;
  return reject('group-read-only', `"${group.name}" is read-only, managed by Zscaler or by Deception`, {
    path: 'group',
    details: { group: { id: group.id, name: group.name } },
  });
}

/** Applications that are to join a group and belong to another one. */
export function checkUngrouped(joining: readonly Application[], groupId: string | undefined): Rejection | undefined {
  const foreign = joining.filter((a) => a.segmentGroupId !== undefined && a.segmentGroupId !== groupId);
  const first = foreign[0];
  if (first === undefined) return undefined;
  const where = `"${first.segmentGroupName ?? '?'}" (${first.segmentGroupId})`;
  return reject('application-in-other-group', `application segment ${first.id} ("${first.name}") is in ${where}`, {
    path: 'applications.add',
    details: {
      applications: foreign
        .slice(0, 50)
        .map((a) => ({ id: a.id, name: a.name, group: { id: a.segmentGroupId, name: a.segmentGroupName } })),
    },
  });
}

/** The ticket's `expect` against the live group. */
export function checkExpectations(
  change: ChangeRequest,
  group: SegmentGroup,
  resolved: ResolvedApplications,
): Rejection | undefined {
  const expected = change.expect;
  if (expected === undefined) return undefined;
  const members = new Set(group.applicationIds);
  const differences = [
    ...differing('name', expected.name, group.name),
    ...differing('enabled', expected.enabled, group.enabled),
    ...(expected.members?.has ?? [])
      .map((r) => resolvedApplication(resolved, r))
      .filter((a) => !members.has(a.id))
      .map((a) => ({ field: 'members.has', expected: a.id, found: 'not a member' })),
    ...(expected.members?.hasNot ?? [])
      .map((r) => resolvedApplication(resolved, r))
      .filter((a) => members.has(a.id))
      .map((a) => ({ field: 'members.hasNot', expected: a.id, found: 'a member' })),
  ];
  const first = differences[0];
  if (first === undefined) return undefined;
  const sentence = `the ticket expects ${first.field} ${first.expected}, "${group.name}" has ${first.found}`;
  return reject('precondition-failed', sentence, {
    path: 'expect',
    details: { differences: differences.slice(0, 50) },
  });
}

function differing(field: string, expected: string | boolean | undefined, found: string | boolean) {
  return expected === undefined || expected === found
    ? []
    : [{ field, expected: String(expected), found: String(found) }];
}

export const listIds = (list: readonly { id: string }[]): string =>
  list
    .slice(0, 5)
    .map((one) => one.id)
    .join(', ');

export const describeReference = (reference: Reference) =>
  'id' in reference ? `with id ${reference.id}` : `named "${reference.name}"`;
