import { MAX_APPLICATIONS } from '../../change/change.ts';
import { readsSame } from '../compare/managed-groups.ts';
import { isMove } from '../drift.ts';
import type { Finding } from '../report.ts';
import { completeState, noteOfSize } from './complete-state.ts';
import {
  type AcceptedState,
  approvalsOf,
  byIds,
  chunksOf,
  type Draft,
  groupsOf,
  inOrder,
  type LaneState,
  liveGroup,
  placeOf,
  type Resolution,
  refusalOf,
  type Unresolved,
  unresolved,
} from './resolution.ts';

/** The facets of one group that are accepted. */
type Statement = {
  groupId: string;
  /** Its place. */
  place: Pick<Draft, 'tenant' | 'microtenant'>;
  answers: Set<string>;
  replaces: Set<string>;
  state: 'absent' | 'complete' | { name?: string; description?: string; enabled?: boolean };
  has: Set<string>;
  hasNot: Set<string>;
};

/**
 * The changes that approve what lives now: one per group, which states the drifted facets with their live values and nothing
 * else. A group that is missing is accepted as absent, one in no ticket with its complete state.
 */
export function acceptFindings(findings: readonly Finding[], state: LaneState): Resolution {
  const statements = new Map<string, Statement>();
  const refused: Unresolved[] = [];
  const moved = findings.filter(isMove);
  // They come first, because the change is then about the group where it is.
  for (const finding of [...moved, ...findings.filter((one) => !isMove(one))]) {
    const why = refusalOf(finding, state) ?? unreadRefusal(finding, state);
    if (why === undefined) accept(statements, finding, state);
    else refused.push(why);
  }
  for (const finding of moved) {
    const statement = statements.get(finding.group.id);
    if (statement === undefined || !isEmpty(statement) || stateAgreed(statement, state)) continue;
    statements.delete(statement.groupId);
    refused.push(nothingAgreed(finding));
  }
  const complete = [...statements.values()].filter((one) => one.state === 'complete');
  return {
    units: [...statements.values()].map((one) => draftsOf(one, state)),
    unresolved: refused,
    notes: complete.flatMap(({ groupId }) => noteOfSize(liveGroup(state.groups, groupId)) ?? []),
  };
}

const isEmpty = ({ state, has, hasNot }: Statement) =>
  typeof state === 'object' && Object.keys(state).length + has.size + hasNot.size === 0;

/**
 * An accept records the place of its group whatever it states, and has to state something: a part that is as approved, so that
 * nothing is approved unseen. false: there is none.
 */
function stateAgreed(statement: Statement, { groups, desired }: LaneState): boolean {
  const approved = desired.get(statement.groupId);
  const live = liveGroup(groups, statement.groupId);
  for (const field of ['name', 'description', 'enabled'] as const) {
    const value = approved?.[field]?.value;
    if (value === undefined || !readsSame(String(value), String(live[field]))) continue;
    statement.state = { [field]: live[field] };
    return true;
  }
  const member = byIds(live.applicationIds).find(({ id }) => approved?.members[id]?.[0] === 1);
  if (member !== undefined) statement.has.add(member.id);
  return member !== undefined;
}

const nothingAgreed = (finding: Finding): Unresolved =>
  unresolved(
    finding,
    'all that tickets approved of it differs too',
    'Accept it together with another finding of the group.',
  );

/** Ids of the live groups whose values the acceptance of this finding states. */
function readFor({ kind, group, to }: Finding): string[] {
  if (kind === 'missing') return typeof to === 'object' ? [to.id] : [];
  return kind === 'added' || kind === 'removed' ? [] : [group.id];
}

function unreadRefusal(finding: Finding, { groups }: LaneState): Unresolved | undefined {
  const unread = readFor(finding).find((id) => !groups.has(id));
  if (unread === undefined) return undefined;
  return unresolved(finding, `group ${unread} was not read`, 'Try again.');
}

function accept(statements: Map<string, Statement>, finding: Finding, state: LaneState): void {
  const about = (groupId: string): Statement => {
    const known = statements.get(groupId) ?? {
      groupId,
      place: placeOf(state, groupId, finding),
      answers: new Set(),
      replaces: new Set(),
      state: {},
      has: new Set(),
      hasNot: new Set(),
    };
    known.answers.add(finding.id);
    for (const key of approvalsOf(finding)) known.replaces.add(key);
    statements.set(groupId, known);
    return known;
  };
  const own = about(finding.group.id);
  const others = groupsOf(finding, state).slice(1).map(about);
  const application = finding.application?.id;
  switch (finding.kind) {
    case 'missing':
      own.state = 'absent';
      for (const twin of others) twin.state = 'complete';
      return;
    case 'resurrected':
    case 'unmanaged':
      own.state = 'complete';
      return;
    case 'changed':
      if (typeof own.state === 'object' && !isMove(finding)) Object.assign(own.state, liveField(finding, state.groups));
      return;
    case 'added':
      if (application === undefined) return;
      own.has.add(application);
      for (const from of others) from.hasNot.add(application);
      return;
    case 'removed':
      if (application === undefined) return;
      own.hasNot.add(application);
      for (const to of others) to.has.add(application);
      return;
  }
}

function liveField({ facet, group }: Finding, groups: LaneState['groups']) {
  const { name, description, enabled } = liveGroup(groups, group.id);
  if (facet === 'name') return { name };
  return facet === 'description' ? { description } : { enabled };
}

function draftsOf(statement: Statement, state: LaneState): Draft[] {
  const { groupId, place, answers, replaces } = statement;
  return statesOf(statement, state.groups).map((accepted) => ({
    ...place,
    body: { action: 'accept', group: { id: groupId }, state: accepted },
    answers: [...answers].toSorted(),
    replaces: [...replaces].toSorted(),
  }));
}

/** One state per change: its fields and as many application segments as a change may name. */
function statesOf({ state, groupId, has, hasNot }: Statement, groups: LaneState['groups']): AcceptedState[] {
  if (state === 'absent') return ['absent'];
  if (state === 'complete') return completeState(liveGroup(groups, groupId));
  const stated = [
    ...byIds(has).map((id) => ({ id, isMember: true })),
    ...byIds(hasNot).map((id) => ({ id, isMember: false })),
  ];
  const chunks = chunksOf(stated, MAX_APPLICATIONS).map((chunk) => {
    const members = chunk.filter(({ isMember }) => isMember).map(({ id }) => id);
    const others = chunk.filter(({ isMember }) => !isMember).map(({ id }) => id);
    return {
      applications: { ...(members.length > 0 && { has: members }), ...(others.length > 0 && { hasNot: others }) },
    };
  });
  const [first = {}, ...rest] = chunks;
  return [{ ...inOrder(state), ...first }, ...rest];
}
