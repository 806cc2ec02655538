import { hasSameContent, summaryOf } from '../../../shared/domain/decide/group-content.ts';
import type { SegmentGroup, ZpaFault } from '../../../shared/domain/group/group.ts';
import type { FieldDifference, Rejection } from '../../../shared/domain/outcome/outcome.ts';
import { reject } from '../../../shared/domain/outcome/reject.ts';
import type { Intent, PlannedWrite } from '../../../shared/domain/records/intent.ts';
import { isSameText } from '../../../shared/domain/text/same-text.ts';
import { groupAfterWrite } from '../rules/fold-step.ts';
import { writeAtCursor } from '../rules/judge-intent.ts';
import { outcomeAfterWrite, settleInOrder } from '../settle/settle-changes.ts';
import { settleIntent } from '../settle/settle-intent.ts';
import { isBegun, type StepContext } from '../settle/step-context.ts';
import { ungroupedApplications } from './compensate.ts';

/** The part of a step context that settling needs; ZPA is not called. */
export type SettlingContext = Pick<StepContext, 'ports' | 'session' | 'records'>;

/** The group is neither as before nor as intended: people decide. Clears the open intent. */
export async function settleUnknown(
  context: SettlingContext,
  intent: Intent,
  live: SegmentGroup | null,
): Promise<void> {
  await settleInDoubt(context, intent, live);
  context.session.stage({ intent: undefined, working: undefined });
}

/** Some or all writes do not show, somebody else may have edited since, and ZPA answered success to all: people decide. */
export async function settlePartly(
  context: SettlingContext,
  intent: Intent,
  overtaken: FieldDifference[],
): Promise<undefined> {
  const sentence = 'ZPA answered success, and its segment groups show nothing, or only a part, of what was written';
  const takingBack = reject('outcome-unknown', sentence, { details: { differences: overtaken } });
  await settleIntent(context, { ...intent, takingBack }, []);
}

/** The reason why the groups of an intent cannot be read. */
export type Unread = { why: string; remedy: string; zpaError?: ZpaFault };

/**
 * Settles the members of an intent whose outcome is unknown; members before the first effect keep their own endings.
 * `unread`: its group cannot be read.
 */
export async function settleInDoubt(
  { ports, session, records }: SettlingContext,
  intent: Intent,
  live: SegmentGroup | null,
  unread?: Unread,
): Promise<void> {
  const stranded = mayBeUngrouped(intent, live);
  if (stranded.length > 0) ports.meter.count('LeftUngrouped', stranded.length);
  const first = intent.members.findIndex(({ ending }) => ending.kind === 'applied');
  const rejection =
    unread === undefined ? unknownOutcome(intent, live, stranded) : unreadOutcome(intent, stranded, unread);
  const endings = intent.members.flatMap(({ ending }, index) => {
    const record = records[index];
    if (record === undefined) return [];
    const keeps = index < first || ending.kind === 'rejected';
    return [{ record, outcome: keeps ? outcomeAfterWrite(ending, undefined) : rejection }];
  });
  await settleInOrder(ports, session, endings);
}

function detailsOf(
  { writeId, cursor, writes }: Intent,
  planned: PlannedWrite | undefined,
  live: SegmentGroup | null,
  stranded: readonly string[],
) {
  const expected = planned === undefined ? null : groupAfterWrite(planned);
  const before = planned?.before ?? null;
  return {
    writeId,
    before: before && summaryOf(before),
    intended: expected && summaryOf(expected),
    live: live && { id: live.id, ...summaryOf(live), modifiedBy: live.modifiedBy, modifiedTime: live.modifiedTime },
    ...(writes.length > 1 && { move: `write ${Math.min(cursor + 1, writes.length)} of ${writes.length}` }),
    ...(stranded.length > 0 && { mayBeUngrouped: stranded.slice(0, 100) }),
  };
}

/** The rejection about the last write that was due: only the ZPA console shows its result. */
function unreadOutcome(intent: Intent, stranded: readonly string[], { why: unread, ...extras }: Unread): Rejection {
  const { cursor, writes, sendBefore, createdId, takingBack } = intent;
  const planned = writeAtCursor(intent) ?? writes.at(-1);
  const groupId = planned?.write.kind === 'create' ? createdId : planned?.write.groupId;
  const sent = sendBefore === 0 ? 'its next write was not sent' : 'its write got no definite answer';
  const answer = cursor >= writes.length ? 'ZPA answered success' : sent;
  const why = takingBack === undefined ? '' : `; it was being taken back because ${takingBack.sentence}`;
  return reject('outcome-unknown', `${answer}, and the segment group cannot be read: ${unread}${why}`, {
    ...extras,
    details: { ...detailsOf(intent, planned, null, stranded), group: { id: groupId } },
  });
}

function unknownOutcome(intent: Intent, live: SegmentGroup | null, stranded: readonly string[]): Rejection {
  const planned = writeAtCursor(intent);
  const before = planned?.before ?? null;
  const details = detailsOf(intent, planned, live, stranded);
  if (planned?.write.kind === 'create' && live !== null && !isSameText(live.name, planned.write.name)) {
    const finding = `the segment group "${live.name}" came about at that time and may be it`;
    return reject('outcome-unknown', `the create got no definite answer, and ${finding}`, { details });
  }
  if (planned?.write.kind === 'create') {
    const sentence = `a segment group named "${planned.write.name}" came about that is not certainly ours`;
    return reject('group-exists', sentence, { details });
  }
  const undone = before !== null && live !== null && hasSameContent(before, live);
  const finding = undone ? 'the group is as before, but somebody has written it since' : NEITHER_BEFORE_NOR_INTENDED;
  return reject('outcome-unknown', `the write got no definite answer, and ${finding}`, { details });
}

const NEITHER_BEFORE_NOR_INTENDED = 'the group is neither as before nor as intended';

/**
 * Applications that a move has removed from one group, or may have by the write in doubt, and has not certainly added to
 * another. `live`: the group of that write.
 */
function mayBeUngrouped(intent: Intent, live: SegmentGroup | null): string[] {
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
