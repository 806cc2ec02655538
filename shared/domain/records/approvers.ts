import type { Approver, DesiredGroup } from './desired-group.ts';

/**
 * The changes that approved the parts of a group's desired state, so that a finding names the ticket of just its part. The
 * newest changes are kept, and always those behind a field, the complete membership and the deletion.
 */

/** Each takes up to 0.9 KB; where the item would be too large with all of them, fewer are kept (`fitDesired`). */
export const MAX_REMEMBERED_APPROVERS = 200;

/** The statements of a group that a sequence stands for, other than those about one application. */
type Statements = Pick<DesiredGroup, 'name' | 'description' | 'enabled' | 'complete' | 'deleted'>;

/** `known` with one more change. The result does not depend on the order in which changes are added. */
export function rememberApprover(
  known: Record<string, Approver> | undefined,
  sequence: number,
  approver: Approver,
  statements: Statements,
): Record<string, Approver> {
  return newestApprovers({ ...known, [sequence]: approver }, statements, MAX_REMEMBERED_APPROVERS);
}

/** The newest `most` of these changes, and those behind a field, the complete membership and the deletion. */
export function newestApprovers(
  known: Record<string, Approver>,
  { name, description, enabled, complete, deleted }: Statements,
  most: number,
): Record<string, Approver> {
  const all = Object.entries(known);
  if (all.length <= most) return known;
  const stated = [name?.sequence, description?.sequence, enabled?.sequence, complete, deleted?.sequence];
  const kept = new Set(stated.map(String));
  const newest = all.toSorted(([a], [b]) => Number(b) - Number(a)).slice(0, most);
  return Object.fromEntries([...newest, ...all.filter(([at]) => kept.has(at))]);
}

/** The change behind a sequence of the group; undefined if it is forgotten. */
export function approverOf({ approvals, last }: DesiredGroup, sequence: number | undefined): Approver | undefined {
  if (sequence === undefined) return undefined;
  return approvals?.[sequence] ?? (last.sequence === sequence ? last : undefined);
}
