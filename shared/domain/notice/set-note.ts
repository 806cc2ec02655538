import { createHash } from 'node:crypto';
import type { ChangeRef } from '../lane/change-ref.ts';
import type { Outcome } from '../outcome/outcome.ts';
import type { ChangeRecord } from '../records/change-record.ts';
import type { Versioned } from '../records/versioned.ts';

/**
 * What `notify` remembers of one change set on one ticket: which of its changes have ended, and what was said. A change
 * without a set is a set of one. The ledger knows no list of a set's members, so each outcome that comes by is noted
 * here, and the one that makes the set whole is the one that speaks:
 *
 *     first outcome ─► noted, its message waits as the timer ─► others noted ─► whole ─► comment ─► state ─► told
 *                                  │ a member never comes                                    ▲
 *                                  └─ time is up ─► comment on what is known ── the rest ────┘
 *
 * A redriven change comes by again with a higher generation: that begins a new round, which is told again.
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
  /** The member whose message waits until the time is up. */
  timer: string;
  /** The time was up once in this round, and what was known has been said. */
  early: boolean;
  /** Somebody is speaking, until then (epoch ms). */
  claim?: { by: string; until: number };
  /** The round whose comment stands on the ticket; its state may be owing. */
  commented?: string;
};

export type NotedMember = Pick<ChangeRef, 'lane' | 'tenant' | 'idempotencyKey'> & {
  generation: number;
  index: number;
  kind: Outcome['kind'];
  /** It was part of a comment, in this generation. */
  told: boolean;
};

const sha256 = (parts: unknown) => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** `CHG0031337/2@APPR0007` → `APPR0007`: another approval of the same ticket is another set. */
const occasionOf = (key: string) => (key.includes('@') ? key.slice(key.lastIndexOf('@') + 1) : '');

/** The set that a change belongs to, whatever tenants and lanes its members are in. */
export function noteId({ ref, change, ticket }: Pick<ChangeRecord, 'ref' | 'change' | 'ticket'>): string {
  const { source, lane, tenant, idempotencyKey } = ref;
  if (change.changeSet === undefined) return sha256(['change', source, lane, tenant, idempotencyKey]);
  return sha256(['set', source, ticket.id, change.changeSet.id, occasionOf(idempotencyKey)]);
}

/** A change record that has its outcome. */
export type SettledRecord = ChangeRecord & { outcome: Outcome };

export function isSettled(record: ChangeRecord): record is SettledRecord {
  return record.state === 'settled' && record.outcome !== undefined;
}

function memberOf(record: SettledRecord): NotedMember {
  const { lane, tenant, idempotencyKey } = record.ref;
  const { generation, kind } = record.outcome;
  const index = record.change.changeSet?.index ?? 1;
  return { lane, tenant, idempotencyKey, generation, index, kind, told: false };
}

export const memberKey = (one: Pick<NotedMember, 'lane' | 'tenant' | 'idempotencyKey'>) =>
  JSON.stringify([one.lane, one.tenant, one.idempotencyKey]);

const timerKey = (one: NotedMember) => `${memberKey(one)} ${one.generation}`;

/** The note with this outcome in it; the note itself if it was noted before. */
export function recordOutcome(note: SetNote | undefined, record: SettledRecord, now: number): SetNote {
  const member = memberOf(record);
  const size = record.change.changeSet?.size ?? 1;
  const begun = { since: now, timer: timerKey(member), early: false };
  if (note === undefined) {
    const { source } = record.ref;
    return { version: 0, id: noteId(record), source, ticket: record.ticket.id, size, members: [member], ...begun };
  }
  const known = note.members.find((one) => memberKey(one) === memberKey(member));
  if (known !== undefined && known.generation >= member.generation) return note;
  const others = note.members.filter((one) => one !== known);
  const members = [...others, member].toSorted((a, b) => a.index - b.index);
  const roundIsOver = note.members.every(({ told }) => told) && isComplete(note);
  return { ...note, size: Math.max(note.size, size), members, ...(roundIsOver ? begun : {}) };
}

const indices = (members: readonly NotedMember[]) => new Set(members.map(({ index }) => index)).size;
const isComplete = ({ members, size }: Pick<SetNote, 'members' | 'size'>) => indices(members) >= size;

/** How many of the set have not been heard of. */
export const missingMembers = ({ members, size }: SetNote) => Math.max(0, size - indices(members));

/** Whether this outcome's message is the one that waits. */
export function isTimer(note: SetNote, record: SettledRecord): boolean {
  return note.timer === timerKey(memberOf(record));
}

export type NextStep =
  /** Everything was said. */
  | { kind: 'nothing' }
  /** Another outcome will come by; at `until` (epoch ms) the timer speaks, undefined: it has. */
  | { kind: 'wait'; until: number | undefined }
  | { kind: 'comment'; round: string; whole: boolean };

/**
 * What is to be done about a set now. `records`: its members as the ledger has them; one that was re-opened since has
 * not ended. `patienceMs`: how long a set may be incomplete before what is known is said.
 */
export function nextStep(
  note: SetNote,
  records: readonly (ChangeRecord | undefined)[],
  now: number,
  patienceMs: number,
): NextStep {
  if (note.members.every(({ told }) => told) && (isComplete(note) || note.early)) return { kind: 'nothing' };
  const ended = note.members.every((member, index) => hasEnded(records[index], member));
  if (ended && isComplete(note)) return { kind: 'comment', round: roundOf(note, 'whole'), whole: true };
  const until = note.since + patienceMs;
  if (note.early) return { kind: 'wait', until: undefined };
  return now < until ? { kind: 'wait', until } : { kind: 'comment', round: roundOf(note, 'early'), whole: false };
}

/** A record that is gone (it expired) ended as it was noted. */
export function hasEnded(record: ChangeRecord | undefined, { generation }: NotedMember): boolean {
  return record === undefined || (isSettled(record) && record.generation === generation);
}

/** Names what is said once: the same outcomes of the same set. 24 hex characters. */
function roundOf({ id, members }: SetNote, extent: 'whole' | 'early'): string {
  const ended = members.map((one) => [memberKey(one), one.generation]);
  return sha256([id, extent, ended.map((one) => JSON.stringify(one)).sort()]).slice(0, 24);
}

/** The right to speak, for a while; undefined if somebody else has it. */
export function claimNote(note: SetNote, by: string, now: number, until: number): SetNote | undefined {
  if (note.claim !== undefined && note.claim.by !== by && note.claim.until > now) return undefined;
  return { ...note, claim: { by, until } };
}

/** Without the claim of `by`. */
export function releaseNote(note: SetNote, by: string): SetNote {
  if (note.claim?.by !== by) return note;
  const { claim: _claim, ...rest } = note;
  return rest;
}

/** The comment stands. */
export const markCommented = (note: SetNote, round: string): SetNote => ({ ...note, commented: round });

/** All is said about these members, in the generations that were told. */
export function markAnswered(note: SetNote, members: readonly NotedMember[], whole: boolean): SetNote {
  const said = new Set(members.map(timerKey));
  const marked = note.members.map((one) => (said.has(timerKey(one)) ? { ...one, told: true } : one));
  return { ...note, members: marked, early: note.early || !whole };
}
