import { createHash } from 'node:crypto';
import type { ChangeRef } from '../lane/change-ref.ts';
import type { Outcome } from '../outcome/outcome.ts';
import type { ChangeRecord } from '../records/change-record.ts';
import type { Versioned } from '../records/versioned.ts';

/**
 * The state that `notify` stores for one change set on one ticket: which of its changes have ended, and which outcomes
 * were commented. A change without a set is a set of one. The ledger has no list of a set's members, so each outcome is
 * noted here on arrival, and the one that completes the set causes the comment:
 *
 *     first outcome ─► noted, its message is the timer ─► others noted ─► complete ─► comment ─► state ─► answered
 *                                  │ a member does not arrive                                      ▲
 *                                  └─ patience ends ─► comment on known outcomes ── the rest ──────┘
 *
 * A redriven change arrives again with a higher generation; that begins a new round, which is commented again.
 */
export type SetNote = Versioned & {
  /** 64 hex characters. */
  id: string;
  source: string;
  ticket: string;
  size: number;
  members: NotedMember[];
  /** When the first outcome of this round was noted; epoch ms. */
  since: number;
  /** The member whose message waits until `patienceMs` is over. */
  timer: string;
  /** `patienceMs` was over once in this round, and the known outcomes were commented. */
  early: boolean;
  /** One invocation comments and moves the ticket, until then at the latest (epoch ms). */
  claim?: { by: string; until: number };
  /** The round whose comment is on the ticket; the ticket's transition may still be missing. */
  commented?: string;
};

export type NotedMember = Pick<ChangeRef, 'lane' | 'tenant' | 'idempotencyKey'> & {
  generation: number;
  index: number;
  kind: Outcome['kind'];
  /** It was part of a comment in this generation. */
  told: boolean;
};

const sha256 = (parts: unknown) => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** `CHG0031337/2@APPR0007` → `APPR0007`: another approval of the same ticket makes another set. */
const approvalOf = (key: string) => (key.includes('@') ? key.slice(key.lastIndexOf('@') + 1) : '');

/** Identifies the set that a change belongs to; its members may be in several tenants and lanes. */
export function noteId({ ref, change, ticket }: Pick<ChangeRecord, 'ref' | 'change' | 'ticket'>): string {
  const { source, lane, tenant, idempotencyKey } = ref;
  if (change.changeSet === undefined) return sha256(['change', source, lane, tenant, idempotencyKey]);
  return sha256(['set', source, ticket.id, change.changeSet.id, approvalOf(idempotencyKey)]);
}

/** A change record that has its outcome. */
export type SettledRecord = ChangeRecord & { outcome: Outcome };

/** True if the change has its outcome. */
export function isSettled(record: ChangeRecord): record is SettledRecord {
  return record.state === 'settled' && record.outcome !== undefined;
}

function memberOf(record: SettledRecord): NotedMember {
  const { lane, tenant, idempotencyKey } = record.ref;
  const { generation, kind } = record.outcome;
  const index = record.change.changeSet?.index ?? 1;
  return { lane, tenant, idempotencyKey, generation, index, kind, told: false };
}

/** Identifies a member within its set. */
export const memberKey = (one: Pick<NotedMember, 'lane' | 'tenant' | 'idempotencyKey'>) =>
  JSON.stringify([one.lane, one.tenant, one.idempotencyKey]);

const timerKey = (one: NotedMember) => `${memberKey(one)} ${one.generation}`;

