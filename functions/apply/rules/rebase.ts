import { hasSameContent } from '../../../shared/domain/decide/group-content.ts';
import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import { groupAfterWrite } from '../../../shared/domain/intent/intent-writes.ts';
import type { PlannedWrite } from '../../../shared/domain/records/intent.ts';

/**
 * A later write of a half-done move got no answer, and somebody has edited its group meanwhile: whether it may be put on top of
 * that. Only a write of memberships that certainly has had no effect may; where the only possible edit is one that undid the
 * write, that is not certain.
 */
export function mayRebase({ write, before }: PlannedWrite, live: SegmentGroup): boolean {
  if (write.kind !== 'update' || before === null || hasSameContent(before, live)) return false;
  const { name, description, enabled } = write.fields;
  if (name !== before.name || description !== before.description || enabled !== before.enabled) return false;
  const members = new Set(live.applicationIds);
  return write.addedApps.every((id) => !members.has(id)) && write.deletedApps.every((id) => members.has(id));
}

/**
 * Rebases a write that certainly was not sent, on a group that somebody may have edited since the decision: the result has
 * the fields and memberships that the write names, and everything else as it is now. `via`: its way by now. undefined: the group
 * is already so.
 */
export function rebaseOntoLive(
  { write, before }: PlannedWrite,
  live: SegmentGroup,
  via: 'v1' | 'v2',
): PlannedWrite | undefined {
  if (write.kind !== 'update' || before === null) return { write, before: live };
  const members = new Set(live.applicationIds);
  const { fields } = write;
  const rebased: PlannedWrite = {
    before: live,
    write: {
      ...write,
      via,
      fields: {
        name: fields.name === before.name ? live.name : fields.name,
        description: fields.description === before.description ? live.description : fields.description,
        enabled: fields.enabled === before.enabled ? live.enabled : fields.enabled,
        configSpace: live.configSpace,
      },
      addedApps: write.addedApps.filter((id) => !members.has(id)),
      deletedApps: write.deletedApps.filter((id) => members.has(id)),
    },
  };
  const after = groupAfterWrite(rebased);
  return after !== null && hasSameContent(live, after) ? undefined : rebased;
}
