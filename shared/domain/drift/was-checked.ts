import type { DriftReport, NotChecked } from './report.ts';

type Group = { id: string; microtenantId: string };

/**
 * Whether a group was not read because of this. All tenants of a lane are one customer, so what one of them could not read hides
 * the groups of all. What shows no group's id hides none: an open change, or an object of a list, beside which a managed group is
 * read by its id.
 */
export function hides(unread: NotChecked, group: Group): boolean {
  if (unread.groupId !== undefined) return unread.groupId === group.id;
  if (isNameless(unread)) return false;
  return unread.microtenantId === undefined || unread.microtenantId === group.microtenantId;
}

/** What a report says about what it did not read. */
export type Reading = Pick<DriftReport, 'notChecked' | 'onlyMicrotenants'>;

/** Whether a report has asked for the groups of a microtenant. */
export const covers = ({ onlyMicrotenants }: Reading, { microtenantId }: Group): boolean =>
  onlyMicrotenants === undefined || onlyMicrotenants.includes(microtenantId);

/** Whether a report has read and compared a group of its lane. */
export const wasChecked = (report: Reading, group: Group): boolean =>
  covers(report, group) && !report.notChecked.some((unread) => hides(unread, group));

/** Whether `later` is what `earlier` could not read either, or a part of it. The reason may be another one. */
export function continues(earlier: NotChecked, later: NotChecked): boolean {
  if (isNameless(earlier) || isNameless(later)) {
    return isNameless(earlier) && isNameless(later) && earlier.code === later.code && earlier.reason === later.reason;
  }
  if (earlier.groupId !== undefined) return earlier.groupId === later.groupId;
  return earlier.microtenantId === undefined || earlier.microtenantId === later.microtenantId;
}

/** Whether the two may have hidden the same group. */
export function overlap(one: NotChecked, other: NotChecked): boolean {
  const differ = (a: string | undefined, b: string | undefined) => a !== undefined && b !== undefined && a !== b;
  if (isNameless(one) || isNameless(other)) return false;
  return !differ(one.groupId, other.groupId) && !differ(one.microtenantId, other.microtenantId);
}

/** Something that cannot be parsed, of which not even the group is known. */
const isNameless = ({ groupId, code }: NotChecked) =>
  groupId === undefined && (code === 'record-malformed' || code === 'group-malformed');
