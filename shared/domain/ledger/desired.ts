import { rememberApprover } from '../records/approvers.ts';
import type { ChangeRecord } from '../records/change-record.ts';
import type { ApprovedValue, DesiredGroup } from '../records/desired-group.ts';
import { foldUnfound, groupsSought } from './unfound.ts';

/**
 * The desired state of a group: the state that tickets approved for it, folded from settled changes. It outlives them.
 *
 * Per field and per application the highest ledger sequence wins, so the result depends only on which changes were
 * folded, not on their order or repetition: the outbox may run twice, late, or out of order after a redrive.
 */

/**
 * Most applications stored per group; beyond it the oldest statements are dropped. ZPA allows 6,000 application
 * segments (help.zscaler.com, "Ranges & Limitations"); the rest is room for those that left. Each takes about 35 bytes,
 * so with 8,000 the item stays below DynamoDB's 400 KB, and approvers take what is left (`fitDesired`).
 */
export const MAX_REMEMBERED_MEMBERS = 8000;

/** Former members stored per group, the newest; each takes about 30 bytes. */
const MAX_FORMER_MEMBERS = 500;

type Statement = DesiredGroup['members'][string];

const latest = <T extends { sequence: number }>(known: T | undefined, next: T): T =>
  known === undefined || next.sequence >= known.sequence ? next : known;

/** The groups of which a settled change approves something. */
export function groupsApproved({ outcome }: ChangeRecord): string[] {
  if (outcome?.kind !== 'applied' && outcome?.kind !== 'unchanged') return [];
  return [outcome.approved, ...(outcome.approved.others ?? [])].map(({ groupId }) => groupId);
}

/** The desired states as they will be once the settled changes among these have written what they owe. */
export function withOwed(desired: readonly DesiredGroup[], changes: readonly ChangeRecord[]): DesiredGroup[] {
  const groups = new Map(desired.map((one) => [one.groupId, one]));
  for (const record of changes.filter(({ pending }) => pending.includes('desired'))) {
    for (const groupId of [...groupsApproved(record), ...groupsSought(record, desired)]) {
      const folded = foldDesired(groups.get(groupId), record, groupId);
      if (folded !== undefined) groups.set(groupId, folded);
    }
  }
  return [...groups.values()];
}

/** The approval of a settled change for one group; undefined if it approves nothing: a rejection, or another group. */
function approvalOf(settled: ChangeRecord, groupId: string | undefined) {
  const outcome = settled.outcome;
  if (outcome?.kind !== 'applied' && outcome?.kind !== 'unchanged') return undefined;
  if (outcome.approved.groupId === '') return undefined;
  const { approved, effect, at } = outcome;
  const part = [approved, ...(approved.others ?? [])].find((one) => one.groupId === (groupId ?? approved.groupId));
  if (part === undefined) return undefined;
  const ends = (effect.moves ?? []).flatMap((move) => [move.from, move.to]);
  const own = part.groupId === approved.groupId ? (effect.after ?? effect.before)?.name : undefined;
  return { approved: part, seenName: own ?? ends.find((end) => end.id === part.groupId)?.name, at };
}

/**
 * `existing` with the approval of `settled` folded in; undefined if that approves nothing. The result has the version
 * of `existing` (0 without one), so that the caller can write it on the condition that nobody wrote since. `existing`
 * must be of the same lane and group. `groupId`: the other group of a move; without it, the change's own group.
 */
