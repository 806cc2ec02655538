import type { ChangeRequest } from '../change/change.ts';
import { type ResolvedNames, referencesIn } from '../configuration/grants.ts';
import type { LiveView } from '../group/live-view.ts';
import { resolvedApplication } from './decide-checks.ts';
import type { Decision, ResolvedApplications, Transition } from './decision.ts';
import { effectOf } from './group-content.ts';

/**
 * The groups and applications that a change touches, by their names in ZPA: those it names, whether they move or not,
 * and those that its writes move or rename besides. They are taken from the writes themselves, so every way of moving
 * counts.
 */
export function touchedNames(
  change: ChangeRequest,
  live: LiveView,
  resolved: ResolvedApplications,
  decision: Decision,
): ResolvedNames {
  const transitions = decision.kind === 'write' ? decision.transitions : [];
  const known = new Map([...live.memberNames, ...[...resolved.values()].map(({ id, name }) => [id, name] as const)]);
  const named = referencesIn(change).applications.map((reference) => resolvedApplication(resolved, reference).id);
  const applications = [...new Set([...named, ...transitions.flatMap(movedApplications)])];
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
