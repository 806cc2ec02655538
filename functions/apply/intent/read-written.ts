import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import type { WrittenGroup } from '../../../shared/domain/intent/intent-writes.ts';
import { isZpaFault } from '../../../shared/ports/zpa-fault.ts';
import { readGroup } from '../../../shared/reading/read-group.ts';
import { OLDER_READING } from '../lane/refuse-older-reads.ts';
import type { StepContext } from '../settle/step-context.ts';

export type LiveGroups = ReadonlyMap<string, SegmentGroup | null>;

/** Reads the written groups by their ids; undefined: a replica that lags has answered, and another read follows. */
export async function readWritten(
  { zpa, invocation, microtenantId }: StepContext,
  written: readonly WrittenGroup[],
  isLast: boolean,
): Promise<LiveGroups | undefined> {
  const live = new Map<string, SegmentGroup | null>();
  try {
    for (const { groupId } of written) {
      const found = await readGroup(zpa, groupId, { microtenantId, signal: invocation.signal });
      live.set(groupId, found.kind === 'found' ? found.value : null);
    }
    return live;
  } catch (error) {
    if (isZpaFault(error) && error.fault.code === OLDER_READING && !isLast) return undefined;
    throw error;
  }
}
