import type { GroupReading, SegmentGroup } from '../group/group.ts';
import type { Effect, GroupSummary } from '../outcome/outcome.ts';
import { isSameText } from '../text/same-text.ts';

/** Comparisons and summaries of the writable part of a segment group. */

/** The id of a group that is not created yet. */
export const NEW_GROUP = 'new';

/** Ids in the form that `SegmentGroup.applicationIds` requires: sorted, without duplicates. */
export const sortedIds = (list: Iterable<string>): string[] => [...new Set(list)].sort();

/** The group without what was read of its members, for storage and display. */
export function withoutNames({ members: _members, ...group }: GroupReading): SegmentGroup {
  return group;
}

/** `group` without `leaving` and with `joining`. This state was not read from ZPA, so it has no modification stamps. */
export function withMembers(group: SegmentGroup, joining: readonly string[], leaving: readonly string[]): SegmentGroup {
  const gone = new Set(leaving);
  const applicationIds = sortedIds([...group.applicationIds.filter((id) => !gone.has(id)), ...joining]);
  return { ...group, applicationIds, modifiedBy: undefined, modifiedTime: undefined };
}

/** Compares the writable content only; fields that ZPA owns do not count, and texts that read the same are equal. */
export function hasSameContent(a: SegmentGroup, b: SegmentGroup): boolean {
  return contentDifferences(a, b).length === 0;
}

/** The names of the writable fields in which two groups differ; `applications` stands for the membership. */
export function contentDifferences(a: SegmentGroup, b: SegmentGroup): string[] {
  const texts = (['name', 'description'] as const).filter((field) => !isSameText(a[field], b[field]));
  const fields = a.enabled === b.enabled ? texts : [...texts, 'enabled'];
  const members = a.applicationIds.join() === b.applicationIds.join() ? [] : ['applications'];
  return [...fields, ...members];
}

/**
 * True if ZPA's own stamps allow that nobody wrote between two reads of a group. Equal content alone does not show it:
 * it may be the result of a write and its reversal. If either read has no stamp, the answer is true.
 */
export function hasSameStamp(a: SegmentGroup, b: SegmentGroup): boolean {
  if (a.modifiedTime === undefined || b.modifiedTime === undefined) return true;
  return a.modifiedTime === b.modifiedTime && a.modifiedBy === b.modifiedBy;
}

/** The fields of a group that an outcome stores. */
export function summaryOf(group: SegmentGroup): GroupSummary {
  return {
    name: group.name,
    description: group.description,
    enabled: group.enabled,
    applicationCount: group.applicationIds.length,
  };
}

/** The effect of one group's transition. */
export function effectOf(before: SegmentGroup | null, after: SegmentGroup | null): Effect {
  const was = new Set(before?.applicationIds);
  const is = new Set(after?.applicationIds);
  return {
    groupId: before?.id ?? NEW_GROUP,
    before: before && summaryOf(before),
    after: after && summaryOf(after),
    added: [...is].filter((id) => !was.has(id)),
    removed: [...was].filter((id) => !is.has(id)),
  };
}
