import { afterWrite } from './fold-step.ts';
import type { SegmentGroup } from './group.ts';
import { contentDifferences, sameContent, sameStamp } from './group-content.ts';
import type { FieldDifference } from './outcome.ts';
import type { Intent, PlannedWrite, ZpaWrite } from './records.ts';
import type { Timing } from './timing.ts';

/**
 * What a read says about a write. Two questions: `judgeAnswered` after ZPA said yes, `judgeUnanswered` after no definite
 * answer (design §3, "Unknown outcomes"), where only what is certain counts.
 */

/** No read decides before this: until then ZPA may still act on what was sent. */
export function decidingAt(intent: Intent, timing: Timing): number {
  if (intent.cursor >= intent.writes.length || intent.sendBefore === 0) return 0;
  return intent.sendBefore + timing.requestTimeoutMs + timing.quietPeriodMs;
}

/** The write whose turn it is; undefined when all are answered. */
export const writeAtCursor = (intent: Intent): PlannedWrite | undefined => intent.writes[intent.cursor];

/** `ignored`: it arrived, and ZPA did nothing of it: a tenant whose v2 ignores membership deltas. */
export type Unanswered = { verdict: 'ours' | 'not-done' | 'ignored' | 'unknown'; live: SegmentGroup | null };

/**
 * About the write at the cursor. `live`: the groups found, by pinned id for an update or delete, by name for a create.
 * ZPA's clock and ours may differ by `skewMs`.
 */
export function judgeUnanswered(
  intent: Intent,
  live: readonly SegmentGroup[],
  writer: string | undefined,
  timing: Timing,
  skewMs = 120_000,
): Unanswered {
  const planned = writeAtCursor(intent);
  if (planned === undefined) throw new Error(`intent ${intent.writeId} has no write without an answer`);
  const { write, before } = planned;
  const [first] = live;
  if (write.kind === 'create') {
    if (first === undefined) return { verdict: 'not-done', live: null };
    const adopted = live.length === 1 && isOurCreate(intent, planned, first, writer, timing, skewMs);
    return { verdict: adopted ? 'ours' : 'unknown', live: first };
  }
  if (first === undefined) return { verdict: write.kind === 'delete' ? 'ours' : 'unknown', live: null };
  if (before !== null && sameContent(before, first) && sameStamp(before, first))
    return { verdict: 'not-done', live: first };
  if (isIgnored(planned, first, writer)) return { verdict: 'ignored', live: first };
  const expected = afterWrite(planned);
  const ours = expected !== null && sameContent(expected, first);
  return { verdict: ours ? 'ours' : 'unknown', live: first };
}

/** As before but for a stamp, which is ours: nobody else uses our API client, so this very write has left it. */
function isIgnored({ write, before }: PlannedWrite, live: SegmentGroup, writer: string | undefined): boolean {
  if (write.kind !== 'update' || write.via === 'v1' || before === null) return false;
  const isMembershipOnly = sameContent({ ...before, ...write.fields }, before);
  return isMembershipOnly && sameContent(before, live) && writer !== undefined && live.modifiedBy === writer;
}

/**
 * A group of the right name is ours if it came about while our write could act, holds exactly what we asked for, and
 * was written by our API client (as soon as an earlier read-back has shown us its id).
 */
function isOurCreate(
  intent: Intent,
  planned: PlannedWrite,
  group: SegmentGroup,
  writer: string | undefined,
  timing: Timing,
  skewMs: number,
): boolean {
  const expected = afterWrite(planned);
  const isAsAsked = expected !== null && sameContent(expected, group);
  return (
    isAsAsked && cameAboutThen(intent, group, timing, skewMs) && (writer === undefined || writer === group.modifiedBy)
  );
}

/** While our write could act. */
function cameAboutThen({ sendBefore }: Intent, group: SegmentGroup, timing: Timing, skewMs: number): boolean {
  const createdAt = (group.creationTime ?? Number.NaN) * 1000;
  const latest = sendBefore + timing.requestTimeoutMs + timing.quietPeriodMs + skewMs;
  return createdAt >= sendBefore - timing.sendWithinMs - skewMs && createdAt <= latest;
}

/**
 * Groups that a create without an answer may have made, if somebody renamed them since: they came about then, and are ours
 * by their stamp or as asked but for the name. Whoever asks leaves out the groups of other changes.
 */
export function mayBeCreated(
  intent: Intent,
  groups: readonly SegmentGroup[],
  writer: string | undefined,
  timing: Timing,
  skewMs = 120_000,
): SegmentGroup[] {
  const planned = writeAtCursor(intent);
  const expected = planned === undefined ? null : afterWrite(planned);
  if (planned?.write.kind !== 'create' || expected === null) return [];
  return groups.filter((group) => {
    const isAsAsked = sameContent({ ...expected, name: group.name }, group);
    return cameAboutThen(intent, group, timing, skewMs) && (isAsAsked || group.modifiedBy === writer);
  });
}

/** One group that an intent wrote: as it was before the first write, as it should be after the last. */
export type Written = { groupId: string; before: SegmentGroup | null; expected: SegmentGroup | null };

