import type { Effect } from '../outcome/outcome.ts';
import type { ChangeRecord } from '../records/change-record.ts';

/** A change that was applied, and its effect. */
export type AppliedChange = { record: ChangeRecord; effect: Effect };

/** The effect of a change that was written to ZPA; undefined: it wrote nothing. */
export function effectOfApplied({ change, outcome }: Pick<ChangeRecord, 'change' | 'outcome'>): Effect | undefined {
  return outcome?.kind === 'applied' && change.action !== 'accept' ? outcome.effect : undefined;
}

/** Application segments that go back: out of the group that the change left them in, into the one they were in before. */
export type Return = { from: string | undefined; to: string | undefined; ids: string[] };

/** The ways back of all application segments that a change moved; `undefined` stands for no group. */
export function returnsOf({ groupId, added, removed, moves = [] }: Effect): Return[] {
  const movedIn = moves.filter(({ to }) => to.id === groupId);
  const movedOut = moves.filter(({ from }) => from.id === groupId);
  const without = (ids: readonly string[], moved: typeof moves) => {
    const known = new Set(moved.flatMap(({ applicationIds }) => applicationIds));
    return ids.filter((id) => !known.has(id));
  };
  return [
    ...movedIn.map(({ from, applicationIds }) => ({ from: groupId, to: from.id, ids: applicationIds })),
    ...movedOut.map(({ to, applicationIds }) => ({ from: to.id, to: groupId, ids: applicationIds })),
    { from: groupId, to: undefined, ids: without(added, movedIn) },
    { from: undefined, to: groupId, ids: without(removed, movedOut) },
  ].filter(({ ids }) => ids.length > 0);
}

/** Ids of the groups that a change wrote. */
export function groupsWritten({ groupId, moves = [] }: Effect): string[] {
  return [...new Set([groupId, ...moves.flatMap(({ from, to }) => [from.id, to.id])])];
}

/** True if the ledger kept only the first of its application segments, with their number in place of the rest. */
export const isShortened = ({ added, removed }: Effect): boolean =>
  [...added, ...removed].some((id) => id.startsWith('('));

export const FIELDS = ['name', 'description', 'enabled'] as const;

/** The fields that a change wrote. */
export const fieldsWritten = ({ before, after }: Effect) =>
  before === null || after === null ? [] : FIELDS.filter((field) => before[field] !== after[field]);
