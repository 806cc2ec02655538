import { hasSameContent, hasSameStamp } from '../../../shared/domain/decide/group-content.ts';
import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import { groupAfterWrite, writeAtCursor } from '../../../shared/domain/intent/intent-writes.ts';
import type { Timing } from '../../../shared/domain/ledger/timing.ts';
import type { Intent, PlannedWrite } from '../../../shared/domain/records/intent.ts';

/**
 * Judges a write without a definite answer by a read of its group (docs/architecture.md#unknown-outcomes). Only certain facts
 * count. `judge-read-back.ts` judges writes that ZPA has answered with success.
 */

/** The intent after the write at its cursor has succeeded. `groupId`: the id of the written group, as far as it is known. */
export function advanceCursor(intent: Intent, groupId: string | undefined, now: number): Intent {
  const { unanswered: _unanswered, trouble: _trouble, ...rest } = intent;
  return {
    ...rest,
    cursor: intent.cursor + 1,
    sendBefore: 0,
    ...(writeAtCursor(intent)?.write.kind === 'create' && groupId !== undefined && { createdId: groupId }),
    ...(intent.writes.length > 1 && { openSince: intent.openSince ?? now }),
  };
}

/** `ours`: ZPA received the write; the read-back judges its effect. */
export type UnansweredVerdict = { verdict: 'ours' | 'not-done' | 'unknown'; live: SegmentGroup | null };

/** The tolerated difference between ZPA's clock and ours. */
const SKEW_MS = 120_000;

/** Judges the write at the cursor. `live`: the groups found, by pinned id for an update or delete, by name for a create. */
export function judgeUnanswered(
  intent: Intent,
  live: readonly SegmentGroup[],
  writer: string | undefined,
  timing: Timing,
): UnansweredVerdict {
  const planned = writeAtCursor(intent);
  if (planned === undefined) throw new Error(`intent ${intent.writeId} has no write without an answer`);
  const { write, before } = planned;
  const [first] = live;
  if (write.kind === 'create') {
    if (first === undefined) return { verdict: 'not-done', live: null };
    const adopted = live.length === 1 && isOurCreate(intent, planned, first, writer, timing);
    return { verdict: adopted ? 'ours' : 'unknown', live: first };
  }
  if (first === undefined) return { verdict: write.kind === 'delete' ? 'ours' : 'unknown', live: null };
  if (before !== null && hasSameContent(before, first) && hasSameStamp(before, first))
    return { verdict: 'not-done', live: first };
  const expected = groupAfterWrite(planned);
  const ours = (expected !== null && hasSameContent(expected, first)) || isWithoutDeltas(planned, first, writer);
  return { verdict: ours ? 'ours' : 'unknown', live: first };
}

/**
 * All but the memberships of a v2 write shows, under our stamp: nobody else uses our API client, so this write set the stamp.
 * Either v2 ignored the memberships, or somebody has moved the applications on.
 */
function isWithoutDeltas({ write, before }: PlannedWrite, live: SegmentGroup, writer: string | undefined): boolean {
  if (write.kind !== 'update' || write.via === 'v1' || before === null) return false;
  return hasSameContent({ ...before, ...write.fields }, live) && writer !== undefined && live.modifiedBy === writer;
}

/**
 * A group of the right name is ours if it was created while our write could take effect, has exactly the requested content,
 * and was written by our API client (once an earlier read-back has shown that client's id).
 */
function isOurCreate(
  intent: Intent,
  planned: PlannedWrite,
  group: SegmentGroup,
  writer: string | undefined,
  timing: Timing,
): boolean {
  const expected = groupAfterWrite(planned);
  const isAsRequested = expected !== null && hasSameContent(expected, group);
  const isByUs = writer === undefined || writer === group.modifiedBy;
  return isAsRequested && isByUs && isCreatedDuringWrite(intent, group, timing);
}

/** The group was created while our write could take effect. */
function isCreatedDuringWrite({ sendBefore }: Intent, group: SegmentGroup, timing: Timing): boolean {
  const createdAt = (group.creationTime ?? Number.NaN) * 1000;
  const latest = sendBefore + timing.requestTimeoutMs + timing.quietPeriodMs + SKEW_MS;
  return createdAt >= sendBefore - timing.sendWithinMs - SKEW_MS && createdAt <= latest;
}

/**
 * Groups that an unanswered create may have made and that somebody may have renamed since: they were created during the
 * write, whatever they contain now. The caller leaves out the groups of other changes.
 */
export function findPossiblyCreated(intent: Intent, groups: readonly SegmentGroup[], timing: Timing): SegmentGroup[] {
  if (writeAtCursor(intent)?.write.kind !== 'create') return [];
  return groups.filter((group) => isCreatedDuringWrite(intent, group, timing));
}
