import {
  type AcceptRequest,
  type ChangeRequest,
  type CreateRequest,
  membershipOf,
  newGroupFields,
  type Reference,
  type UpdateRequest,
} from '../../../shared/domain/change/change.ts';
import { acceptedMembers, stateOf } from '../../../shared/domain/change/stated-members.ts';
import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import { applicationReferences } from '../../../shared/domain/group/live-view.ts';
import { APPLICATION_IDS, applicationName, MANY_APPLICATION_IDS } from './small-tenant.ts';

/**
 * The effect of a change on a tenant, in the plainest words: one change, alone, at once, nothing ever fails. The judge compares
 * the worker with it. The model says also which of several refusals comes first.
 */
export type State = Map<string, SegmentGroup>;
export type Expected = { verdict: string; after: State };

/** The id of a created group in this model, where the real one is unknown yet. */
export const CREATED = 'created';

/** `ruled`: the group that a policy rule names. */
export function expectedOf(state: State, change: ChangeRequest, ruled: string | undefined): Expected {
  const refused = (code: string): Expected => ({ verdict: `rejected ${code}`, after: state });
  if (change.action === 'accept') return { verdict: verdictOfAccept(state, change), after: state };
  const ids = applicationReferences(change).map(applicationOf);
  if (ids.includes(undefined)) return refused('application-not-found');
  const group = findGroup(state, change.group);
  if (change.action === 'create') {
    const isUpdate = change.ifExists === 'update' && group !== undefined;
    return isUpdate ? expectedOf(state, updateOf(change), ruled) : expectedOfCreate(state, change, refused);
  }
  if (group === undefined) return refused('group-not-found');
  if (group.readOnly) return refused('group-read-only');
  if (change.action === 'update') return expectedOfUpdate(state, change, group, refused);
  const target = change.moveApplicationsTo;
  if (group.applicationIds.length > 0 && target === undefined) return refused('group-not-empty');
  if (group.id === ruled) return refused('group-in-use');
  const destination = target && findGroup(state, target);
  if (target !== undefined && destination === undefined) return refused('group-not-found');
  if (destination?.id === group.id) return refused('invalid-change');
  const after = new Map(state);
  after.delete(group.id);
  if (destination !== undefined)
    putMembers(after, destination, [...destination.applicationIds, ...group.applicationIds]);
  return { verdict: 'applied', after };
}

/** An accept leaves the tenant as it is. No ticket of a history deletes a group that it may accept as absent. */
function verdictOfAccept(state: State, change: AcceptRequest): string {
  const group = state.get(change.group.id);
  if (group === undefined) return 'rejected group-not-found';
  const { name = group.name, description = group.description, enabled = group.enabled } = stateOf(change) ?? {};
  const { has, hasNot, exactly = group.applicationIds } = acceptedMembers(change);
  const { applicationIds: members } = group;
  const isSame =
    change.state !== 'absent' &&
    [name, description, enabled].join() === [group.name, group.description, group.enabled].join() &&
    has.every((id) => members.includes(id)) &&
    !hasNot.some((id) => members.includes(id)) &&
    sorted(exactly).join() === sorted(members).join();
  return isSame ? 'unchanged' : 'rejected precondition-failed';
}

/** Stated fields are set, named applications join. */
function updateOf({ group, description, enabled, applications, ...create }: CreateRequest): UpdateRequest {
  const { schemaVersion, idempotencyKey, tenant } = create;
  return {
    ...{ schemaVersion, idempotencyKey, tenant, action: 'update', group },
    ...{ set: { description, enabled }, applications: { add: applications } },
    ...{ takeFromOtherGroups: false, leaveUngrouped: false },
  };
}

function expectedOfCreate(state: State, change: CreateRequest, refused: (code: string) => Expected): Expected {
  const ids = change.applications.map((one) => String(applicationOf(one)));
  if (findGroup(state, change.group) !== undefined) return refused('group-exists');
  if (ids.some((id) => homeOf(state, id) !== undefined)) return refused('application-in-other-group');
  const server = { microtenantId: '0', readOnly: false, modifiedBy: undefined, modifiedTime: undefined };
  const content = { id: CREATED, name: change.group.name, ...newGroupFields(change) };
  const group = { ...content, applicationIds: sorted(ids), ...server, creationTime: undefined };
  return { verdict: 'applied', after: new Map([...state, [CREATED, group]]) };
}

function expectedOfUpdate(
  state: State,
  change: UpdateRequest,
  group: SegmentGroup,
  refused: (code: string) => Expected,
): Expected {
  const asked = membershipOf(change);
  const has = (asked?.replace ?? asked?.add ?? []).map((one) => String(applicationOf(one)));
  const removed = (asked?.remove ?? []).map((one) => String(applicationOf(one)));
  if (has.some((id) => removed.includes(id))) return refused('invalid-change');
  if (change.expect?.enabled !== undefined && change.expect.enabled !== group.enabled)
    return refused('precondition-failed');
  const name = change.set?.name ?? group.name;
  if (name !== group.name && findGroup(state, { name }) !== undefined) return refused('group-exists');
  const foreign = has.filter((id) => ![undefined, group.id].includes(homeOf(state, id)?.id));
  if (foreign.length > 0 && !change.takeFromOtherGroups) return refused('application-in-other-group');
  const members = group.applicationIds;
  const leaving = members.filter((id) => (asked?.replace === undefined ? removed.includes(id) : !has.includes(id)));
  const destination = change.moveTo && findGroup(state, change.moveTo);
  if (change.moveTo !== undefined && destination === undefined) return refused('group-not-found');
  if (destination?.id === group.id) return refused('invalid-change');
  if (leaving.length > 0 && change.moveTo === undefined && !change.leaveUngrouped)
    return refused('would-leave-ungrouped');
  const after = new Map(state);
  const { description = group.description, enabled = group.enabled } = change.set ?? {};
  after.set(group.id, { ...group, name, description, enabled });
  putMembers(after, group, [...members.filter((id) => !leaving.includes(id)), ...has]);
  if (destination !== undefined) putMembers(after, destination, [...destination.applicationIds, ...leaving]);
  const same = contentOf(after) === contentOf(state);
  return { verdict: same ? 'unchanged' : 'applied', after };
}

/** An application is in one group: who gets it takes it from the others. */
function putMembers(state: State, { id }: SegmentGroup, members: string[]): void {
  for (const group of state.values()) {
    const left = group.id === id ? sorted(members) : group.applicationIds.filter((one) => !members.includes(one));
    state.set(group.id, { ...group, applicationIds: left });
  }
}

const homeOf = (state: State, application: string) =>
  [...state.values()].find((group) => group.applicationIds.includes(application));

export function findGroup(state: State, reference: Reference): SegmentGroup | undefined {
  if ('id' in reference) return state.get(reference.id);
  return [...state.values()].find((group) => group.name === reference.name);
}

export function applicationOf(reference: Reference): string | undefined {
  return [...APPLICATION_IDS, ...MANY_APPLICATION_IDS].find((id) =>
    'id' in reference ? reference.id === id : reference.name === applicationName(id),
  );
}

const sorted = (ids: Iterable<string>) => [...new Set(ids)].sort();

/** The visible state, as one text; a created group appears under its name. */
export function contentOf(state: State): string {
  const lines = [...state.values()].map(({ name, description, enabled, applicationIds }) =>
    JSON.stringify([name, description, enabled, applicationIds]),
  );
  return lines.sort().join('\n');
}