/** The note with this outcome; the same note if it has the outcome already. */
export function recordOutcome(note: SetNote | undefined, record: SettledRecord, now: number): SetNote {
  const member = memberOf(record);
  const size = record.change.changeSet?.size ?? 1;
  const newRound = { since: now, timer: timerKey(member), early: false };
  if (note === undefined) {
    const { source } = record.ref;
    return { version: 0, id: noteId(record), source, ticket: record.ticket.id, size, members: [member], ...newRound };
  }
  const known = note.members.find((one) => memberKey(one) === memberKey(member));
  if (known !== undefined && known.generation >= member.generation) return note;
  const others = note.members.filter((one) => one !== known);
  const members = [...others, member].toSorted((a, b) => a.index - b.index);
  const roundIsOver = note.members.every(({ told }) => told) && isComplete(note);
  return { ...note, size: Math.max(note.size, size), members, ...(roundIsOver ? newRound : {}) };
}

const indices = (members: readonly NotedMember[]) => new Set(members.map(({ index }) => index)).size;
const isComplete = ({ members, size }: Pick<SetNote, 'members' | 'size'>) => indices(members) >= size;

/** The number of members whose outcome has not arrived. */
export const missingMembers = ({ members, size }: SetNote) => Math.max(0, size - indices(members));

/** True if this outcome's message is the one that waits as the timer. */
export function isTimer(note: SetNote, record: SettledRecord): boolean {
  return note.timer === timerKey(memberOf(record));
}

/** The next action for a change set. */
export type NextStep =
  /** All known outcomes are commented. */
  | { kind: 'nothing' }
  /**
   * Another outcome has yet to arrive. At `until` (epoch ms) the timer causes the comment; undefined: it did already.
   */
  | { kind: 'wait'; until: number | undefined }
  | { kind: 'comment'; round: string; complete: boolean };

/**
 * The next action for a set. `records`: its members as the ledger has them; a member that was re-opened since has not
 * ended. `patienceMs`: how long a set may be incomplete before its known outcomes are commented.
 */
export function nextStep(
  note: SetNote,
  records: readonly (ChangeRecord | undefined)[],
  now: number,
  patienceMs: number,
): NextStep {
  if (note.members.every(({ told }) => told) && (isComplete(note) || note.early)) return { kind: 'nothing' };
  const ended = note.members.every((member, index) => hasEnded(records[index], member));
  if (ended && isComplete(note)) return { kind: 'comment', round: roundOf(note, 'whole'), complete: true };
  const until = note.since + patienceMs;
  if (note.early) return { kind: 'wait', until: undefined };
  return now < until ? { kind: 'wait', until } : { kind: 'comment', round: roundOf(note, 'early'), complete: false };
}

/** True if a member has ended as noted. A record that has expired did. */
export function hasEnded(record: ChangeRecord | undefined, { generation }: NotedMember): boolean {
  return record === undefined || (isSettled(record) && record.generation === generation);
}

/** Identifies one comment, by the set and its outcomes, so that it is made once. 24 hex characters. */
function roundOf({ id, members }: SetNote, extent: 'whole' | 'early'): string {
  const ended = members.map((one) => [memberKey(one), one.generation]);
  return sha256([id, extent, ended.map((one) => JSON.stringify(one)).sort()]).slice(0, 24);
}

/** The note with the claim of `by` until `until`; undefined if another invocation has the claim. */
export function claimNote(note: SetNote, by: string, now: number, until: number): SetNote | undefined {
  if (note.claim !== undefined && note.claim.by !== by && note.claim.until > now) return undefined;
  return { ...note, claim: { by, until } };
}

/** The note without the claim of `by`. */
export function releaseNote(note: SetNote, by: string): SetNote {
  if (note.claim?.by !== by) return note;
  const { claim: _claim, ...rest } = note;
  return rest;
}

/** The note after the comment of this round was made. */
export const markCommented = (note: SetNote, round: string): SetNote => ({ ...note, commented: round });

/** The note after these members' outcomes were commented and the ticket was moved on. */
export function markAnswered(note: SetNote, members: readonly NotedMember[], complete: boolean): SetNote {
  const answered = new Set(members.map(timerKey));
  const marked = note.members.map((one) => (answered.has(timerKey(one)) ? { ...one, told: true } : one));
  return { ...note, members: marked, early: note.early || !complete };
}
