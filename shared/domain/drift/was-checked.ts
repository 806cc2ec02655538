import type { NotChecked } from './report.ts';

type Group = { id: string; microtenantId: string };

/**
 * Whether a group was not read because of this. All tenants of a lane are one customer, so what one of them could not read hides
 * the groups of all. An open change that cannot be read hides none.
 */
export function hides(unread: NotChecked, group: Group): boolean {
  if (unread.groupId !== undefined) return unread.groupId === group.id;
  if (isOpenChange(unread)) return false;
  return unread.microtenantId === undefined || unread.microtenantId === group.microtenantId;
}

/** Whether a report has read and compared a group of its lane. */
export const wasChecked = (notChecked: readonly NotChecked[], group: Group): boolean =>
  !notChecked.some((unread) => hides(unread, group));

/** Whether `later` is what `earlier` could not read either, or a part of it. The reason may be another one. */
export function continues(earlier: NotChecked, later: NotChecked): boolean {
  if (isOpenChange(earlier) || isOpenChange(later)) {
    return isOpenChange(earlier) && isOpenChange(later) && earlier.reason === later.reason;
  }
  if (earlier.groupId !== undefined) return earlier.groupId === later.groupId;
  return earlier.microtenantId === undefined || earlier.microtenantId === later.microtenantId;
}

/** Whether the two may have hidden the same group. */
export function overlap(one: NotChecked, other: NotChecked): boolean {
  const differ = (a: string | undefined, b: string | undefined) => a !== undefined && b !== undefined && a !== b;
  if (isOpenChange(one) || isOpenChange(other)) return false;
  return !differ(one.groupId, other.groupId) && !differ(one.microtenantId, other.microtenantId);
}

const isOpenChange = ({ groupId, code }: NotChecked) => groupId === undefined && code === 'record-malformed';
