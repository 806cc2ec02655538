import type { Outcome, Rejection } from '../outcome/outcome.ts';
import { newestApprovers } from '../records/approvers.ts';
import type { ChangeRecord } from '../records/change-record.ts';
import type { DesiredGroup } from '../records/desired-group.ts';
import type { Ending, Intent } from '../records/intent.ts';
import type { LaneRecord } from '../records/lane-record.ts';
import { jsonBytes, textBytes, toJson } from '../text/truncate-text.ts';
import type { FailureRecord, OutcomeNotice } from './message.ts';
import {
  dropDetails,
  truncateEnding,
  truncateHistory,
  truncateLists,
  truncateOutcome,
  truncateTicket,
} from './truncation.ts';

/**
 * Size limits of items and messages. The ledger must be able to settle every change it accepted, and every outcome must
 * fit into the dead-letter queue and the topic. Long values from outside are therefore cut here, the least useful first
 * and only as far as needed; the change itself and its approved state are never cut.
 */

/** A DynamoDB item, names and values (AWS: "Quotas in Amazon DynamoDB", 400 KB). */
export const MAX_ITEM_BYTES = 400 * 1024;
/** An SQS message, and the sum over a batch (AWS: the classic quota; newer accounts allow 1 MiB). */
export const MAX_MESSAGE_BYTES = 256 * 1024;
/** An SNS message with its attributes (AWS: "Publish"). */
export const MAX_NOTICE_BYTES = 256 * 1024;

/**
 * The targets leave room for keys, what the indexes hold of them, and write token; for message attributes; for the
 * readable text.
 */
const ITEM_TARGET = MAX_ITEM_BYTES - 8 * 1024;
/**
 * The growth of the lane item while an intent is open: the reason of a compensation, rebased fields, counters, what an
 * operator or a stop of the lane notes.
 */
const INTENT_RESERVE = 32 * 1024;
const MESSAGE_TARGET = MAX_MESSAGE_BYTES - 4 * 1024;
const NOTICE_TARGET = MAX_NOTICE_BYTES - 48 * 1024;

/** Bytes that DynamoDB counts for a value (AWS: "DynamoDB item sizes and formats"), rounded up. */
export function itemBytes(value: unknown): number {
  if (typeof value === 'string') return textBytes(value);
  if (typeof value === 'number') return numberBytes(value);
  if (typeof value !== 'object' || value === null) return 1;
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + 1 + itemBytes(one), 3);
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return entries.reduce((sum, [name, one]) => sum + 1 + textBytes(name) + itemBytes(one), 3);
}

/**
 * True if a value fits. The length of its JSON decides for nearly all values, at a tenth of the cost of `itemBytes`:
 * each character of JSON stands for at most four bytes.
 */
export const fitsItem = (value: unknown, bytes: number): boolean =>
  JSON.stringify(value).length * 4 <= bytes || itemBytes(value) <= bytes;

/** One byte per two digits, plus one, plus one for a sign, plus one for rounding. */
function numberBytes(value: number): number {
  const digits = String(value).replace(/\D/g, '').length;
  return Math.ceil(digits / 2) + 3;
}

/** Applies cuts in order until the value fits; if it does not fit after the last one, the caller's write is refused. */
function cutToFit<T>(value: T, fits: (value: T) => boolean, cuts: readonly ((value: T) => T)[]): T {
  let rest = value;
  for (const cut of cuts) {
    if (fits(rest)) return rest;
    rest = cut(rest);
  }
  return rest;
}

/** A change record that fits one item of the ledger. */
export function fitRecord(record: ChangeRecord): ChangeRecord {
  const bounded = {
    ...record,
    history: record.history.slice(-20).map(truncateOutcome),
    ...(record.outcome === undefined ? {} : { outcome: truncateOutcome(record.outcome) }),
  };
  const onOutcome = (cut: (outcome: Outcome) => Outcome) => (one: ChangeRecord) =>
    one.outcome === undefined ? one : { ...one, outcome: cut(one.outcome) };
  return cutToFit(bounded, (one) => fitsItem(one, ITEM_TARGET), [
    (one) => ({ ...one, history: one.history.map(truncateHistory) }),
    onOutcome((outcome) => truncateLists(outcome, 500)),
    (one) => ({ ...one, history: one.history.slice(-5) }),
    onOutcome((outcome) => truncateLists(dropDetails(outcome), 50)),
    (one) => ({ ...one, ticket: truncateTicket(one.ticket, 20, 200) }),
    (one) => ({ ...one, history: [], ticket: truncateTicket(one.ticket, 5, 100) }),
  ]);
}

