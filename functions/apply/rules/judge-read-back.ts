import { contentDifferences, hasSameContent, hasSameStamp } from '../../../shared/domain/decide/group-content.ts';
import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import { type WrittenGroup, writtenGroups } from '../../../shared/domain/intent/intent-writes.ts';
import type { FieldDifference } from '../../../shared/domain/outcome/outcome.ts';
import type { Intent, ZpaWrite } from '../../../shared/domain/records/intent.ts';

/** `partly`: ZPA answered success, but the read does not prove every write. */
export type ReadBackVerdict = { verdict: 'done' | 'without-effect' | 'partly'; overtaken: FieldDifference[] };

/**
 * Judges writes that ZPA has answered with success, by a read of their groups. A difference from the intended state is
 * somebody else's later edit, and stays. `writer`: our API client's id in `modifiedBy`, once known. `movedOn`: groups
 * whose added applications are known to be in other groups by now.
 */
export function judgeReadBack(
  written: readonly WrittenGroup[],
  live: ReadonlyMap<string, SegmentGroup | null>,
  writer: string | undefined,
  movedOn: ReadonlyMap<string, string> = new Map(),
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
 * ZPA answered success to memberships through v2, and none of them shows although ZPA carried out the rest, or stamped the group
 * anew: the tenant's v2 ignores deltas. Under a stamp of somebody else they were undone instead. As long as our own stamp is not
 * known, any new stamp counts as ours, because the first write of such a tenant looks just so. A write that v1 carries
 * out, or is to repeat, is not ignored: a refused repetition stays refused. `movedOn`: groups whose added
 * applications are in other groups by now, which shows the same unless the other group is one that they should have left.
 */
export function areDeltasIgnored(
  { writes, cursor, ...intent }: Intent,
  live: ReadonlyMap<string, SegmentGroup | null>,
  writer: string | undefined,
  movedOn: ReadonlyMap<string, string> = new Map(),
): boolean {
  const finished = writes.slice(0, cursor);
  const ids = new Set(finished.flatMap(({ write }) => (isMembershipWrite(write) ? [write.groupId] : [])));
  for (const { write } of writes) if (isMembershipWrite(write) && write.via === 'v1') ids.delete(write.groupId);
  if (ids.size === 0) return false;
  return writtenGroups({ ...intent, writes: finished, cursor }).every((one) => {
    const group = live.get(one.groupId) ?? null;
    const home = movedOn.get(one.groupId);
    return !ids.has(one.groupId) || ((home === undefined || ids.has(home)) && showsNoMembership(one, group, writer));
  });
}

function showsNoMembership({ before, expected }: WrittenGroup, live: SegmentGroup | null, writer: string | undefined) {
  if (before === null || expected === null || live === null || isForeign(before, live, writer)) return false;
  const isOfFields = !hasSameContent({ ...expected, applicationIds: before.applicationIds }, before);
  if (hasSameContent(before, live) && (isOfFields || !isNewlyStamped(before, live))) return false;
  const [was, asked, is] = [before, expected, live].map(({ applicationIds }) => new Set(applicationIds));
  const named = [...before.applicationIds, ...expected.applicationIds].filter((id) => was?.has(id) !== asked?.has(id));
  return named.length > 0 && named.every((id) => is?.has(id) === was?.has(id));
}

const isNewlyStamped = (before: SegmentGroup, live: SegmentGroup): boolean =>
  live.modifiedTime !== undefined &&
  (live.modifiedTime !== before.modifiedTime || live.modifiedBy !== before.modifiedBy);

/** The write adds or removes applications. */
export const isMembershipWrite = (write: ZpaWrite): write is Extract<ZpaWrite, { kind: 'update' }> =>
  write.kind === 'update' && write.addedApps.length + write.deletedApps.length > 0;

/** Somebody else certainly wrote the group after `before` was read. */
const isForeign = (before: SegmentGroup, live: SegmentGroup, writer: string | undefined): boolean =>
  !hasSameStamp(before, live) && writer !== undefined && live.modifiedBy !== writer;

/**
 * The group is as before under a newer stamp of an unknown writer: somebody may have undone the write, so it must not be
 * repeated (docs/adr/0007-adopting-a-created-group.md).
 */
function isUnattributed({ before, expected }: WrittenGroup, live: SegmentGroup | null, writer: string | undefined) {
  return before !== null && expected !== null && live !== null && writer === undefined && !hasSameStamp(before, live);
}

/** The group is as before its first write, which is not the intended state, and nobody else has undone the write. */
function isUnchanged(
  { before, expected }: WrittenGroup,
  live: SegmentGroup | null,
  writer: string | undefined,
): boolean {
  if (before === null) return live === null;
  if (live === null || !hasSameContent(before, live) || isForeign(before, live, writer)) return false;
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
