import { isAboutManaged } from './drift.ts';
import type { DriftReport, FindingKind, NotChecked } from './report.ts';

type Group = { id: string; microtenantId: string };

/**
 * True if a group was not read because of this. All tenants of a lane are one customer, so what one of them could not
 * read hides the groups of all. An open change that cannot be read hides none. `kind`: of a finding about the group. A
 * part without managed groups, as an object of a list that has no id or a list of which another one has the groups,
 * hides none of these.
 */
export function hides(unread: NotChecked, group: Group, kind?: FindingKind): boolean {
  if (unread.groupId !== undefined) return unread.groupId === group.id;
  if (isOpenChange(unread)) return false;
  if (unread.groups === 0 && kind !== undefined && isAboutManaged(kind)) return false;
  return unread.microtenantId === undefined || unread.microtenantId === group.microtenantId;
}

/** The part of a report that names what it did not read. */
export type Reading = Pick<DriftReport, 'notChecked' | 'onlyMicrotenants'>;

/** True if a report has asked for the groups of a microtenant. */
export const covers = ({ onlyMicrotenants }: Reading, { microtenantId }: Group): boolean =>
  onlyMicrotenants === undefined || onlyMicrotenants.includes(microtenantId);

/** True if a report has read and compared a group of its lane; `kind` as of `hides`. */
export const wasChecked = (report: Reading, group: Group, kind?: FindingKind): boolean =>
  covers(report, group) && !report.notChecked.some((unread) => hides(unread, group, kind));

/** True if `later` is what `earlier` could not read either, or a part of it. The reason may be another one. */
export function continues(earlier: NotChecked, later: NotChecked): boolean {
  if (isNameless(earlier) || isNameless(later)) {
    return isNameless(earlier) && isNameless(later) && earlier.code === later.code && earlier.reason === later.reason;
  }
  if (earlier.groupId !== undefined) return earlier.groupId === later.groupId;
  return earlier.microtenantId === undefined || earlier.microtenantId === later.microtenantId;
}

/** True if the two may have hidden the same group. */
export function overlap(one: NotChecked, other: NotChecked): boolean {
  const differ = (a: string | undefined, b: string | undefined) => a !== undefined && b !== undefined && a !== b;
  if (isNameless(one) || isNameless(other)) return false;
  return !differ(one.groupId, other.groupId) && !differ(one.microtenantId, other.microtenantId);
}

/** Something that cannot be parsed, of which not even the group is known. */
const isNameless = ({ groupId, code }: NotChecked) =>
  groupId === undefined && (code === 'record-malformed' || code === 'group-malformed');

const isOpenChange = ({ groupId, code }: NotChecked) => groupId === undefined && code === 'record-malformed';