/** A desired state that fits one item: who approved long ago is forgotten, but nothing that was approved. */
export function fitDesired(group: DesiredGroup): DesiredGroup {
  const keeping = (most: number) => (one: DesiredGroup) =>
    one.approvals === undefined ? one : { ...one, approvals: newestApprovers(one.approvals, one, most) };
  return cutToFit(group, (one) => fitsItem(one, ITEM_TARGET), [keeping(100), keeping(50)]);
}

/**
 * A lane whose open intents fit the item, as far as cuts achieve it: what the lane has seen may be dropped, and the texts of
 * endings and reasons cut, but neither the writes to ZPA nor the approved state. The caller that folds changes into one intent
 * bounds their number.
 */
export const fitLane = (lane: LaneRecord): LaneRecord => cutLane(lane, ITEM_TARGET);

/** True if the lane item has room for its open intents and for all that later saves of them add, once cuts are applied. */
export const hasIntentRoom = (lane: LaneRecord): boolean =>
  fitsItem(cutLane(lane, ITEM_TARGET - INTENT_RESERVE), ITEM_TARGET - INTENT_RESERVE);

function cutLane(lane: LaneRecord, bytes: number): LaneRecord {
  if (lane.intent === undefined && lane.answered === undefined) return lane;
  const onIntents = (ending: (one: Ending) => Ending, reason: (one: Rejection) => Rejection) => (one: LaneRecord) => ({
    ...one,
    ...(one.intent && { intent: cutIntent(one.intent, ending, reason) }),
    ...(one.answered && { answered: one.answered.map((other) => cutIntent(other, ending, reason)) }),
  });
  return cutToFit(
    onIntents((ending) => truncateEnding(ending, Number.POSITIVE_INFINITY), truncateOutcome)(lane),
    (one) => fitsItem(one, bytes),
    [
      // A successor without it may decide on an older read, as if the quiet period had passed.
      ({ seen: _seen, ...rest }) => rest,
      onIntents((ending) => truncateEnding(ending, 500, 1024), truncateOutcome),
      onIntents((ending) => dropDetails(truncateEnding(ending, 50, 128)), dropDetails),
    ],
  );
}

function cutIntent(
  { takingBack, released, ...intent }: Intent,
  ending: (one: Ending) => Ending,
  reason: (one: Rejection) => Rejection,
): Intent {
  return {
    ...intent,
    members: intent.members.map((member) => ({ ...member, ending: ending(member.ending) })),
    ...(takingBack && { takingBack: reason(takingBack) }),
    ...(released && { released: reason(released) }),
  };
}

/** A failure that fits one message of `failures.fifo`. */
export function fitFailure(failure: FailureRecord): FailureRecord {
  const onTicket = (approvals: number, bytes: number) => (one: FailureRecord) =>
    one.ticket == null ? one : { ...one, ticket: truncateTicket(one.ticket, approvals, bytes) };
  const bounded = { ...failure, rejection: truncateOutcome(failure.rejection) };
  return cutToFit(bounded, (one) => jsonBytes(one) <= MESSAGE_TARGET, [
    onTicket(20, 200),
    (one) => ({ ...one, rejection: dropDetails(one.rejection) }),
    onTicket(5, 100),
  ]);
}

/** A notice that fits the topic. Its JSON is a string inside JSON there, so each quotation mark takes two bytes. */
export function fitNotice(notice: OutcomeNotice): OutcomeNotice {
  const onTicket = (approvals: number, bytes: number) => (one: OutcomeNotice) =>
    one.ticket == null ? one : { ...one, ticket: truncateTicket(one.ticket, approvals, bytes) };
  const onOutcome = (cut: (outcome: Outcome) => Outcome) => (one: OutcomeNotice) => ({
    ...one,
    outcome: cut(one.outcome),
  });
  return cutToFit(onOutcome(truncateOutcome)(notice), (one) => jsonBytes(toJson(one)) <= NOTICE_TARGET, [
    onOutcome((outcome) => truncateLists(outcome, 500)),
    onTicket(20, 200),
    onOutcome((outcome) => truncateLists(dropDetails(outcome), 50)),
    onTicket(5, 100),
  ]);
}
