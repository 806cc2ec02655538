import type { Resolution } from './outcome.ts';

/** Ids of application segments that a change adds or removes and that were so before: nothing is written for them. */
export type StandingMembers = { there: string[]; absent: string[] };

/** The members that the change names and that stay as they are. None of an outcome that was shortened, which is not known. */
export function standingMembers({
  approved: { members },
  effect: { added, removed },
}: Pick<Resolution, 'approved' | 'effect'>): StandingMembers {
  if ([...added, ...removed, ...members.has, ...members.hasNot].some((id) => id.startsWith('(')))
    return { there: [], absent: [] };
  const [joined, left] = [new Set(added), new Set(removed)];
  return {
    there: members.has.filter((id) => !joined.has(id)),
    absent: members.hasNot.filter((id) => !left.has(id)),
  };
}