export function groupsWritten(intent: Intent): Written[] {
  const written = new Map<string, Written>();
  for (const planned of intent.writes) {
    const groupId = groupIdOf(planned.write, intent);
    const before = written.has(groupId) ? (written.get(groupId)?.before ?? null) : planned.before;
    written.set(groupId, { groupId, before, expected: afterWrite(planned) });
  }
  return [...written.values()];
}

const groupIdOf = (write: ZpaWrite, intent: Intent) =>
  write.kind === 'create' ? (intent.createdId ?? '') : write.groupId;

/** `partly`: some of several writes changed nothing although ZPA said yes. */
export type Answered = { verdict: 'done' | 'without-effect' | 'partly'; overtaken: FieldDifference[] };

/**
 * After a definite success: what differs from the intended state is somebody else's later edit, and stays. `writer`: our
 * API client's id in `modifiedBy`, once known. `movedOn`: groups whose new applications are known to be in others by now.
 */
export function judgeAnswered(
  written: readonly Written[],
  seen: ReadonlyMap<string, SegmentGroup | null>,
  writer: string | undefined,
  movedOn: ReadonlySet<string> = new Set(),
): Answered {
  const isWithout = (one: Written) =>
    !movedOn.has(one.groupId) && isUnchanged(one, seen.get(one.groupId) ?? null, writer);
  const without = written.filter(isWithout);
  if (without.length === written.length) return { verdict: 'without-effect', overtaken: [] };
  const overtaken = written.flatMap((one) =>
    differences(one, seen.get(one.groupId) ?? null).map((difference) =>
      written.length === 1 ? difference : { ...difference, field: `${difference.field} of ${one.groupId}` },
    ),
  );
  return { verdict: without.length > 0 ? 'partly' : 'done', overtaken };
}

/**
 * Memberships went through v2 on a tenant that has never been seen to honour its deltas, somebody edited the group since,
 * and none of ours shows: whether they took effect is anybody's guess.
 */
export function isDoubtful(intent: Intent, seen: ReadonlyMap<string, SegmentGroup | null>): boolean {
  return intent.writes.some(({ write }) => {
    if (write.kind !== 'update' || write.via === 'v1' || write.addedApps.length + write.deletedApps.length === 0)
      return false;
    const members = new Set(seen.get(write.groupId)?.applicationIds);
    const left = write.deletedApps.every((id) => members.has(id));
    return left && write.addedApps.every((id) => !members.has(id));
  });
}

/**
 * All of an update shows but its memberships, which are exactly as before: a tenant that ignores v2's deltas looks so. The
 * write that is left then, through v1 and on what is there now; undefined: it does not look so.
 */
export function unheard(intent: Intent, seen: ReadonlyMap<string, SegmentGroup | null>): PlannedWrite | undefined {
  const [planned, second] = intent.writes;
  if (planned === undefined || second !== undefined) return undefined;
  const { write, before } = planned;
  if (write.kind !== 'update' || write.via === 'v1' || before === null) return undefined;
  const live = seen.get(write.groupId);
  const expected = afterWrite(planned);
  if (live == null || expected === null || sameContent(before, live)) return undefined;
  const members = { applicationIds: live.applicationIds };
  const isOnlyMemberships =
    sameContent({ ...expected, ...members }, live) && sameContent({ ...before, ...members }, before);
  return isOnlyMemberships && !sameContent(expected, live)
    ? { write: { ...write, via: 'v1' }, before: live }
    : undefined;
}

/** The group is as before its first write, that is not what was intended, and it was not somebody else who undid it. */
function isUnchanged({ before, expected }: Written, live: SegmentGroup | null, writer: string | undefined): boolean {
  if (before === null) return live === null;
  if (live === null || !sameContent(before, live)) return false;
  if (!sameStamp(before, live) && writer !== undefined && live.modifiedBy !== writer) return false;
  return expected === null || !sameContent(expected, live);
}

function differences({ expected }: Written, live: SegmentGroup | null): FieldDifference[] {
  if (expected === null) return live === null ? [] : [{ field: 'group', expected: 'deleted', found: live.name }];
  if (live === null) return [{ field: 'group', expected: expected.name, found: 'deleted' }];
  return contentDifferences(expected, live).map((field) => {
    if (field === 'applications') return membershipDifference(expected, live);
    const key = field as 'name' | 'description' | 'enabled';
    return { field, expected: String(expected[key]), found: String(live[key]) };
  });
}

function membershipDifference(expected: SegmentGroup, found: SegmentGroup): FieldDifference {
  const [want, have] = [new Set(expected.applicationIds), new Set(found.applicationIds)];
  const list = (label: string, ids: string[]) => (ids.length === 0 ? [] : [`${label} ${ids.slice(0, 20).join(', ')}`]);
  const missing = expected.applicationIds.filter((id) => !have.has(id));
  const extra = found.applicationIds.filter((id) => !want.has(id));
  return {
    field: 'applications',
    expected: `${want.size} members`,
    found: [`${have.size} members`, ...list('without', missing), ...list('with', extra)].join('; '),
  };
}
