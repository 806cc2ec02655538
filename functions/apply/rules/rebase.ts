import { sameContent } from '../../../shared/domain/decide/group-content.ts';
import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import type { PlannedWrite } from '../../../shared/domain/records/intent.ts';

import { groupAfterWrite } from './fold-step.ts';

/** What is left of a planned write on a group that somebody may have edited since it was planned. */

/**
 * A move half done must be finished although somebody edited the group meanwhile: a write of memberships alone, of
 * which nothing has happened yet, is put on top of what is there now. undefined: that is not certain, also where the only
 * thing somebody can have done is to undo it.
 */
export function rebaseMembership({ write, before }: PlannedWrite, live: SegmentGroup): PlannedWrite | undefined {
  if (write.kind !== 'update' || before === null || sameContent(before, live)) return undefined;
  const { name, description, enabled, configSpace } = live;
  const fieldsUnasked = write.fields.name === before.name && write.fields.enabled === before.enabled;
  if (!fieldsUnasked || write.fields.description !== before.description) return undefined;
  const members = new Set(live.applicationIds);
  const untouched = write.addedApps.every((id) => !members.has(id)) && write.deletedApps.every((id) => members.has(id));
  if (!untouched) return undefined;
  return { write: { ...write, fields: { name, description, enabled, configSpace } }, before: live };
}

/**
 * A write of which certainly nothing was sent, on a group that somebody may have edited since it was decided: the fields
 * and memberships it names, all else as it is now. undefined: the group is so already.
 */
export function rebaseOntoLive({ write, before }: PlannedWrite, live: SegmentGroup): PlannedWrite | undefined {
  if (write.kind !== 'update' || before === null) return { write, before: live };
  const members = new Set(live.applicationIds);
  const { fields } = write;
  const again: PlannedWrite = {
    before: live,
    write: {
      ...write,
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
  const after = groupAfterWrite(again);
  return after !== null && sameContent(live, after) ? undefined : again;
}
