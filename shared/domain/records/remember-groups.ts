import type { SegmentGroup } from '../group/group.ts';
import type { Intent, PlannedWrite } from './intent.ts';
import { digestOf, digestOfFields, type SeenGroup } from './seen-groups.ts';

/** Bounds of the lane item; the entry that was added first is forgotten first. */
const MAX_GROUPS = 40;
const MAX_HOMES = 300;

/** By our clock, which may differ from ZPA's by minutes: a replica that lags may not find a group that is so young. */
const YOUNG_MS = 300_000;

/**
 * Adds a read that is not older: a stamp that is remembered never goes back. A group without a stamp cannot be compared and is
 * not added.
 */
export function withGroupRead(
  seen: readonly SeenGroup[],
  group: SegmentGroup,
  microtenantId: string,
  now: number,
): readonly SeenGroup[] {
  const { id, name, modifiedTime, applicationIds } = group;
  if (modifiedTime === undefined) return seen;
  const known = seen.find(({ groupId }) => groupId === id);
  if (known?.modifiedTime !== undefined && known.modifiedTime > modifiedTime) return seen;
  const fields = digestOfFields(group);
  const members = new Set(applicationIds);
  const isKnown =
    known !== undefined &&
    known.modifiedTime === modifiedTime &&
    known.fields === fields &&
    known.members === members.size;
  const joined = known?.joined?.filter((one) => members.has(one)) ?? [];
  const left = known?.left?.filter((one) => !members.has(one)) ?? [];
  if (isKnown && joined.length + left.length === (known.joined ?? []).length + (known.left ?? []).length) return seen;
  return put(seen, {
    ...{ groupId: id, microtenantId, at: isKnown ? known.at : now, modifiedTime, name, fields },
    members: members.size,
    ...(known?.modifiedTime === modifiedTime && known.replaced !== undefined && { replaced: known.replaced }),
    ...((known?.created || isYoung(group, now)) && { created: true }),
    ...homes(joined, left),
  });
}

const isYoung = ({ creationTime }: SegmentGroup, now: number): boolean =>
  creationTime !== undefined && creationTime * 1000 > now - YOUNG_MS;

/** Adds that ZPA does not find a group that the lane has seen: it is deleted. */
export function withGroupMissing(
  seen: readonly SeenGroup[],
  id: string,
  microtenantId: string,
  now: number,
): readonly SeenGroup[] {
  const known = seen.find((one) => one.groupId === id && one.microtenantId === microtenantId);
  if (known === undefined || known.deleted === true) return seen;
  return put(seen, { ...known, at: now, deleted: true });
}

/** Adds a write that ZPA has answered with success. `createdId`: the id of a created group, once it is known. */
export function withWrite(
  seen: readonly SeenGroup[],
  { write, before }: PlannedWrite,
  after: SegmentGroup | null,
  createdId: string | undefined,
  now: number,
): readonly SeenGroup[] {
  const { microtenantId } = write;
  const groupId = write.kind === 'create' ? createdId : write.groupId;
  if (groupId === undefined) return seen;
  const known = seen.find((one) => one.groupId === groupId);
  if (write.kind === 'create') {
    return put(seen, { ...(known ?? { groupId, microtenantId, at: now, name: write.name }), created: true });
  }
  if (write.kind === 'delete') {
    return put(seen, { groupId, microtenantId, at: now, name: before?.name ?? '', deleted: true });
  }
  const modifiedTime = before?.modifiedTime ?? known?.modifiedTime;
  // The result was read already, to judge a write without an answer.
  if ((known?.modifiedTime ?? 0) > (modifiedTime ?? Number.POSITIVE_INFINITY)) return seen;
  return put(seen, {
    ...{ groupId, microtenantId, at: now, name: write.fields.name },
    ...(modifiedTime !== undefined && { modifiedTime }),
    ...(before !== null && { replaced: digestOf(before) }),
    ...(after !== null && { result: digestOf(after) }),
    ...(known?.created && { created: true }),
    ...homes(without(known?.joined, write.deletedApps), without(known?.left, write.addedApps)),
  });
}

function without(ids: readonly string[] = [], moved: readonly string[]): string[] {
  const gone = new Set(moved);
  return ids.filter((id) => !gone.has(id));
}

/** Adds the memberships that an intent changed, once a read has shown them. */
export function withHomes(
  seen: readonly SeenGroup[],
  intent: Intent,
  live: ReadonlyMap<string, SegmentGroup | null>,
): readonly SeenGroup[] {
  let all = seen;
  for (const { write } of intent.writes) {
    const groupId = write.kind === 'create' ? intent.createdId : write.groupId;
    const known = all.find((one) => one.groupId === groupId);
    if (known === undefined || write.kind === 'delete') continue;
    const [added, deleted] =
      write.kind === 'create' ? [write.applicationIds, []] : [write.addedApps, write.deletedApps];
    const members = new Set(live.get(known.groupId)?.applicationIds);
    const moved = [...added, ...deleted];
    // An application is in one group.
    all = all.map((one) => (one.joined === undefined ? one : { ...one, joined: without(one.joined, added) }));
    const joined = [...without(known.joined, moved), ...added.filter((id) => members.has(id))];
    const left = [...without(known.left, moved), ...deleted.filter((id) => !members.has(id))];
    const { joined: _joined, left: _left, ...rest } = known;
    all = put(all, { ...rest, ...homes(joined, left) });
  }
  return all;
}

const homes = (joined: string[], left: string[]) => ({
  ...(joined.length > 0 && { joined }),
  ...(left.length > 0 && { left }),
});

function put(seen: readonly SeenGroup[], entry: SeenGroup): SeenGroup[] {
  const kept = [...seen.filter(({ groupId }) => groupId !== entry.groupId), entry].slice(-MAX_GROUPS);
  let room = MAX_HOMES;
  const bounded = kept.toReversed().map((one) => {
    const { joined = [], left = [], ...rest } = one;
    room -= joined.length + left.length;
    return room < 0 ? rest : one;
  });
  return bounded.reverse();
}
