import { matchesPattern } from '../../configuration/grants.ts';
import type { SegmentGroup } from '../../group/group.ts';
import { isDeleted } from '../compare/managed-groups.ts';
import type { Finding, NotChecked } from '../report.ts';
import { completeState, noteOfSize } from './complete-state.ts';
import { type Draft, inMicrotenant, type LaneState, nameOf, type Resolution, type Unresolved } from './resolution.ts';

/** `patterns`: of group names, as in grants. `findings` and `notChecked`: of the same reading as the state. */
export type BaselineInput = {
  tenant: string;
  patterns: readonly string[];
  findings: readonly Finding[];
  notChecked: readonly NotChecked[];
  state: LaneState;
};

/**
 * The changes that approve the complete live state of every group that the patterns name. Groups with drift are left out,
 * so that a baseline accepts no drift unseen, and so are those of which the record or a membership could not be read, so that
 * nobody knows whether they do; and groups of which tickets stated everything already. Parts of the tenant that could not be
 * read are named, because groups that a pattern names may be in them.
 */
export function baseline({ tenant, patterns, findings, notChecked, state }: BaselineInput): Resolution {
  const drifting = new Map<string, Finding>();
  for (const finding of findings) {
    if (finding.kind !== 'unmanaged') for (const id of touched(finding)) drifting.set(id, finding);
  }
  const result: Resolution = { units: [], unresolved: [], notes: [] };
  const named = [...state.groups.values()]
    .filter(({ name }) => patterns.some((pattern) => matchesPattern(pattern, name)))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (const group of named) {
    if (!state.microtenantOf(tenant, group.microtenantId).configured || isFullyStated(group, state)) continue;
    const finding = drifting.get(group.id);
    const unread = notChecked.find(({ groupId }) => groupId === group.id);
    if (unread !== undefined) result.unresolved.push(notCompared(group, unread));
    else if (finding === undefined) {
      result.units.push(draftsOf(group, tenant, state));
      const note = noteOfSize(group);
      if (note !== undefined) result.notes.push(note);
    } else result.unresolved.push(leftOut(group, finding));
  }
  const unread = notChecked.filter((one) => one.tenant === tenant && !state.groups.has(one.groupId ?? ''));
  result.unresolved.push(...unread.map(notRead));
  return result;
}

const touched = ({ group, from, to }: Finding) =>
  [group, from, typeof to === 'object' ? to : undefined].flatMap((one) => (one === undefined ? [] : [one.id]));

function isFullyStated({ id }: SegmentGroup, { desired }: LaneState): boolean {
  const approved = desired.get(id);
  if (approved === undefined || isDeleted(approved)) return false;
  const { name, description, enabled, complete } = approved;
  return [name, description, enabled, complete].every((one) => one !== undefined);
}

function leftOut(group: SegmentGroup, { id, kind }: Finding): Unresolved {
  return { id, group: nameOf(group), reason: `it drifts (${kind})`, remedy: `Accept or revert ${id} first.` };
}

function notCompared(group: SegmentGroup, { code, reason }: NotChecked): Unresolved {
  const remedy = 'See the drift report; accept the group once it is compared again.';
  return { id: group.id, group: nameOf(group), reason: `it was not compared (${code}): ${reason}`, remedy };
}

function notRead({ tenant, microtenantId, groupId, code, reason }: NotChecked): Unresolved {
  const part = groupId ?? (microtenantId === undefined ? 'the tenant' : `microtenant ${microtenantId}`);
  const remedy = 'See the drift report, and try again once it can be read.';
  return { id: tenant, group: part, reason: `not all of it could be read (${code}): ${reason}`, remedy };
}

function draftsOf(group: SegmentGroup, tenant: string, state: LaneState): Draft[] {
  return completeState(group).map((accepted) => ({
    ...inMicrotenant(state, tenant, group.microtenantId),
    body: { action: 'accept', group: { id: group.id }, state: accepted },
    answers: [],
    replaces: [],
  }));
}
