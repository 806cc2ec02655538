import { NEW_GROUP, withMembers } from '../decide/group-content.ts';
import type { SegmentGroup } from '../group/group.ts';
import type { Timing } from '../ledger/timing.ts';
import type { Intent, PlannedWrite, ZpaWrite } from '../records/intent.ts';

/** The effects of an intent's writes on their groups, and how far the writes have come. */

/** The instant, in epoch ms, before which a read decides nothing: until then ZPA may still carry out the request. */
export function decidableAt(intent: Intent, timing: Pick<Timing, 'requestTimeoutMs' | 'quietPeriodMs'>): number {
  if (intent.cursor >= intent.writes.length || intent.sendBefore === 0) return 0;
  return intent.sendBefore + timing.requestTimeoutMs + timing.quietPeriodMs;
}

/** The microtenant of all writes of an intent. */
export const microtenantOf = ({ writes }: Intent): string => writes[0]?.write.microtenantId ?? '0';

/** The next write; undefined when all are answered. */
export const writeAtCursor = (intent: Intent): PlannedWrite | undefined => intent.writes[intent.cursor];

/** At least one write has succeeded, or a compensation is under way: the intent must be finished. */
export const isBegun = (intent: Intent): boolean => intent.cursor > 0 || intent.takingBack !== undefined;

/** The group after a write, if nobody else writes; the id of a created group is not known yet. */
export function groupAfterWrite({ write, before }: PlannedWrite): SegmentGroup | null {
  if (write.kind === 'delete') return null;
  if (write.kind === 'update') {
    if (before === null) throw new Error('an update has a group before it');
    return { ...withMembers(before, write.addedApps, write.deletedApps), ...write.fields };
  }
  const { kind: _kind, ...content } = write;
  const server = { readOnly: false, modifiedBy: undefined, modifiedTime: undefined, creationTime: undefined };
  return { id: NEW_GROUP, ...content, ...server };
}

/** One group that an intent wrote: its state before the first write, and its intended state after the last. */
export type WrittenGroup = { groupId: string; before: SegmentGroup | null; expected: SegmentGroup | null };

/** The groups of all writes of an intent, one entry per group. */
export function writtenGroups(intent: Intent): WrittenGroup[] {
  const written = new Map<string, WrittenGroup>();
  for (const planned of intent.writes) {
    const groupId = groupIdOf(planned.write, intent);
    const before = written.has(groupId) ? (written.get(groupId)?.before ?? null) : planned.before;
    written.set(groupId, { groupId, before, expected: groupAfterWrite(planned) });
  }
  return [...written.values()];
}

const groupIdOf = (write: ZpaWrite, intent: Intent) =>
  write.kind === 'create' ? (intent.createdId ?? '') : write.groupId;

/** The updates that are still to be sent. */
export const updatesLeft = ({ writes, cursor }: Intent) =>
  writes.slice(cursor).flatMap(({ write }) => (write.kind === 'update' ? [write] : []));

/**
 * Applications that the remaining writes would add and no remaining write would first remove: they are in no group now.
 */
export function ungroupedApplications(intent: Intent): string[] {
  const left = updatesLeft(intent);
  const elsewhere = new Set(left.flatMap((write) => write.deletedApps));
  return [...new Set(left.flatMap((write) => write.addedApps))].filter((id) => !elsewhere.has(id));
}
