import { createHash } from 'node:crypto';
import type { Application, SegmentGroup } from '../group/group.ts';
import { isSameText } from '../text/same-text.ts';

/**
 * The state that a lane has seen of the groups that it read or wrote in the last minute
 * (docs/architecture.md#lagging-reads). ZPA answers reads from replicas that lag differently, so a later read may show
 * an older state; only a state that is certainly not older is decided on. ZPA's whole seconds are compared with one
 * another, never with our clock.
 */

/** A group in the newest state that the lane has seen or written (docs/architecture.md#lagging-reads). */
export type SeenGroup = {
  groupId: string;
  microtenantId: string;
  /** When the lane first saw or wrote this state, by our clock; it only bounds the memory. */
  at: number;
  name: string;
  /** ZPA's stamp of the state, or of the state before our write. */
  modifiedTime?: number;
  /** Digest of name, description and flag; absent after a write until a read has shown its result. */
  fields?: string;
  /** The number of its applications, where `fields` is known. */
  members?: number;
  /** Digests of the state that our last write replaced, and of its result. */
  replaced?: string;
  result?: string;
  /** The lane or somebody else has just created the group, so a replica that lags may not find it yet. */
  created?: boolean;
  deleted?: boolean;
  /** Applications that the lane has added and removed, as a read has shown. */
  joined?: string[];
  left?: string[];
};

/** A read that shows less than was seen before: of which object, and since when the newer state is known. */
export type OlderReading = { of: string; seenAt: number };

/**
 * The entries that still count at `now`; a state counts for as long as a replica may lag behind it, the last instant included.
 * One of a later time is by a worker whose clock is ahead, and counts from now on.
 */
export const stillSeen = (seen: readonly SeenGroup[], now: number, lagMs: number): SeenGroup[] =>
  seen.filter(({ at }) => now <= at + lagMs).map((one) => (one.at > now ? { ...one, at: now } : one));

/** Judges a read of one group by its id in a microtenant; `group` null: ZPA does not find it. */
export function olderGroup(
  seen: readonly SeenGroup[],
  id: string,
  microtenantId: string,
  group: SegmentGroup | null,
): OlderReading | undefined {
  const known = seen.find(({ groupId }) => groupId === id);
  const taken = group === null ? undefined : seen.find((one) => hasTakenFrom(one, group));
  if (taken !== undefined) return { of: `segment group ${id}`, seenAt: taken.at };
  if (known === undefined) return undefined;
  const isOlder = group === null ? isNotYetFound(known, microtenantId) : isOlderState(known, group);
  return isOlder ? olderThan(known) : undefined;
}

/** True if a read certainly shows an older state; nobody can tell that of a foreign state with the same stamp. */
export function isCertainlyOlder(seen: readonly SeenGroup[], known: SeenGroup, group: SegmentGroup | null): boolean {
  if (group === null) return isNotYetFound(known, known.microtenantId);
  if (known.deleted === true || seen.some((one) => hasTakenFrom(one, group))) return true;
  if (group.modifiedTime === undefined || known.modifiedTime === undefined) return false;
  if (group.modifiedTime !== known.modifiedTime) return group.modifiedTime < known.modifiedTime;
  return digestOf(group) === known.replaced;
}

/** The group still holds an application that the lane has added to another one since. */
function hasTakenFrom(other: SeenGroup, group: SegmentGroup): boolean {
  if (other.groupId === group.id || other.joined === undefined || isNewer(group, other)) return false;
  const joined = new Set(other.joined);
  return group.applicationIds.some((id) => joined.has(id));
}

/** Only a group that is new may be missing on a replica that lags. */
const isNotYetFound = (known: SeenGroup, microtenantId: string) =>
  known.created === true && known.deleted !== true && known.microtenantId === microtenantId;

function isOlderState(known: SeenGroup, group: SegmentGroup): boolean {
  if (known.deleted === true) return true;
  if (group.modifiedTime === undefined || known.modifiedTime === undefined) return false;
  if (group.modifiedTime !== known.modifiedTime) return group.modifiedTime < known.modifiedTime;
  if (digestOf(group) === known.replaced) return true;
  // Before a read has shown the result: an earlier state may have the same stamp as the replaced one, and more applications.
  if (known.fields === undefined) return known.result !== undefined && digestOf(group) !== known.result;
  // Nobody can tell which of two foreign states of one second is newer. Without a new stamp applications can only leave
  // a group.
  return digestOfFields(group) !== known.fields || group.applicationIds.length > (known.members ?? 0);
}

/** Judges a search for a name in a microtenant: it may still find a former name, or not yet the present one. */
export function olderSearch(
  seen: readonly SeenGroup[],
  name: string,
  microtenantId: string,
  hits: readonly SegmentGroup[],
): OlderReading | undefined {
  const former = seen.find((known) => {
    const hit = hits.find(({ id }) => id === known.groupId);
    if (hit === undefined) return false;
    return known.deleted === true || (!isSameText(known.name, name) && !isNewer(hit, known));
  });
  const missing = seen.find(
    (known) =>
      known.deleted !== true &&
      known.microtenantId === microtenantId &&
      isSameText(known.name, name) &&
      !hits.some(({ id }) => id === known.groupId),
  );
  const known = former ?? missing;
  return known && olderThan(known);
}

const isNewer = ({ modifiedTime }: SegmentGroup, known: SeenGroup) =>
  modifiedTime !== undefined && known.modifiedTime !== undefined && modifiedTime > known.modifiedTime;

/**
 * Judges the group that an application is shown in, by the memberships that the lane changed and saw changed. An application is in
 * one group: the one that it joined counts more than those it left, whichever of them was read last.
 */
export function olderHome(seen: readonly SeenGroup[], { id, segmentGroupId }: Application): OlderReading | undefined {
  const there = seen.filter((known) => known.deleted !== true);
  const joined = there.findLast((known) => known.joined?.includes(id));
  if (joined?.groupId === segmentGroupId) return undefined;
  const known = joined ?? there.find(({ groupId, left }) => groupId === segmentGroupId && left?.includes(id));
  return known && { of: `application ${id}`, seenAt: known.at };
}

const olderThan = ({ groupId, at }: SeenGroup): OlderReading => ({ of: `segment group ${groupId}`, seenAt: at });

/** Digest of the writable content. */
export const digestOf = (group: SegmentGroup): string => digest([...fieldsOf(group), ...group.applicationIds]);
/** Digest of the fields that every write carries whole. */
export const digestOfFields = (group: SegmentGroup): string => digest(fieldsOf(group));
const fieldsOf = ({ name, description, enabled }: SegmentGroup) => [name, description, enabled];

const digest = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16);
