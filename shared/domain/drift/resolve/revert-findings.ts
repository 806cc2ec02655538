import { MAX_APPLICATIONS } from '../../change/change.ts';
import type { Finding } from '../report.ts';
import {
  approvalsOf,
  byIds,
  type ChangeBody,
  chunksOf,
  type Draft,
  inOrder,
  type LaneState,
  liveGroup,
  placeOf,
  type Resolution,
  refusalOf,
} from './resolution.ts';
import { restoreGroup } from './restore-group.ts';
import { approvedField, refusalToRevert } from './revert-refusal.ts';

type Update = Extract<ChangeBody, { action: 'update' }>;

/** One update puts this back in one group. */
type Restoration = {
  groupId: string;
  place: Pick<Draft, 'tenant' | 'microtenant'>;
  answers: Set<string>;
  replaces: Set<string>;
  set: NonNullable<Update['set']>;
  expect: NonNullable<Update['expect']>;
  add: Set<string>;
  remove: Set<string>;
  takesFromOthers: boolean;
};

/** Each reference is named by the change and by its expectation. */
const MOST_MEMBERS = MAX_APPLICATIONS / 2;

/**
 * The changes that put back what tickets approved. Each expects the drifted state, so that it is refused where somebody edited
 * the group since. The rest, with the reason, is `unresolved`.
 */
export function revertFindings(findings: readonly Finding[], state: LaneState): Resolution {
  const restorations = new Map<string, Restoration>();
  const result: Resolution = { units: [], unresolved: [], notes: [] };
  for (const finding of findings) {
    const why = refusalOf(finding, state) ?? refusalToRevert(finding, state);
    if (why !== undefined) result.unresolved.push(why);
    else if (finding.kind === 'missing') join(result, restoreGroup(finding, state, takenBy(result.units)));
    else if (finding.kind === 'resurrected') result.units.push([deletion(finding, state)]);
    else restore(restorations, finding, state);
  }
  result.units.push(...[...restorations.values()].map(draftsOf));
  return result;
}

/** The application segments that changes take from the groups in which they are now. */
function takenBy(units: readonly (readonly Draft[])[]): ReadonlySet<string> {
  const taken = units.flat().flatMap(({ body }) => {
    if (body.action !== 'update' || body.takeFromOtherGroups !== true) return [];
    const { applications = {} } = body;
    return ('replace' in applications ? applications.replace : (applications.add ?? [])).map(({ id }) => id);
  });
  return new Set(taken);
}

function join(result: Resolution, { units, unresolved: refused, notes }: Resolution): void {
  result.units.push(...units);
  result.unresolved.push(...refused);
  result.notes.push(...notes);
}

function deletion(finding: Finding, state: LaneState): Draft {
  const { id, name } = liveGroup(state.groups, finding.group.id);
  return {
    ...placeOf(state, id, finding),
    body: { action: 'delete', group: { id }, expect: { name, members: { exactly: [] } } },
    answers: [finding.id],
    replaces: approvalsOf(finding),
  };
}

function restore(restorations: Map<string, Restoration>, finding: Finding, state: LaneState): void {
  const { kind, facet, group, from, to } = finding;
  const groupId = from?.id ?? group.id;
  const known: Restoration = restorations.get(groupId) ?? {
    groupId,
    place: placeOf(state, groupId, finding),
    answers: new Set(),
    replaces: new Set(),
    set: {},
    expect: {},
    add: new Set(),
    remove: new Set(),
    takesFromOthers: false,
  };
  restorations.set(groupId, known);
  known.answers.add(finding.id);
  for (const key of approvalsOf(finding)) known.replaces.add(key);
  if (kind === 'changed') {
    const live = liveGroup(state.groups, group.id);
    Object.assign(known.set, approvedField(finding, state));
    if (facet === 'name') known.expect.name = live.name;
    if (facet === 'description') known.expect.description = live.description;
    if (facet === 'enabled') known.expect.enabled = live.enabled;
    return;
  }
  const application = finding.application?.id;
  if (application === undefined) return;
  if (kind === 'added' && from === undefined) {
    known.remove.add(application);
    return;
  }
  known.add.add(application);
  if (from !== undefined || typeof to === 'object') known.takesFromOthers = true;
}

/** One update, or as many as it takes to name all application segments. */
function draftsOf({
  groupId,
  place,
  answers,
  replaces,
  set,
  expect,
  add,
  remove,
  takesFromOthers,
}: Restoration): Draft[] {
  const members = [
    ...byIds(add).map((id) => ({ id, joins: true })),
    ...byIds(remove).map((id) => ({ id, joins: false })),
  ];
  const chunks: (typeof members)[] = members.length === 0 ? [[]] : chunksOf(members, MOST_MEMBERS);
  return chunks.map((chunk, index) => {
    const joining = chunk.filter(({ joins }) => joins).map(({ id }) => id);
    const leaving = chunk.filter(({ joins }) => !joins).map(({ id }) => id);
    const expected = {
      ...(index === 0 ? inOrder(expect) : {}),
      ...(chunk.length > 0 && {
        members: { ...(leaving.length > 0 && { has: leaving }), ...(joining.length > 0 && { hasNot: joining }) },
      }),
    };
    const body: Update = {
      action: 'update',
      group: { id: groupId },
      expect: expected,
      ...(index === 0 && Object.keys(set).length > 0 && { set: inOrder(set) }),
      ...(chunk.length > 0 && {
        applications: { ...(joining.length > 0 && { add: joining }), ...(leaving.length > 0 && { remove: leaving }) },
      }),
      ...(takesFromOthers && joining.length > 0 && { takeFromOtherGroups: true }),
      ...(leaving.length > 0 && { leaveUngrouped: true }),
    };
    return { ...place, body, answers: [...answers].toSorted(), replaces: [...replaces].toSorted() };
  });
}
