import type { AcceptRequest, ChangeRequest } from '../change/change.ts';
import { acceptedApplications, statesAllMembers } from '../change/stated-members.ts';
import type { ResolvedNames } from '../configuration/grants.ts';
import type { LiveView } from '../group/live-view.ts';
import type { Decision, ResolvedApplications, Transition } from './decision.ts';
import { effectOf } from './group-content.ts';

/**
 * The groups and applications that a change touches, by their names in ZPA: those it names, whether they move or are
 * only expected, and those that its writes move or rename besides. They are taken from the writes themselves, so every
 * way of moving counts. A change that states the complete membership touches every member; an accept also whatever
 * tickets approved otherwise.
 */
export function touchedNames(
  change: ChangeRequest,
  live: LiveView,
  resolved: ResolvedApplications,
  decision: Decision,
): ResolvedNames {
  const transitions = decision.kind === 'write' ? decision.transitions : [];
  const named = new Map([...resolved.values()].map(({ id, name }) => [id, name]));
  const known = new Map([...live.memberNames, ...named]);
  const stated = statesAllMembers(change) && live.group.kind === 'found' ? live.group.value.applicationIds : [];
  const accepted = change.action === 'accept' ? acceptedIds(change, live) : [];
  const moved = transitions.flatMap(movedApplications);
  const applications = [...new Set([...named.keys(), ...moved, ...stated, ...accepted])];
  const written = transitions.flatMap(({ before, after }) => [before?.name, after?.name]);
  const ends = [live.group, live.destination].map((end) => (end?.kind === 'found' ? end.value.name : undefined));
  const { group, others = [] } = live.approvedBefore ?? {};
  const departed = others.map(({ name }) => name);
  const unnamedGroups = others.filter(({ name }) => name === undefined).map(({ id }) => id);
  return {
    groupNames: [...new Set([...ends, ...written, group?.name, ...departed].filter((name) => name !== undefined))],
    ...(live.approvedBefore !== undefined && { unnamedGroups: [...unnamedGroups, ...namelessGroup(change, live)] }),
    applicationNames: [...new Set(applications.map((id) => known.get(id)).filter((name) => name !== undefined))],
    unnamedApplications: applications.filter((id) => !known.has(id)),
  };
}

function acceptedIds(change: AcceptRequest, live: LiveView): string[] {
  const stated = acceptedApplications(change).flatMap((one) => ('id' in one ? [one.id] : []));
  return [...stated, ...(live.approvedBefore?.dropped ?? [])];
}

/** The group of an accept that ZPA does not show and of which no ticket told the name. */
function namelessGroup({ group }: ChangeRequest, { group: found, approvedBefore: before }: LiveView): string[] {
  const isNameless = before !== undefined && found.kind !== 'found' && before.group?.name === undefined;
  return isNameless && 'id' in group ? [group.id] : [];
}

function movedApplications({ before, after }: Transition): string[] {
  const { added, removed } = effectOf(before, after);
  return [...added, ...removed];
}
