import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import { groupAfterWrite, writeAtCursor } from '../../../../shared/domain/intent/intent-writes.ts';
import { laneMismatch } from '../../../../shared/domain/lane/lane-tenants.ts';
import type { Intent, PlannedWrite } from '../../../../shared/domain/records/intent.ts';
import { readGroup } from '../../../../shared/reading/read-group.ts';
import { readTargets } from '../../../../shared/reading/read-targets.ts';
import { readFailure } from '../../../../shared/reading/retry-read.ts';
import type { OpsSession } from '../../session/compose.ts';

/**
 * One write of an intent: its group before it, as intended, and as it lives in ZPA now. `unread`: why it could not be
 * read.
 */
export type WrittenNow = {
  write: PlannedWrite['write'];
  before: SegmentGroup | null;
  intended: SegmentGroup | null;
  live: SegmentGroup | null;
  unread?: string;
};

/** Reads the group of each write of the intent, one read after the other; a read that fails says so. */
export async function readWritten(
  session: OpsSession,
  lane: string,
  intent: Intent,
  signal: AbortSignal,
): Promise<WrittenNow[]> {
  const found: WrittenNow[] = [];
  for (const planned of intent.writes) {
    const intended = groupAfterWrite(planned);
    const { write, before } = planned;
    found.push({ write, before, intended, ...(await readNow(session, lane, intent, planned, signal)) });
  }
  return found;
}

/** The group of the write that is due next, or of the last one: the outcome shows it. */
export function lastWritten(intent: Intent, found: readonly WrittenNow[]): WrittenNow | undefined {
  const write = (writeAtCursor(intent) ?? intent.writes.at(-1))?.write;
  return found.find((one) => one.write === write);
}

async function readNow(
  session: OpsSession,
  lane: string,
  { tenant, createdId }: Intent,
  { write }: PlannedWrite,
  signal: AbortSignal,
): Promise<{ live: SegmentGroup | null; unread?: string }> {
  const elsewhere = laneMismatch(session.configuration, tenant, lane);
  if (elsewhere !== undefined) return { live: null, unread: elsewhere };
  const scope = { microtenantId: write.microtenantId, signal };
  try {
    const zpa = session.zpaOf(tenant);
    if (write.kind !== 'create' || createdId === undefined) {
      const [first, second] = await readTargets(zpa, write, scope);
      return second === undefined
        ? { live: first ?? null }
        : { live: null, unread: 'several segment groups have its name' };
    }
    const created = await readGroup(zpa, createdId, scope);
    return { live: created.kind === 'found' ? created.value : null };
  } catch (error) {
    signal.throwIfAborted();
    return { live: null, unread: readFailure(error, signal).reason };
  }
}
