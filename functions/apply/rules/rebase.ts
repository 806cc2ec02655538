import { hasSameContent } from '../../../shared/domain/decide/group-content.ts';
import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import { groupAfterWrite } from '../../../shared/domain/intent/intent-writes.ts';
import type { PlannedWrite } from '../../../shared/domain/records/intent.ts';

/**
 * Rebases a write of a half-done move, which must be finished although somebody has edited the group meanwhile. Only a write
 * of memberships that certainly has had no effect is put on top of the live group. undefined: that is not certain, also where
 * the only possible edit is one that undid the write.
 */
export function rebaseMembership({ write, before }: PlannedWrite, live: SegmentGroup): PlannedWrite | undefined {
  if (write.kind !== 'update' || before === null || hasSameContent(before, live)) return undefined;
  const { name, description, enabled, configSpace } = live;
  const isNameAndEnabledKept = write.fields.name === before.name && write.fields.enabled === before.enabled;
  if (!isNameAndEnabledKept || write.fields.description !== before.description) return undefined;
  const members = new Set(live.applicationIds);
  const isUntouched =
    write.addedApps.every((id) => !members.has(id)) && write.deletedApps.every((id) => members.has(id));
  if (!isUntouched) return undefined;
  return { write: { ...write, fields: { name, description, enabled, configSpace } }, before: live };
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
