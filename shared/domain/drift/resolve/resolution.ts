import type { SegmentGroup } from '../../group/group.ts';
import type { DesiredGroup } from '../../records/desired-group.ts';
import { isMove } from '../drift.ts';
import type { Finding } from '../report.ts';

/** The state of a lane that findings are resolved against: one reading of ZPA, and what tickets approved. */
export type LaneState = {
  /** Live groups by id. */
  groups: ReadonlyMap<string, SegmentGroup>;
  /** Approved groups by id, deleted ones included. */
  desired: ReadonlyMap<string, DesiredGroup>;
  /** Ids of the live application segments; undefined: they were not read. */
  applicationIds: ReadonlySet<string> | undefined;
  /** The configured name by which a change names the microtenant; undefined: the tenant has none of its own for it. */
  microtenantOf(tenant: string, microtenantId: string): MicrotenantName;
};

/** `named: undefined`: the change leaves the microtenant out. */
export type MicrotenantName = { configured: true; named: string | undefined } | { configured: false };

/** An application segment of a generated change; always by id, because names may have changed since. */
export type ById = { id: string };

export type AcceptedState =
  | {
      name?: string;
      description?: string;
      enabled?: boolean;
      applications?: { exactly: ById[] } | { has?: ById[]; hasNot?: ById[] };
    }
  | 'absent';

type Expectation = {
  name?: string;
  description?: string;
  enabled?: boolean;
  members?: { has?: ById[]; hasNot?: ById[]; exactly?: ById[] };
};

/** The part of a generated change that its finding decides, in the order in which a person reads it. */
export type ChangeBody =
  | { action: 'accept'; group: ById; state: AcceptedState }
  | {
      action: 'update';
      group: ById | { name: string };
      expect?: Expectation;
      set?: { name?: string; description?: string; enabled?: boolean };
      applications?: { add?: ById[]; remove?: ById[] } | { replace: ById[] };
      takeFromOtherGroups?: true;
      moveTo?: ById | { name: string };
      leaveUngrouped?: true;
    }
  | { action: 'create'; group: { name: string }; description?: string; enabled?: boolean; applications: ById[] }
  | { action: 'delete'; group: ById; expect: Expectation };

/** A change that has no key yet. */
export type Draft = {
  tenant: string;
  microtenant?: string;
  body: ChangeBody;
  /** Ids of the findings that it answers, or keys of the changes that it undoes; none for a baseline. */
  answers: string[];
  /** Keys of the approvals that it replaces: a finding that returns after them needs a change of its own. */
  replaces: string[];
};

/** A finding, a group of a baseline, or a change to undo (`id`: its key), for which there is no change. */
export type Unresolved = { id: string; group: string; reason: string; remedy: string };

/**
 * `units`: drafts in the order in which they are carried out; a draft needs those before it in its unit, and none of
 * another unit. `notes`: what the person should know of a change before sending it.
 */
export type Resolution = { units: Draft[][]; unresolved: Unresolved[]; notes: string[] };

/** The resolutions of several lanes as one. */
export const joined = (list: readonly Resolution[]): Resolution => ({
  units: list.flatMap(({ units }) => units),
  unresolved: list.flatMap(({ unresolved }) => unresolved),
  notes: list.flatMap(({ notes }) => notes),
});

/** Name and id of a group for a person. */
export const nameOf = ({ id, name }: { id: string; name: string }): string => (name === '' ? id : `"${name}" (${id})`);

export const byIds = (ids: Iterable<string>): ById[] => [...new Set(ids)].toSorted().map((id) => ({ id }));

export function unresolved(finding: Finding, reason: string, remedy: string): Unresolved {
  return { id: finding.id, group: nameOf(finding.group), reason, remedy };
}

/** Tenant and microtenant of a group. */
type Place = { tenant: string; microtenantId: string };

/** Finds the place of a group of the lane, as tickets approved it or as it lives; undefined: neither is known. */
function placeIn({ groups, desired }: LaneState, groupId: string, finding: Finding): Place | undefined {
  const { group } = finding;
  const live = groups.get(groupId);
  if (groupId === group.id) {
    return isMove(finding) && live !== undefined ? { ...group, microtenantId: live.microtenantId } : group;
  }
  const approved = desired.get(groupId);
  if (approved !== undefined) return approved;
  return live === undefined ? undefined : { tenant: group.tenant, microtenantId: live.microtenantId };
}

/** The groups that a finding is about: its own, and the other end of a move or the twin, if they live. */
export function groupsOf({ group, from, to }: Finding, { groups }: LaneState): string[] {
  const others = [from, typeof to === 'object' ? to : undefined];
  return [group.id, ...others.flatMap((other) => (other !== undefined && groups.has(other.id) ? [other.id] : []))];
}

/** The reason why nothing can be decided about a finding now; undefined: it can. */
export function refusalOf(finding: Finding, state: LaneState): Unresolved | undefined {
  if (finding.state === 'in-flight') {
    return unresolved(finding, 'a change to it is in progress', 'Wait until that change has ended, then try again.');
  }
  for (const groupId of groupsOf(finding, state)) {
    const place = placeIn(state, groupId, finding);
    if (place === undefined || state.microtenantOf(place.tenant, place.microtenantId).configured) continue;
    const reason = `the settings name no microtenant ${place.microtenantId} of tenant "${place.tenant}"`;
    return unresolved(finding, reason, 'Add it to the settings (`microtenants`), or resolve it in ZPA.');
  }
  return undefined;
}

/** Tenant and microtenant of a change about one of the groups of a finding that `refusalOf` does not refuse. */
export function placeOf(state: LaneState, groupId: string, finding: Finding): Pick<Draft, 'tenant' | 'microtenant'> {
  const { tenant, microtenantId } = placeIn(state, groupId, finding) ?? finding.group;
  return inMicrotenant(state, tenant, microtenantId);
}

/** Throws if the microtenant is not configured. */
export function inMicrotenant(state: Pick<LaneState, 'microtenantOf'>, tenant: string, microtenantId: string) {
  const microtenant = state.microtenantOf(tenant, microtenantId);
  if (!microtenant.configured) throw new Error(`microtenant ${microtenantId} of ${tenant} is not configured`);
  return microtenant.named === undefined ? { tenant } : { tenant, microtenant: microtenant.named };
}

/** Throws if it was not read. */
export function liveGroup(groups: LaneState['groups'], id: string): SegmentGroup {
  const group = groups.get(id);
  if (group === undefined) throw new Error(`group ${id} was not read`);
  return group;
}

/** The key of the change that approved the finding's facet, if one did. */
export const approvalsOf = ({ approval }: Finding): string[] => (approval === undefined ? [] : [approval.key]);

export type Fields = { name?: string; description?: string; enabled?: boolean };

/** The fields in one order, so that the order of findings is no part of a change. */
export function inOrder({ name, description, enabled }: Fields): Fields {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(enabled !== undefined && { enabled }),
  };
}

/** Lists of at most `size` entries; of an empty list none. */
export function chunksOf<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
