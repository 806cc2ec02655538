import { contentDifferences, hasSameContent, hasSameStamp } from '../../../shared/domain/decide/group-content.ts';
import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import type { FieldDifference } from '../../../shared/domain/outcome/outcome.ts';
import type { Intent, PlannedWrite } from '../../../shared/domain/records/intent.ts';
import { groupAfterWrite } from './fold-step.ts';
import type { WrittenGroup } from './judge-intent.ts';

/** `partly`: ZPA answered success, but the read does not prove every write. */
export type ReadBackVerdict = { verdict: 'done' | 'without-effect' | 'partly'; overtaken: FieldDifference[] };

/**
 * Judges writes that ZPA has answered with success, by a read of their groups. A difference from the intended state is
 * somebody else's later edit, and stays. `writer`: our API client's id in `modifiedBy`, once known. `movedOn`: ids of groups
 * whose added applications are known to be in other groups by now.
 */
export function judgeReadBack(
  written: readonly WrittenGroup[],
  live: ReadonlyMap<string, SegmentGroup | null>,
  writer: string | undefined,
  movedOn: ReadonlySet<string> = new Set(),
): ReadBackVerdict {
  const isWithoutEffect = (one: WrittenGroup) =>
    !movedOn.has(one.groupId) && isUnchanged(one, live.get(one.groupId) ?? null, writer);
  const withoutEffect = written.filter(isWithoutEffect);
  const isAnyUnattributed = withoutEffect.some((one) => isUnattributed(one, live.get(one.groupId) ?? null, writer));
  if (withoutEffect.length === written.length && !isAnyUnattributed)
    return { verdict: 'without-effect', overtaken: [] };
  const overtaken = written.flatMap((one) =>
    differences(one, live.get(one.groupId) ?? null).map((difference) =>
      written.length === 1 ? difference : { ...difference, field: `${difference.field} of ${one.groupId}` },
    ),
  );
  return { verdict: withoutEffect.length > 0 ? 'partly' : 'done', overtaken };
}

/**
 * Memberships were written through v2 on a tenant that has not yet been proved to honour deltas, somebody has edited the group
 * since, and not all of our memberships show. Nobody can tell whether the write took effect: the visible part may be that
 * person's edit.
 */
export function isInconclusive(intent: Intent, live: ReadonlyMap<string, SegmentGroup | null>): boolean {
  return intent.writes.some(({ write }) => {
    if (write.kind !== 'update' || write.via === 'v1' || write.addedApps.length + write.deletedApps.length === 0)
      return false;
    const members = new Set(live.get(write.groupId)?.applicationIds);
    const shows = write.addedApps.every((id) => members.has(id)) && !write.deletedApps.some((id) => members.has(id));
    return !shows;
  });
}

/**
 * Detects a tenant that ignores v2's deltas: all of an update shows except its memberships, which are exactly as before.
 * Returns the write that is left, through v1 and based on the live group; undefined: the read shows something else.
 */
export function findIgnoredDeltas(
  intent: Intent,
  live: ReadonlyMap<string, SegmentGroup | null>,
): PlannedWrite | undefined {
  const [planned, second] = intent.writes;
  if (planned === undefined || second !== undefined) return undefined;
  const { write, before } = planned;
  if (write.kind !== 'update' || write.via === 'v1' || before === null) return undefined;
  const group = live.get(write.groupId);
  const expected = groupAfterWrite(planned);
  if (group == null || expected === null || hasSameContent(before, group)) return undefined;
  const members = { applicationIds: group.applicationIds };
  const isOnlyMemberships =
    hasSameContent({ ...expected, ...members }, group) && hasSameContent({ ...before, ...members }, before);
  return isOnlyMemberships && !hasSameContent(expected, group)
    ? { write: { ...write, via: 'v1' }, before: group }
    : undefined;
}

/** The single v2 write of memberships, through v1 and based on the live group; undefined for any other intent. */
export function deltasThroughV1(
  { writes }: Intent,
  live: ReadonlyMap<string, SegmentGroup | null>,
): PlannedWrite | undefined {
  const [planned, second] = writes;
  if (planned === undefined || second !== undefined) return undefined;
  const { write } = planned;
  if (write.kind !== 'update' || write.via === 'v1' || write.addedApps.length + write.deletedApps.length === 0)
    return undefined;
  const group = live.get(write.groupId);
  return group == null ? undefined : { write: { ...write, via: 'v1' }, before: group };
}

/**
 * The group is as before under a newer stamp of an unknown writer: somebody may have undone the write, so it must not be
 * repeated. A write of memberships alone is repeated, because a tenant that ignores v2's deltas shows the same picture at its
 * first write (docs/adr/0007-adopting-a-created-group.md).
 */
function isUnattributed(
  { before, expected }: WrittenGroup,
  live: SegmentGroup | null,
  writer: string | undefined,
): boolean {
  if (before === null || live === null || expected === null || writer !== undefined) return false;
  const { applicationIds } = before;
  return !hasSameStamp(before, live) && !hasSameContent(before, { ...expected, applicationIds });
}

/** The group is as before its first write, which is not the intended state, and nobody else has undone the write. */
function isUnchanged(
  { before, expected }: WrittenGroup,
  live: SegmentGroup | null,
  writer: string | undefined,
): boolean {
  if (before === null) return live === null;
  if (live === null || !hasSameContent(before, live)) return false;
  if (!hasSameStamp(before, live) && writer !== undefined && live.modifiedBy !== writer) return false;
  return expected === null || !hasSameContent(expected, live);
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
  const expectedIds = new Set(expected.applicationIds);
  const foundIds = new Set(found.applicationIds);
  const list = (label: string, ids: string[]) => (ids.length === 0 ? [] : [`${label} ${ids.slice(0, 20).join(', ')}`]);
  const missing = expected.applicationIds.filter((id) => !foundIds.has(id));
  const extra = found.applicationIds.filter((id) => !expectedIds.has(id));
  return {
    field: 'applications',
    expected: `${expectedIds.size} members`,
    found: [`${foundIds.size} members`, ...list('without', missing), ...list('with', extra)].join('; '),
  };
}
