import { afterWrite } from '../../shared/domain/fold-step.ts';
import type { SegmentGroup } from '../../shared/domain/group.ts';
import { sameContent, summaryOf } from '../../shared/domain/group-content.ts';
import { writeAtCursor } from '../../shared/domain/judge-intent.ts';
import type { Rejection } from '../../shared/domain/outcome.ts';
import type { Intent } from '../../shared/domain/records.ts';
import { reject } from '../../shared/domain/reject.ts';
import { endedAs, settleInOrder } from './settle-step.ts';
import { isBegun, type StepContext } from './step-context.ts';
import { ungrouped } from './take-back.ts';

/** Neither as before nor as intended: people decide. Members before the first effect keep their own endings. */
export async function settleUnknown(context: StepContext, intent: Intent, live: SegmentGroup | null): Promise<void> {
  const { ports, session, records } = context;
  const stranded = mayBeUngrouped(intent, live);
  if (stranded.length > 0) ports.meter.count('LeftUngrouped', stranded.length);
  const first = intent.members.findIndex(({ ending }) => ending.kind === 'applied');
  const rejection = unknownOutcome(intent, live, stranded);
  const endings = intent.members.flatMap(({ ending }, index) => {
    const record = records[index];
    if (record === undefined) return [];
    const keeps = index < first || ending.kind === 'rejected';
    return [{ record, ended: keeps ? endedAs(ending, undefined) : rejection }];
  });
  await settleInOrder(ports, session, endings);
  session.note({ intent: undefined, working: undefined, trouble: undefined });
}

function unknownOutcome(intent: Intent, live: SegmentGroup | null, stranded: readonly string[]): Rejection {
  const planned = writeAtCursor(intent);
  const expected = planned === undefined ? null : afterWrite(planned);
  const before = planned?.before ?? null;
  const details = {
    writeId: intent.writeId,
    before: before && summaryOf(before),
    intended: expected && summaryOf(expected),
    live: live && { id: live.id, ...summaryOf(live), modifiedBy: live.modifiedBy, modifiedTime: live.modifiedTime },
    ...(intent.writes.length > 1 && { move: `write ${intent.cursor + 1} of ${intent.writes.length}` }),
    ...(stranded.length > 0 && { mayBeUngrouped: stranded.slice(0, 100) }),
  };
  if (planned?.write.kind === 'create' && live !== null && live.name !== planned.write.name) {
    const seen = `the segment group "${live.name}" came about at that time and may be it`;
    return reject('outcome-unknown', `the create got no definite answer, and ${seen}`, { details });
  }
  if (planned?.write.kind === 'create') {
    const sentence = `a segment group named "${planned.write.name}" came about that is not certainly ours`;
    return reject('group-exists', sentence, { details });
  }
  const undone = before !== null && live !== null && sameContent(before, live);
  const seen = undone ? 'the group is as before, but somebody has written it since' : NEITHER;
  return reject('outcome-unknown', `the write got no definite answer, and ${seen}`, { details });
}

const NEITHER = 'the group is neither as before nor as intended';

/** Applications that a move has taken out of one group and not, for all we know, put into another. */
function mayBeUngrouped(intent: Intent, live: SegmentGroup | null): string[] {
  const members = new Set(live?.applicationIds);
  return isBegun(intent) ? ungrouped(intent).filter((id) => !members.has(id)) : [];
}