export function foldDesired(
  existing: DesiredGroup | undefined,
  settled: ChangeRecord,
  groupId?: string,
): DesiredGroup | undefined {
  const approval = approvalOf(settled, groupId);
  if (approval === undefined) return foldUnfound(existing, settled);
  const { approved } = approval;
  const { sequence, ref } = settled;
  const key = ref.idempotencyKey;
  const approver = { key, source: ref.source, ticket: settled.ticket.id, at: approval.at };
  const last = latest(existing?.last, { ...approver, sequence });
  const newest = existing === undefined || sequence >= existing.last.sequence;

  const exactly = approved.members.exactly;
  const deleted = approved.deleted ? latest(existing?.deleted, { sequence, key }) : existing?.deleted;
  const complete = completeAsOf(existing?.complete, exactly === undefined ? undefined : sequence, deleted?.sequence);
  const floor = Math.max(complete ?? 0, deleted?.sequence ?? 0);

  const name = fieldOf(existing?.name, approved.fields.name, sequence, key);
  const description = fieldOf(existing?.description, approved.fields.description, sequence, key);
  const enabled = fieldOf(existing?.enabled, approved.fields.enabled, sequence, key);
  const seenName = fieldOf(existing?.seenName, approval.seenName, sequence, key);
  const stated = {
    ...(name && { name }),
    ...(description && { description }),
    ...(enabled && { enabled }),
    ...(complete !== undefined && { complete }),
    ...(deleted && { deleted }),
  };
  const members = foldMembers(existing?.members ?? {}, approved.members, sequence, floor);
  const formerly = foldFormerly(existing, approved.members, sequence, members);
  return {
    version: existing?.version ?? 0,
    lane: ref.lane,
    groupId: approved.groupId,
    tenant: newest ? ref.tenant : existing.tenant,
    microtenantId: newest ? approved.microtenantId : existing.microtenantId,
    ...stated,
    ...(seenName && { seenName }),
    members,
    ...(formerly && { formerly }),
    last,
    approvals: rememberApprover(existing?.approvals, sequence, approver, stated),
    ...(existing?.unfound && { unfound: existing.unfound }),
  };
}

function fieldOf<T>(known: ApprovedValue<T> | undefined, value: T | undefined, sequence: number, key: string) {
  return value === undefined ? known : latest(known, { value, sequence, key });
}

/** The sequence of the latest statement of the complete membership; undefined once the group was deleted after it. */
function completeAsOf(known: number | undefined, stated: number | undefined, deletedAt: number | undefined) {
  const complete = Math.max(known ?? 0, stated ?? 0);
  return complete === 0 || complete < (deletedAt ?? 0) ? undefined : complete;
}

/** Drops statements below `floor`: the complete membership was stated, or the group deleted, after them. */
function foldMembers(
  known: DesiredGroup['members'],
  approved: { has: readonly string[]; hasNot: readonly string[]; exactly?: readonly string[] },
  sequence: number,
  floor: number,
): DesiredGroup['members'] {
  const members = new Map<string, Statement>(Object.entries(known));
  const state = (ids: readonly string[], statement: 0 | 1) => {
    for (const id of ids) {
      if (sequence >= (members.get(id)?.[1] ?? 0)) members.set(id, [statement, sequence]);
    }
  };
  state(approved.hasNot, 0);
  state(approved.has, 1);
  state(approved.exactly ?? [], 1);
  return Object.fromEntries(newestFirst([...members].filter(([, [, at]]) => at >= floor)));
}

/** The latest approval as a member of each application that is none by `members`; undefined if there is none. */
function foldFormerly(
  existing: DesiredGroup | undefined,
  approved: { has: readonly string[]; exactly?: readonly string[] },
  sequence: number,
  members: DesiredGroup['members'],
): DesiredGroup['formerly'] {
  const latestAt = new Map(Object.entries(existing?.formerly ?? {}));
  const note = (id: string, at: number) => latestAt.set(id, Math.max(at, latestAt.get(id) ?? 0));
  for (const [id, [member, at]] of Object.entries(existing?.members ?? {})) if (member === 1) note(id, at);
  for (const id of [...approved.has, ...(approved.exactly ?? [])]) note(id, sequence);
  const former = [...latestAt].filter(([id]) => members[id]?.[0] !== 1);
  if (former.length === 0) return undefined;
  const newest = former.toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, MAX_FORMER_MEMBERS);
  return Object.fromEntries(newest);
}

/**
 * Keeps the latest by sequence, then id: the same statements are dropped in any order, so the fold stays commutative.
 */
function newestFirst(members: [string, Statement][]): [string, Statement][] {
  if (members.length <= MAX_REMEMBERED_MEMBERS) return members;
  const ranked = members.toSorted(([a, [, x]], [b, [, y]]) => y - x || (a < b ? -1 : 1));
  return ranked.slice(0, MAX_REMEMBERED_MEMBERS);
}
