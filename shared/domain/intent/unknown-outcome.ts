import { hasSameContent, summaryOf } from '../decide/group-content.ts';
import type { SegmentGroup, ZpaFault } from '../group/group.ts';
import type { Rejection } from '../outcome/outcome.ts';
import { reject } from '../outcome/reject.ts';
import type { ChangeRecord } from '../records/change-record.ts';
import type { Intent, PlannedWrite } from '../records/intent.ts';
import { isSameText } from '../text/same-text.ts';
import { groupAfterWrite, isBegun, ungroupedApplications, writeAtCursor } from './intent-writes.ts';
import { type Endings, endMembers, outcomeAfterWrite } from './outcome-after-write.ts';

/** The reason why the groups of an intent cannot be read. */
export type Unread = { why: string; remedy?: string; zpaError?: ZpaFault };

/**
 * The outcomes of the members of an intent whose result is unknown: `rejection`, except for members before the first effect,
 * which keep their own endings.
 */
export function endedInDoubt(intent: Intent, records: readonly ChangeRecord[], rejection: Rejection): Endings {
  const first = intent.members.findIndex(({ ending }) => ending.kind === 'applied');
  return endMembers(intent.members, records, ({ ending }, index) => {
    const keeps = index < first || ending.kind === 'rejected';
    return keeps ? outcomeAfterWrite(ending, undefined) : rejection;
  });
}

/**
 * Applications that a move has removed from one group, or may have by the write in doubt, and has not certainly added to
 * another. `live`: the group of that write.
 */
export function mayBeUngrouped(intent: Intent, live: SegmentGroup | null): string[] {
  const members = new Set(live?.applicationIds);
  const removed = isBegun(intent) ? ungroupedApplications(intent) : [];
  return [...new Set([...removed, ...inDoubt(intent)])].filter((id) => !members.has(id));
}

/** Applications that the write at the cursor removes, if it took effect, and only a later write adds. */
function inDoubt(intent: Intent): string[] {
  const write = writeAtCursor(intent)?.write;
  if (write?.kind !== 'update' || intent.sendBefore === 0) return [];
  const left = ungroupedApplications({ ...intent, cursor: intent.cursor + 1 });
  return left.filter((id) => write.deletedApps.includes(id));
}

/** The rejection about the last write that was due: only the ZPA console shows its result. */
export function unreadOutcome(intent: Intent, { why: unread, ...extras }: Unread): Rejection {
  const { cursor, writes, sendBefore, takingBack } = intent;
  const sent = sendBefore === 0 ? 'its next write was not sent' : 'ZPA did not confirm its write';
  const answer = cursor >= writes.length ? 'ZPA answered success' : sent;
  const why = takingBack === undefined ? '' : `; it was being undone because ${takingBack.sentence}`;
  return reject('outcome-unknown', `${answer}, and the segment group cannot be read: ${unread}${why}`, {
    ...extras,
    details: detailsOfLast(intent, null),
  });
}

/** The rejection about a half-done move whose rest cannot be recorded any more. */
export function outgrownOutcome(intent: Intent): Rejection {
  const why = intent.takingBack === undefined ? '' : `; it was being undone because ${intent.takingBack.sentence}`;
  const sentence = `its next write was not sent, because the record of the move is too large for one item of the ledger${why}`;
  const remedy =
    'Finish the move in the ZPA admin portal, then dismiss the failure; or put the application segments back, and split the change.';
  return reject('outcome-unknown', sentence, { remedy, details: detailsOfLast(intent, null) });
}

/** The rejection about a group that is neither as before nor as intended. */
export function unknownOutcome(intent: Intent, live: SegmentGroup | null): Rejection {
  const planned = writeAtCursor(intent);
  const before = planned?.before ?? null;
  const details = detailsOf(intent, planned, live);
  if (planned?.write.kind === 'create' && live !== null && !isSameText(live.name, planned.write.name)) {
    const finding = `the segment group "${live.name}" was created at that time and may be it`;
    return reject('outcome-unknown', `ZPA did not confirm the create, and ${finding}`, { details });
  }
  if (planned?.write.kind === 'create') {
    const sentence = `a segment group named "${planned.write.name}" was created that may not be ours`;
    return reject('group-exists', sentence, { details });
  }
  const undone = before !== null && live !== null && hasSameContent(before, live);
  const finding = undone ? 'the group is as before, but somebody has edited it since' : NEITHER_BEFORE_NOR_INTENDED;
  return reject('outcome-unknown', `ZPA did not confirm the write, and ${finding}`, { details });
}

const NEITHER_BEFORE_NOR_INTENDED = 'the group is neither as before nor as intended';

/** The decision of an operator to end an intent whose outcome nobody can tell. */
export type Release = { by: string; reason: string };

/** The rejection of an intent that an operator released. `live`: the group of its last write, if that could be read. */
export function releasedOutcome(
  intent: Intent,
  { live, unread }: { live: SegmentGroup | null; unread?: string | undefined },
  { by, reason }: Release,
): Rejection {
  const details = { ...detailsOfLast(intent, live), ...(unread !== undefined && { unread }), releasedBy: by };
  return reject('outcome-unknown', `${by} settled it without knowing its result: ${reason}`, { details });
}

function detailsOfLast(intent: Intent, live: SegmentGroup | null) {
  const planned = writeAtCursor(intent) ?? intent.writes.at(-1);
  const id = planned?.write.kind === 'create' ? intent.createdId : planned?.write.groupId;
  return { ...detailsOf(intent, planned, live), group: { id } };
}

function detailsOf(intent: Intent, planned: PlannedWrite | undefined, live: SegmentGroup | null) {
  const { writeId, cursor, writes } = intent;
  const expected = planned === undefined ? null : groupAfterWrite(planned);
  const before = planned?.before ?? null;
  const stranded = mayBeUngrouped(intent, live);
  return {
    writeId,
    before: before && summaryOf(before),
    intended: expected && summaryOf(expected),
    live: live && { id: live.id, ...summaryOf(live), modifiedBy: live.modifiedBy, modifiedTime: live.modifiedTime },
    ...(writes.length > 1 && { move: `write ${Math.min(cursor + 1, writes.length)} of ${writes.length}` }),
    ...(stranded.length > 0 && { mayBeUngrouped: stranded.slice(0, 100) }),
  };
}
