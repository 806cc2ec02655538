import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import type { Intent } from '../../../shared/domain/records/intent.ts';
import { missingIfNotFound } from '../../../shared/reading/resolve-names.ts';
import type { StepContext } from '../settle/step-context.ts';

/**
 * Finds the groups whose added applications have moved on, and the group that each of them has moved on to. ZPA is not
 * known to stamp the group that an application leaves, so under our own stamp the group looks as if our write had been
 * ignored. Only a read of the application shows its group. Rejects as the `Zpa` port does.
 */
export async function findMovedApplications(
  { zpa, scope }: StepContext,
  intent: Intent,
  live: ReadonlyMap<string, SegmentGroup | null>,
): Promise<ReadonlyMap<string, string>> {
  const movedOn = new Map<string, string>();
  for (const { write } of intent.writes) {
    if (write.kind !== 'update') continue;
    const members = new Set(live.get(write.groupId)?.applicationIds);
    const missing = write.addedApps.find((id) => !members.has(id));
    if (missing === undefined) continue;
    const found = await missingIfNotFound(zpa.getApplication(missing, scope));
    const groupId = found.kind === 'found' ? found.value.segmentGroupId : undefined;
    if (groupId !== undefined && groupId !== write.groupId) movedOn.set(write.groupId, groupId);
  }
  return movedOn;
}
