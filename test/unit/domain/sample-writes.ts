import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import type { PlannedWrite, ZpaWrite } from '../../../shared/domain/records/intent.ts';

type Update = Extract<ZpaWrite, { kind: 'update' }>;

/** A write of what differs between the group and what it is to be. */
export function update(
  before: SegmentGroup,
  over: Partial<Update> = {},
  fields: Partial<Update['fields']> = {},
): PlannedWrite {
  const { id: groupId, name, description, enabled, configSpace, microtenantId } = before;
  const unasked = { name, description, enabled, configSpace };
  return {
    before,
    write: {
      kind: 'update',
      via: 'v2',
      groupId,
      microtenantId,
      fields: { ...unasked, ...fields },
      addedApps: [],
      deletedApps: [],
      ...over,
    },
  };
}
export const deletion = (before: SegmentGroup): PlannedWrite => ({
  before,
  write: { kind: 'delete', groupId: before.id, microtenantId: '0' },
});
