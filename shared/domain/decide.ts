import {
  type ChangeRequest,
  type CreateRequest,
  membershipOf,
  type Reference,
  referenceKey,
  type UpdateRequest,
} from './change.ts';
import type { Application, SegmentGroup } from './group.ts';
import { applicationReferences, type Found, type LiveView } from './live-view.ts';
import type { Approved, Effect, GroupSummary, Reach, Rejection } from './outcome.ts';
import { reject } from './reject.ts';

/**
 * One change against live state: what would be written, or why not. Pure; the same code plans for the CLI, decides for
 * the worker, and is folded over several changes of one group by `fold-step.ts`.
 */
export type Decision =
  | { kind: 'unchanged'; effect: Effect; approved: Approved; reach: Reach }
  | { kind: 'write'; after: SegmentGroup | null; effect: Effect; approved: Approved; reach: Reach }
  | Rejection;

/** Says no where the source has no grant for what the change resolved to. */
export type Permit = (resolved: { groupNames: string[]; applicationNames: string[] }) => Rejection | undefined;

/** Gains and losses per rule need the rules read for every change; only a delete reads them so far. */
const REACH_UNREAD: Reach = { status: 'not-checked', reason: 'policy rules were not read for this change' };

/** The id of a group that is not created yet. */
export const NEW_GROUP = 'new';

export function decide(change: ChangeRequest, live: LiveView, microtenantId: string, permit: Permit): Decision {
  const resolved = resolveApplications(change, live);
  if ('kind' in resolved) return resolved;
  if (change.action === 'create') return decideCreate(change, live, resolved, microtenantId, permit);
  const group = live.group;
  if (group.kind === 'missing') {
    return reject('group-not-found', `no segment group ${named(change.group)} in this tenant and microtenant`, {
      path: 'group',
    });
  }
  if (group.kind === 'ambiguous') {
    return reject(
      'group-name-ambiguous',
      `${group.candidates.length} segment groups answer to ${named(change.group)}`,
      {
        path: 'group',
        details: { candidates: group.candidates.slice(0, 20) },
      },
    );
  }
  const newNames = change.action === 'update' && change.set?.name !== undefined ? [change.set.name] : [];
  const refused =
    permit({ groupNames: [group.value.name, ...newNames], applicationNames: touchedNames(change, resolved) }) ??
    readOnly(group.value) ??
    unexpected(change, group.value, resolved);
  if (refused !== undefined) return refused;
  return change.action === 'update'
    ? decideUpdate(change, group.value, live, resolved)
    : decideDelete(group.value, live);
}

type Resolved = ReadonlyMap<string, Application>;

function resolveApplications(change: ChangeRequest, live: LiveView): Resolved | Rejection {
  const resolved = new Map<string, Application>();
  for (const reference of applicationReferences(change)) {
    const key = referenceKey(reference);
    const found: Found<Application> = live.applications.get(key) ?? { kind: 'missing' };
    if (found.kind === 'missing') {
      return reject(
        'application-not-found',
        `no application segment ${named(reference)} in this tenant and microtenant`,
        {
          path: 'applications',
        },
      );
    }
    if (found.kind === 'ambiguous') {
      return reject('application-name-ambiguous', `several application segments answer to ${named(reference)}`, {
        path: 'applications',
        details: { candidates: found.candidates.slice(0, 20) },
      });
    }
    resolved.set(key, found.value);
  }
  return resolved;
}

function decideCreate(
  change: CreateRequest,
  live: LiveView,
  resolved: Resolved,
  microtenantId: string,
  permit: Permit,
): Decision {
  const applications = change.applications.map((r) => at(resolved, r));
  const refused = permit({ groupNames: [change.group.name], applicationNames: applications.map((a) => a.name) });
  if (refused !== undefined) return refused;
  if (live.group.kind !== 'missing') {
    const candidates =
      live.group.kind === 'found' ? [{ id: live.group.value.id, name: live.group.value.name }] : live.group.candidates;
    return reject('group-exists', `a segment group named "${change.group.name}" exists: ${ids(candidates)}`, {
      path: 'group.name',
      details: { candidates },
    });
  }
  const taken = inOtherGroup(applications, undefined);
  if (taken !== undefined) return taken;
  const after: SegmentGroup = {
    id: NEW_GROUP,
    name: change.group.name,
    description: change.description,
    enabled: change.enabled,
    configSpace: change.configSpace,
    microtenantId,
    applicationIds: sortedIds(applications.map((a) => a.id)),
    readOnly: false,
    modifiedBy: undefined,
    modifiedTime: undefined,
    creationTime: undefined,
  };
  return {
    kind: 'write',
    after,
    effect: effectOf(null, after),
    reach: REACH_UNREAD,
    approved: {
      groupId: NEW_GROUP,
      microtenantId,
      fields: { name: after.name, description: after.description, enabled: after.enabled },
      members: { has: [], hasNot: [], exactly: after.applicationIds },
      deleted: false,
    },
  };
}

