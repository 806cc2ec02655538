import { nameOf } from '../drift/resolve/resolution.ts';
import type { SegmentGroup } from '../group/group.ts';
import { approverOf } from '../records/approvers.ts';
import type { DesiredGroup } from '../records/desired-group.ts';
import { isSameText, isSameTrimmed } from '../text/same-text.ts';
import { type AppliedChange, FIELDS, fieldsWritten, returnsOf } from './returns.ts';

/** The live and the approved states of the groups that the changes wrote. */
export type UndoState = {
  /** By id; null: ZPA has no such group. */
  groups: ReadonlyMap<string, SegmentGroup | null>;
  desired: ReadonlyMap<string, DesiredGroup>;
};

/** `undone`: sequences of the changes that are undone before this one. */
type Past = UndoState & { undone: ReadonlySet<number> };

/** Names the later writer of what the change wrote, and its state now; undefined: everything is as the change left it. */
export function writtenSince(applied: AppliedChange, past: Past): string | undefined {
  const { groupId, before, after } = applied.effect;
  const live = past.groups.get(groupId);
  if (live === undefined) throw new Error(`group ${groupId} was not read`);
  if (after === null) return live === null ? statedSince(applied, past, groupId, 'all') : livesAgain(live);
  if (live === null) return goneReason(past.desired.get(groupId));
  const fields = before === null ? [...FIELDS] : fieldsWritten(applied.effect);
  for (const field of fields) {
    const reason = statedSince(applied, past, groupId, field) ?? fieldReason(field, live, after[field]);
    if (reason !== undefined) return reason;
  }
  return before === null ? membershipReason(applied, past, live) : returnsReason(applied, past);
}

function fieldReason(field: (typeof FIELDS)[number], live: SegmentGroup, left: string | boolean): string | undefined {
  const now = live[field];
  const isSame =
    typeof now === 'boolean' || typeof left === 'boolean'
      ? now === left
      : field === 'name'
        ? isSameText(now, left)
        : isSameTrimmed(now, left);
  if (isSame) return undefined;
  return `${field} is ${JSON.stringify(now)} now, not ${JSON.stringify(left)} as the change left it; ${lastWriter(live)}`;
}

/** A group is deleted only with exactly the members that its create gave it. */
function membershipReason(applied: AppliedChange, past: Past, live: SegmentGroup): string | undefined {
  const stated = statedSince(applied, past, live.id, 'all');
  if (stated !== undefined) return stated;
  const left = new Set(applied.effect.added);
  const joined = live.applicationIds.find((id) => !left.has(id));
  if (joined !== undefined) return `application segment ${joined} is a member now; ${lastWriter(live)}`;
  return [...left].map((id) => memberReason(live, id, true)).find((reason) => reason !== undefined);
}

function returnsReason(applied: AppliedChange, past: Past): string | undefined {
  for (const { from, to, ids } of returnsOf(applied.effect)) {
    const holder = from ?? to ?? '';
    const live = past.groups.get(holder);
    if (live === null || live === undefined) return `group ${holder} is gone from ZPA`;
    if (to !== undefined && past.groups.get(to) === null)
      return `group ${to}, which had its application segments, is gone`;
    for (const id of ids) {
      const reason = statedSince(applied, past, holder, { id }) ?? memberReason(live, id, from !== undefined);
      if (reason !== undefined) return reason;
    }
  }
  return undefined;
}

function memberReason(live: SegmentGroup, id: string, isLeft: boolean): string | undefined {
  const is = live.applicationIds.includes(id);
  if (is === isLeft) return undefined;
  const says = is ? `is a member of ${nameOf(live)} again` : `is no member of ${nameOf(live)} any more`;
  return `application segment ${id} ${says}; ${lastWriter(live)}`;
}

type Facet = (typeof FIELDS)[number] | { id: string } | 'all';

/** The later change that stated a facet of the group, unless it is undone before. */
function statedSince({ record }: AppliedChange, past: Past, groupId: string, facet: Facet): string | undefined {
  const desired = past.desired.get(groupId);
  if (desired === undefined) return undefined;
  const sequence = sequencesOf(desired, facet).find((one) => one > record.sequence && !past.undone.has(one));
  if (sequence === undefined) return undefined;
  const what =
    facet === 'all' ? 'something of the group' : typeof facet === 'string' ? facet : `application segment ${facet.id}`;
  return `${changeBehind(desired, sequence)} stated ${what}${timeOf(desired, sequence)}`;
}

function sequencesOf(desired: DesiredGroup, facet: Facet): number[] {
  const { members, complete = 0, deleted, last } = desired;
  if (facet === 'all') {
    const fields = FIELDS.map((field) => desired[field]?.sequence ?? 0);
    const stated = Object.values(members).map(([, sequence]) => sequence);
    return [...fields, ...stated, complete, deleted?.sequence ?? 0, last.sequence];
  }
  if (typeof facet === 'string') return [desired[facet]?.sequence ?? 0];
  // A complete membership states also of those that it does not name that they are no members.
  return [Math.max(members[facet.id]?.[1] ?? 0, complete)];
}

function changeBehind(desired: DesiredGroup, sequence: number): string {
  const approval = approverOf(desired, sequence);
  if (approval !== undefined) return `change ${approval.key} of ticket ${approval.ticket}`;
  const value = FIELDS.map((field) => desired[field]).find((one) => one?.sequence === sequence);
  return value === undefined ? 'a later change' : `change ${value.key}`;
}

function timeOf(desired: DesiredGroup, sequence: number): string {
  const approval = approverOf(desired, sequence);
  return approval === undefined ? '' : ` at ${isoTime(approval.at)}`;
}

const livesAgain = (live: SegmentGroup) => `the group exists again; ${lastWriter(live)}`;

function goneReason(desired: DesiredGroup | undefined): string {
  const deleted = desired?.deleted;
  return `the group is gone from ZPA${deleted === undefined ? '' : `; change ${deleted.key} deleted it`}`;
}

function lastWriter({ modifiedBy, modifiedTime }: SegmentGroup): string {
  const at = modifiedTime === undefined ? '' : ` at ${isoTime(modifiedTime * 1000)}`;
  return `the group was last written by ${modifiedBy ?? 'somebody whom ZPA does not name'}${at}`;
}

const isoTime = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
