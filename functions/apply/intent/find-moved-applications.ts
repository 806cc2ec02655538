import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import type { Intent } from '../../../shared/domain/records/intent.ts';

import { isZpaFault } from '../../../shared/ports/zpa-fault.ts';
import type { StepContext } from '../settle/step-context.ts';

/**
 * Groups that applications were added to and have left again for another one. ZPA is not known to stamp the group that an
 * application leaves, so under our own stamp the group looks as if our write had been ignored: only the application tells.
 * Rejects as the `Zpa` port does.
 */
export async function findMovedApplications(
  { zpa, invocation, microtenantId }: StepContext,
  intent: Intent,
  live: ReadonlyMap<string, SegmentGroup | null>,
): Promise<ReadonlySet<string>> {
  const left = new Set<string>();
  for (const { write } of intent.writes) {
    if (write.kind !== 'update') continue;
    const members = new Set(live.get(write.groupId)?.applicationIds);
    const missing = write.addedApps.find((id) => !members.has(id));
    if (missing === undefined) continue;
    const home = await homeOf(zpa.getApplication(missing, { microtenantId, signal: invocation.signal }));
    if (home !== undefined && home !== write.groupId) left.add(write.groupId);
  }
  return left;
}

async function homeOf(reading: Promise<{ segmentGroupId: string | undefined }>): Promise<string | undefined> {
  try {
    return (await reading).segmentGroupId;
  } catch (error) {
    if (isZpaFault(error) && error.fault.code === 'not-found') return undefined;
    throw error;
  }
}
