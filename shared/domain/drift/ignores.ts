import type { Lane } from '../lane/change-ref.ts';
import { fitsItem, MAX_ITEM_BYTES } from '../ledger/size-limits.ts';
import type { Versioned } from '../records/versioned.ts';
import { hasValue, isDeletion, isUnplaced, liveValueOf } from './live-value.ts';
import type { Finding, GroupRef } from './report.ts';
import { type Reading, wasChecked } from './was-checked.ts';

/**
 * Ignores of drift findings: a person decides that a live value may differ for a while. An ignore ends by the clock, or when
 * the value it was given for is seen no more; it stays ended when that value is back. Ended ones are kept for the audit.
 */

/** `ended` is set before its time is over; instants are epoch milliseconds. */
export type IgnoreRecord = {
  /** Of the finding. */
  id: string;
  lane: Lane;
  /** As the finding named it, for people; a later report tells by it whether the group was read. */
  group: GroupRef & { microtenantId: string };
  /** `liveValueOf` the finding that it was given for. */
  live: string;
  reason: string;
  until: number;
  /** The person who ignored it. */
  by: string;
  at: number;
  /** It hides a deletion too; absent: it never does. */
  includesDeletion?: boolean | undefined;
  ended?: { at: number; why: IgnoreEnd; by?: string | undefined } | undefined;
};

/** `closed`: its finding is gone; `withdrawn`: a person took it back. */
type IgnoreEnd = 'value-changed' | 'closed' | 'replaced' | 'withdrawn';

/** All ignores of a lane, in the order in which they were given. */
export type IgnoreList = Versioned & { lane: Lane; entries: IgnoreRecord[] };

export type IgnoreRequest = Pick<IgnoreRecord, 'reason' | 'until' | 'by' | 'at' | 'includesDeletion'> & {
  finding: Finding;
};

const DAY_MS = 24 * 60 * 60 * 1000;
/** Drift that may stay for longer belongs into a ticket. */
export const LONGEST_IGNORE_MS = 90 * DAY_MS;
/** Ignores of a lane that hold at one time. */
export const MAX_IGNORES = 150;
/** An ignore that is over stays in the record for so long, if there is room. */
export const PAST_IGNORES_KEPT_MS = 365 * DAY_MS;

const MAX_REASON = 500;
const MAX_BY = 300;
/** Leaves room for the keys and the write token of the item. */
const MAX_LIST_BYTES = MAX_ITEM_BYTES - 8 * 1024;

/** The ignores of a lane that has none. */
export const noIgnores = (lane: Lane): IgnoreList => ({ version: 0, lane, entries: [] });

type Fault = { ok: false; code: FaultCode; sentence: string };
type FaultCode =
  | 'reason-missing'
  | 'reason-too-long'
  | 'until-past'
  | 'until-too-far'
  | 'hides-deletion'
  | 'place-unknown'
  | 'ignores-full';
export type AddedIgnore = { ok: true; list: IgnoreList; added: IgnoreRecord } | Fault;

/** Adds an ignore of the live value that the finding shows; one that the finding has already is replaced. */
export function addIgnore(list: IgnoreList, request: IgnoreRequest): AddedIgnore {
  const { finding, at, until, by, includesDeletion } = request;
  const { group } = finding;
  const reason = request.reason.trim();
  if (reason === '') return fault('reason-missing', 'An ignore needs a reason.');
  if (reason.length > MAX_REASON) return fault('reason-too-long', `A reason has at most ${MAX_REASON} characters.`);
  if (!(until > at)) return fault('until-past', 'An ignore needs an end that is still to come.');
  if (until - at > LONGEST_IGNORE_MS) {
    const days = LONGEST_IGNORE_MS / DAY_MS;
    return fault(
      'until-too-far',
      `An ignore holds for at most ${days} days. What may stay for longer belongs in a ticket.`,
    );
  }
  if (isDeletion(finding) && includesDeletion !== true) {
    return fault('hides-deletion', `${finding.id} is a deletion, which is hidden only by an ignore that says so.`);
  }
  if (isUnplaced(finding)) {
    return fault('place-unknown', `Where the application segment of ${finding.id} is now could not be read.`);
  }
  const added: IgnoreRecord = {
    id: finding.id,
    lane: list.lane,
    group: { id: group.id, name: group.name, microtenantId: group.microtenantId },
    live: liveValueOf(finding),
    reason,
    until,
    by: by.slice(0, MAX_BY),
    at,
    ...(includesDeletion === true && { includesDeletion }),
  };
  const { entries } = endIgnores(list, [{ id: finding.id, why: 'replaced', by: added.by }], at);
  if (entries.filter((one) => ignoreState(one, at) === 'holds').length >= MAX_IGNORES) return full();
  const next = withRoom({ ...list, entries: [...entries, added] }, at);
  return next === undefined ? full() : { ok: true, list: next, added };
}