function decideUpdate(change: UpdateRequest, group: SegmentGroup, live: LiveView, resolved: Resolved): Decision {
  const asked = membershipOf(change);
  const has = (asked?.replace ?? asked?.add ?? []).map((r) => at(resolved, r));
  const removed = (asked?.remove ?? []).map((r) => at(resolved, r));
  const both = has.find((a) => removed.some((b) => b.id === a.id));
  if (both !== undefined) {
    return reject('invalid-change', `application segment ${both.id} ("${both.name}") is in both add and remove`, {
      path: 'applications',
    });
  }
  const before = new Set(group.applicationIds);
  const joining = has.filter((a) => !before.has(a.id));
  const staying = new Set(has.map((a) => a.id));
  const leaving = asked?.replace
    ? group.applicationIds.filter((id) => !staying.has(id))
    : removed.map((a) => a.id).filter((id) => before.has(id));
  const refused =
    inOtherGroup(joining, group.id) ?? ungrouped(change, leaving) ?? nameTaken(change.set?.name, group, live);
  if (refused !== undefined) return refused;
  const gone = new Set(leaving);
  const after: SegmentGroup = {
    ...group,
    name: change.set?.name ?? group.name,
    description: change.set?.description ?? group.description,
    enabled: change.set?.enabled ?? group.enabled,
    applicationIds: sortedIds([...group.applicationIds.filter((id) => !gone.has(id)), ...joining.map((a) => a.id)]),
  };
  const approved: Approved = {
    groupId: group.id,
    microtenantId: group.microtenantId,
    fields: definedFields(change.set),
    members: asked?.replace
      ? { has: [], hasNot: [], exactly: after.applicationIds }
      : { has: sortedIds(has.map((a) => a.id)), hasNot: sortedIds(removed.map((a) => a.id)) },
    deleted: false,
  };
  const effect = effectOf(group, after);
  return sameContent(group, after)
    ? { kind: 'unchanged', effect, approved, reach: REACH_UNREAD }
    : { kind: 'write', after, effect, approved, reach: REACH_UNREAD };
}

function decideDelete(group: SegmentGroup, live: LiveView): Decision {
  if (group.applicationIds.length > 0) {
    return reject(
      'group-not-empty',
      `"${group.name}" still holds ${group.applicationIds.length} application segments`,
      {
        details: { applications: group.applicationIds.slice(0, 100) },
      },
    );
  }
  if (live.rules === undefined) throw new Error('a delete is decided on a complete scan of the policy rules');
  const { mentions, scanned, skipped } = live.rules;
  if (mentions.length > 0) {
    const first = mentions.slice(0, 3).map((m) => `"${m.ruleName}" (${m.policyType}, order ${m.ruleOrder ?? '?'})`);
    return reject('group-in-use', `${mentions.length} policy rules name "${group.name}": ${first.join(', ')}`, {
      details: { rules: mentions.slice(0, 50) },
    });
  }
  return {
    kind: 'write',
    after: null,
    effect: effectOf(group, null),
    reach: { status: 'checked', summary: scanSummary(scanned, skipped) },
    approved: {
      groupId: group.id,
      microtenantId: group.microtenantId,
      fields: {},
      members: { has: [], hasNot: [] },
      deleted: true,
    },
  };
}

function scanSummary(scanned: string[], skipped: { policyType: string; reason: string }[]): string {
  const types = [...new Set(skipped.map((s) => `${s.policyType} (${s.reason})`))];
  const left = types.length === 0 ? '' : `; not read: ${types.slice(0, 20).join(', ')}`;
  return `no policy rule named the group in ${scanned.length} policy types${left}`;
}

function readOnly(group: SegmentGroup): Rejection | undefined {
  if (!group.readOnly) return undefined;
  return reject('group-read-only', `"${group.name}" is read-only, managed by Zscaler or by Deception`, {
    path: 'group',
  });
}

