import type { ResolvedNames } from '../configuration/grants.ts';
import type { LiveView } from '../group/live-view.ts';
import type { Decision, ResolvedApplications, Transition } from './decision.ts';
import { effectOf } from './group-content.ts';

/**
 * The groups and applications that a change touches, by their names in ZPA: those it names, whether they move or are
 * only expected, and those that its writes move or rename besides. They are taken from the writes themselves, so every
 * way of moving counts.
 */
export function touchedNames(live: LiveView, resolved: ResolvedApplications, decision: Decision): ResolvedNames {
  const transitions = decision.kind === 'write' ? decision.transitions : [];
  const named = new Map([...resolved.values()].map(({ id, name }) => [id, name]));
  const known = new Map([...live.memberNames, ...named]);
  const applications = [...new Set([...named.keys(), ...transitions.flatMap(movedApplications)])];
  const written = transitions.flatMap(({ before, after }) => [before?.name, after?.name]);
  const ends = [live.group, live.destination].map((end) => (end?.kind === 'found' ? end.value.name : undefined));
  return {
    groupNames: [...new Set([...ends, ...written].filter((name) => name !== undefined))],
    applicationNames: [...new Set(applications.map((id) => known.get(id)).filter((name) => name !== undefined))],
    unnamedApplications: applications.filter((id) => !known.has(id)),
  };
}

function movedApplications({ before, after }: Transition): string[] {
  const { added, removed } = effectOf(before, after);
  return [...added, ...removed];
}
