import { withoutNames } from '../../../../shared/domain/decide/group-content.ts';
import { microtenantIdOf } from '../../../../shared/domain/decide/permit.ts';
import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import type { Lane } from '../../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { DesiredGroup } from '../../../../shared/domain/records/desired-group.ts';
import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import { effectOfApplied, groupsWritten } from '../../../../shared/domain/undo/returns.ts';
import type { UndoState } from '../../../../shared/domain/undo/written-since.ts';
import { isZpaFault } from '../../../../shared/ports/zpa-fault.ts';
import { retryRead } from '../../../../shared/reading/retry-read.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { CommandContext } from '../../session/command.ts';

/** Reads the groups that applied changes of a lane wrote, as they live and as tickets approved them. */
export async function readUndoState(
  context: CommandContext,
  lane: Lane,
  records: readonly ChangeRecord[],
): Promise<UndoState> {
  const wanted = new Map<string, ChangeRecord>();
  for (const record of records) {
    const effect = effectOfApplied(record);
    for (const id of effect === undefined ? [] : groupsWritten(effect)) wanted.set(id, record);
  }
  context.terminal.progress(
    `reading ${formatCount(wanted.size, 'segment group')} from ZPA, two reads in ten seconds …`,
  );
  const groups = new Map<string, SegmentGroup | null>();
  const desired = new Map<string, DesiredGroup>();
  for (const [id, record] of wanted) {
    groups.set(id, await readGroup(context, id, record));
    const approved = await context.session.ledger.readDesired(lane, id);
    if (approved !== undefined) desired.set(id, approved);
  }
  return { groups, desired };
}

/** null: ZPA has no such group. */
async function readGroup({ session, signal }: CommandContext, id: string, { ref, change }: ChangeRecord) {
  const microtenantId = microtenantIdOf(session.configuration, change);
  if (microtenantId === undefined) {
    const sentence = `The microtenant of ${ref.idempotencyKey} is not configured any more.`;
    throw new OpsError(EXIT.failed, 'which-microtenant', sentence, 'Add it to the settings (`microtenants`).');
  }
  const zpa = session.zpaOf(ref.tenant);
  try {
    const group = await retryRead({ ...session, signal }, () => zpa.getGroup(id, { microtenantId, signal }));
    return withoutNames(group);
  } catch (error) {
    if (!isZpaFault(error) || error.fault.code !== 'not-found') throw error;
    return null;
  }
}
