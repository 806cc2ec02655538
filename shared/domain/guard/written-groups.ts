import { matchesPattern } from '../configuration/grants.ts';
import type { ReachTransition } from '../reach/reach.ts';

/** What guards ask of the groups that a change writes. */

export const namesOf = ({ before, after }: ReachTransition): string[] => [
  ...new Set([before?.name, after?.name].filter((name) => name !== undefined)),
];

/** The first of the names that a pattern matches. */
export const firstMatching = (patterns: readonly string[], names: readonly string[]): string | undefined =>
  names.find((name) => patternOf(patterns, name) !== undefined);

const patternOf = (patterns: readonly string[], name: string) => patterns.find((one) => matchesPattern(one, name));

export function removedApplications({ before, after }: ReachTransition): string[] {
  const stay = new Set(after?.applicationIds);
  return (before?.applicationIds ?? []).filter((id) => !stay.has(id));
}

/**
 * What a rename does to a guard of these groups: it takes a group out, and a later change would be free to do what the
 * guard refuses; or it puts one under, and no later change could undo that. undefined: the guard holds as before.
 */
export function renameAcrossGuard(
  groups: readonly string[],
  transitions: readonly ReachTransition[],
  guard: string,
): string | undefined {
  for (const { before, after } of transitions) {
    if (before === null || after === null) continue;
    const [was, is] = [patternOf(groups, before.name), patternOf(groups, after.name)];
    if ((was === undefined) === (is === undefined)) continue;
    const does = was === undefined ? 'put it under' : 'take it out of';
    return `renaming segment group "${before.name}" to "${after.name}" would ${does} the ${guard} "${was ?? is}"`;
  }
  return undefined;
}
