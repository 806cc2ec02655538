import type { GroupReading, SegmentGroup } from '../group/group.ts';
import type { Effect, GroupSummary } from '../outcome/outcome.ts';

/** The writable part of a segment group: compared, summed up, and told apart. */

/** The id of a group that is not created yet. */
export const NEW_GROUP = 'new';

export const sortedIds = (list: Iterable<string>): string[] => [...new Set(list)].sort();

/** The group alone: what is kept or shown of it. */
export function withoutNames({ memberNames: _memberNames, ...group }: GroupReading): SegmentGroup {
  return group;
}

/** `group` without `leaving` and with `joining`: a state nobody has read, so it bears no stamps of ZPA. */
export function withMembers(group: SegmentGroup, joining: readonly string[], leaving: readonly string[]): SegmentGroup {
  const gone = new Set(leaving);
  const applicationIds = sortedIds([...group.applicationIds.filter((id) => !gone.has(id)), ...joining]);
  return { ...group, applicationIds, modifiedBy: undefined, modifiedTime: undefined };
}

/** Writable content alike: server-owned fields do not count. */
export function hasSameContent(a: SegmentGroup, b: SegmentGroup): boolean {
  return contentDifferences(a, b).length === 0;
}

/** Names of writable fields in which two groups differ; `applications` for the membership. */
export function contentDifferences(a: SegmentGroup, b: SegmentGroup): string[] {
  const fields = (['name', 'description', 'enabled'] as const).filter((field) => a[field] !== b[field]);
  const members = a.applicationIds.join() === b.applicationIds.join() ? [] : ['applications'];
  return [...fields, ...members];
}

/**
 * Nobody wrote between two reads of a group, as far as ZPA's own stamps tell: content that is as before may also be a
 * write and somebody's undoing of it. Where either read has no stamp, they say nothing against it.
 */
export function hasSameStamp(a: SegmentGroup, b: SegmentGroup): boolean {
  if (a.modifiedTime === undefined || b.modifiedTime === undefined) return true;
  return a.modifiedTime === b.modifiedTime && a.modifiedBy === b.modifiedBy;
}

export function summaryOf(group: SegmentGroup): GroupSummary {
  return {
    name: group.name,
    description: group.description,
    enabled: group.enabled,
    applicationCount: group.applicationIds.length,
  };
}

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
