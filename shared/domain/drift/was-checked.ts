import type { NotChecked } from './report.ts';

/**
 * Whether a report has read and compared a group of its lane. All tenants of a lane are one customer, so what one of them could
 * not read hides the groups of all. An open change that cannot be read hides no group.
 */
export function wasChecked(notChecked: readonly NotChecked[], group: { id: string; microtenantId: string }): boolean {
  return !notChecked.some(({ groupId, microtenantId, code }) => {
    if (groupId !== undefined) return groupId === group.id;
    if (code === 'record-malformed') return false;
    return microtenantId === undefined || microtenantId === group.microtenantId;
  });
}
