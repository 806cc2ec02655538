import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import type { WrittenGroup } from '../../../shared/domain/intent/intent-writes.ts';
import { isZpaFault } from '../../../shared/ports/zpa-fault.ts';
import { readGroup } from '../../../shared/reading/read-live.ts';
import { OLDER_READING } from '../lane/refuse-older-reads.ts';
import type { StepContext } from '../settle/step-context.ts';

export type LiveGroups = ReadonlyMap<string, SegmentGroup | null>;

/** Reads these groups one after the other; null: there is none. Rejects as the `Zpa` port does. */
async function readById({ zpa, invocation, microtenantId }: StepContext, ids: readonly string[]): Promise<LiveGroups> {
  const live = new Map<string, SegmentGroup | null>();
  for (const id of ids) {
    const found = await readGroup(zpa, id, { microtenantId, signal: invocation.signal });
    live.set(id, found.kind === 'found' ? found.value : null);
  }
  return live;
}

/** Reads the written groups by their ids; undefined: a replica that lags has answered, and another read follows. */
export async function readWritten(
  context: StepContext,
  written: readonly WrittenGroup[],
  isLast: boolean,
): Promise<LiveGroups | undefined> {
  try {
    return await readById(
      context,
      written.map(({ groupId }) => groupId),
    );
  } catch (error) {
    if (isZpaFault(error) && error.fault.code === OLDER_READING && !isLast) return undefined;
    throw error;
  }
}
