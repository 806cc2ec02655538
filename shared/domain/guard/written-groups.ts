import { matchesPattern } from '../configuration/grants.ts';
import type { ReachTransition } from '../reach/reach.ts';

/** The facts that guards need about the groups a change writes. */

/** The group's name before and after the write. */
export const namesOf = ({ before, after }: ReachTransition): string[] => [
  ...new Set([before?.name, after?.name].filter((name) => name !== undefined)),
];

/** The first name that any of the patterns matches. */
export const firstMatching = (patterns: readonly string[], names: readonly string[]): string | undefined =>
  names.find((name) => patternOf(patterns, name) !== undefined);

const patternOf = (patterns: readonly string[], name: string) => patterns.find((one) => matchesPattern(one, name));

/** Ids of the applications that leave the group. */
export function removedApplications({ before, after }: ReachTransition): string[] {
  const stay = new Set(after?.applicationIds);
  return (before?.applicationIds ?? []).filter((id) => !stay.has(id));
}

/**
 * A sentence if a rename moves a group out of a guard or into it. Out of it, a later change would be free to do what
 * the guard refuses; into it, no later change could undo the rename. undefined: no rename affects the guard.
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