const fault = (code: FaultCode, sentence: string): Fault => ({ ok: false, code, sentence });
const full = () =>
  fault('ignores-full', 'The lane has as many ignores as are kept. Accept or revert findings, or end other ignores.');

/** The list without what was kept long enough, and without the oldest past ignores until it fits; undefined: it never does. */
function withRoom(list: IgnoreList, now: number): IgnoreList | undefined {
  let entries = list.entries.filter((one) => overAt(one) + PAST_IGNORES_KEPT_MS > now);
  while (!fitsItem(entries, MAX_LIST_BYTES)) {
    const oldest = entries.findIndex((one) => ignoreState(one, now) !== 'holds');
    if (oldest < 0) return undefined;
    entries = entries.toSpliced(oldest, 1);
  }
  return { ...list, entries };
}

const overAt = ({ until, ended }: IgnoreRecord) => Math.min(until, ended?.at ?? until);

/** The state of an ignore now, by the clock and by its mark. */
export function ignoreState({ until, ended }: IgnoreRecord, now: number): 'holds' | 'expired' | 'ended' {
  if (ended !== undefined) return 'ended';
  return until > now ? 'holds' : 'expired';
}

/** The ignore that holds for the finding as it lives now. */
export function ignoreOf(finding: Finding, entries: readonly IgnoreRecord[], now: number): IgnoreRecord | undefined {
  return entries.find(
    (one) =>
      one.id === finding.id &&
      hasValue(finding, one.live) &&
      ignoreState(one, now) === 'holds' &&
      (one.includesDeletion === true || !isDeletion(finding)),
  );
}

/** The findings of a report, what it could not read, and when it began. */
type Seen = Reading & { startedAt: string; findings: readonly Finding[] };

/** An ignore to end, by the id of its finding. `given`: when; a later one of the finding stays. */
export type EndedIgnore = { id: string; why: IgnoreEnd; by?: string; given?: number };

/**
 * The ignores that hold and whose value a report did not see any more. One that was given since the report began is for a value
 * that it may not have seen yet.
 */
export function ignoresEndedBy(seen: Seen, entries: readonly IgnoreRecord[], now: number): EndedIgnore[] {
  const found = new Map(seen.findings.map((finding) => [finding.id, finding]));
  const begun = Date.parse(seen.startedAt);
  return entries.flatMap((one): EndedIgnore[] => {
    if (ignoreState(one, now) !== 'holds' || one.at >= begun) return [];
    const { id, at: given } = one;
    const finding = found.get(id);
    if (finding === undefined) return wasChecked(seen, one.group) ? [{ id, why: 'closed', given }] : [];
    return ignoreOf(finding, [one], now) === undefined ? [{ id, why: 'value-changed', given }] : [];
  });
}

/** Marks ignores as ended; the list itself if none of them holds. */
export function endIgnores(list: IgnoreList, ends: readonly EndedIgnore[], at: number): IgnoreList {
  const byId = new Map(ends.map((one) => [one.id, one]));
  let changed = false;
  const entries = list.entries.map((one) => {
    const end = byId.get(one.id);
    const isLater = end?.given !== undefined && one.at > end.given;
    if (end === undefined || isLater || ignoreState(one, at) !== 'holds') return one;
    changed = true;
    return { ...one, ended: { at, why: end.why, ...(end.by !== undefined && { by: end.by }) } };
  });
  return changed ? { ...list, entries } : list;
}