function nameTaken(name: string | undefined, group: SegmentGroup, live: LiveView): Rejection | undefined {
  const others = name === undefined || name === group.name ? [] : live.nameTakenBy.filter((g) => g.id !== group.id);
  if (others.length === 0) return undefined;
  return reject('group-exists', `the new name "${name}" is taken by ${ids(others)}`, {
    path: 'set.name',
    details: { candidates: others },
  });
}

function inOtherGroup(joining: Application[], groupId: string | undefined): Rejection | undefined {
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

function ungrouped(change: UpdateRequest, leaving: string[]): Rejection | undefined {
  if (change.leaveUngrouped || leaving.length === 0) return undefined;
  return reject('would-leave-ungrouped', `${leaving.length} application segments would be left without a group`, {
    path: 'applications',
    details: { applications: leaving.slice(0, 100) },
  });
}

function unexpected(change: ChangeRequest, group: SegmentGroup, resolved: Resolved): Rejection | undefined {
  const expected = change.expect;
  if (expected === undefined) return undefined;
  const members = new Set(group.applicationIds);
  const differences = [
    ...(expected.name !== undefined && expected.name !== group.name
      ? [{ field: 'name', expected: expected.name, found: group.name }]
      : []),
    ...(expected.enabled !== undefined && expected.enabled !== group.enabled
      ? [{ field: 'enabled', expected: String(expected.enabled), found: String(group.enabled) }]
      : []),
    ...(expected.members?.has ?? [])
      .map((r) => at(resolved, r))
      .filter((a) => !members.has(a.id))
      .map((a) => ({ field: 'members.has', expected: a.id, found: 'not a member' })),
    ...(expected.members?.hasNot ?? [])
      .map((r) => at(resolved, r))
      .filter((a) => members.has(a.id))
      .map((a) => ({ field: 'members.hasNot', expected: a.id, found: 'a member' })),
  ];
  const first = differences[0];
  if (first === undefined) return undefined;
  return reject(
    'precondition-failed',
    `the ticket expects ${first.field} ${first.expected}, "${group.name}" has ${first.found}`,
    { path: 'expect', details: { differences: differences.slice(0, 50) } },
  );
}

/** The applications a change adds or takes out, as grants see them. */
function touchedNames(change: ChangeRequest, resolved: Resolved): string[] {
  if (change.action !== 'update') return [];
  const asked = membershipOf(change);
  return [...(asked?.add ?? []), ...(asked?.remove ?? []), ...(asked?.replace ?? [])].map((r) => at(resolved, r).name);
}

function at(resolved: Resolved, reference: Reference): Application {
  const found = resolved.get(referenceKey(reference));
  if (found === undefined) throw new Error(`unresolved reference ${referenceKey(reference)}`);
  return found;
}

function definedFields(set: UpdateRequest['set']): Approved['fields'] {
  return {
    ...(set?.name !== undefined && { name: set.name }),
    ...(set?.description !== undefined && { description: set.description }),
    ...(set?.enabled !== undefined && { enabled: set.enabled }),
  };
}

export const sortedIds = (list: Iterable<string>): string[] => [...new Set(list)].sort();

/** Writable content alike: server-owned fields do not count. */
export function sameContent(a: SegmentGroup, b: SegmentGroup): boolean {
  return contentDifferences(a, b).length === 0;
}

/** Names of writable fields in which two groups differ; `applications` for the membership. */
export function contentDifferences(a: SegmentGroup, b: SegmentGroup): string[] {
  const fields = (['name', 'description', 'enabled'] as const).filter((field) => a[field] !== b[field]);
  const members = a.applicationIds.join() === b.applicationIds.join() ? [] : ['applications'];
  return [...fields, ...members];
}

export function summaryOf(group: SegmentGroup): GroupSummary {
  return {
    name: group.name,
    description: group.description,
    enabled: group.enabled,
    applicationCount: group.applicationIds.length,
  };
}

function effectOf(before: SegmentGroup | null, after: SegmentGroup | null): Effect {
  const was = new Set(before?.applicationIds);
  const is = new Set(after?.applicationIds);
  return {
    groupId: before?.id ?? NEW_GROUP,
    before: before && summaryOf(before),
    after: after && summaryOf(after),
    added: [...is].filter((id) => !was.has(id)),
    removed: [...was].filter((id) => !is.has(id)),
  };
}

const named = (reference: Reference) => ('id' in reference ? `with id ${reference.id}` : `named "${reference.name}"`);
const ids = (list: { id: string }[]) =>
  list
    .slice(0, 5)
    .map((c) => c.id)
    .join(', ');
