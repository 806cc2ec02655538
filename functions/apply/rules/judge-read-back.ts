import { contentDifferences, sameContent, sameStamp } from '../../../shared/domain/decide/group-content.ts';
import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import type { FieldDifference } from '../../../shared/domain/outcome/outcome.ts';
import type { Intent, PlannedWrite } from '../../../shared/domain/records/intent.ts';
import { groupAfterWrite } from './fold-step.ts';
import type { WrittenGroup } from './judge-intent.ts';

/** What a read says about a write that ZPA said yes to. */

/** `partly`: ZPA said yes, and nobody can tell of all that it was done. */
export type ReadBackVerdict = { verdict: 'done' | 'without-effect' | 'partly'; overtaken: FieldDifference[] };

/**
 * After a definite success: what differs from the intended state is somebody else's later edit, and stays. `writer`: our
 * API client's id in `modifiedBy`, once known. `findMovedApplications`: groups whose new applications are known to be in others by now.
 */
export function judgeReadBack(
  written: readonly WrittenGroup[],
  seen: ReadonlyMap<string, SegmentGroup | null>,
  writer: string | undefined,
  movedOn: ReadonlySet<string> = new Set(),
): ReadBackVerdict {
  const isWithout = (one: WrittenGroup) =>
    !movedOn.has(one.groupId) && isUnchanged(one, seen.get(one.groupId) ?? null, writer);
  const without = written.filter(isWithout);
  const untold = without.some((one) => isUnattributed(one, seen.get(one.groupId) ?? null, writer));
  if (without.length === written.length && !untold) return { verdict: 'without-effect', overtaken: [] };
  const overtaken = written.flatMap((one) =>
    differences(one, seen.get(one.groupId) ?? null).map((difference) =>
      written.length === 1 ? difference : { ...difference, field: `${difference.field} of ${one.groupId}` },
    ),
  );
  return { verdict: without.length > 0 ? 'partly' : 'done', overtaken };
}

/**
 * Memberships went through v2 on a tenant that has never been seen to honour its deltas, somebody edited the group since,
 * and not all of ours show: whether they took effect is anybody's guess, since what shows may be that somebody's doing.
 */
export function isInconclusive(intent: Intent, seen: ReadonlyMap<string, SegmentGroup | null>): boolean {
  return intent.writes.some(({ write }) => {
    if (write.kind !== 'update' || write.via === 'v1' || write.addedApps.length + write.deletedApps.length === 0)
      return false;
    const members = new Set(seen.get(write.groupId)?.applicationIds);
    const shows = write.addedApps.every((id) => members.has(id)) && !write.deletedApps.some((id) => members.has(id));
    return !shows;
  });
}

/**
 * All of an update shows but its memberships, which are exactly as before: a tenant that ignores v2's deltas looks so. The
 * write that is left then, through v1 and on what is there now; undefined: it does not look so.
 */
export function findIgnoredDeltas(
  intent: Intent,
  seen: ReadonlyMap<string, SegmentGroup | null>,
): PlannedWrite | undefined {
  const [planned, second] = intent.writes;
  if (planned === undefined || second !== undefined) return undefined;
  const { write, before } = planned;
  if (write.kind !== 'update' || write.via === 'v1' || before === null) return undefined;
  const live = seen.get(write.groupId);
  const expected = groupAfterWrite(planned);
  if (live == null || expected === null || sameContent(before, live)) return undefined;
  const members = { applicationIds: live.applicationIds };
  const isOnlyMemberships =
    sameContent({ ...expected, ...members }, live) && sameContent({ ...before, ...members }, before);
  return isOnlyMemberships && !sameContent(expected, live)
    ? { write: { ...write, via: 'v1' }, before: live }
    : undefined;
}

/**
 * As before under a newer stamp, and nobody knows whose: what somebody undid is not to be written again. Memberships alone
 * are, because a tenant that ignores v2's deltas looks so at its very first write (docs/adr/0007).
 */
function isUnattributed(
  { before, expected }: WrittenGroup,
  live: SegmentGroup | null,
  writer: string | undefined,
): boolean {
  if (before === null || live === null || expected === null || writer !== undefined) return false;
  const { applicationIds } = before;
  return !sameStamp(before, live) && !sameContent(before, { ...expected, applicationIds });
}

/** The group is as before its first write, that is not what was intended, and it was not somebody else who undid it. */
function isUnchanged(
  { before, expected }: WrittenGroup,
  live: SegmentGroup | null,
  writer: string | undefined,
): boolean {
  if (before === null) return live === null;
  if (live === null || !sameContent(before, live)) return false;
  if (!sameStamp(before, live) && writer !== undefined && live.modifiedBy !== writer) return false;
  return expected === null || !sameContent(expected, live);
}

function differences({ expected }: WrittenGroup, live: SegmentGroup | null): FieldDifference[] {
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
