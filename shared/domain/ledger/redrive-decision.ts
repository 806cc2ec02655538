import type { ChangeRecord } from '../records/change-record.ts';
import { asSentence } from '../text/sentence.ts';
import { cancelRequestOf } from './cancellation.ts';
import { settle } from './settlement.ts';
import type { Staleness } from './shared-objects.ts';

/**
 * Redrive re-opens a rejected change at exactly its generation, as the next generation, with a new sequence and the
 * request that the ledger holds; `shared/ledger/preview-redrive.ts` reads, `redrive-change.ts` beside it writes and sends.
 * The same rules serve the CLI, the local page and a message that the AWS console moved back from `failures.fifo`.
 */
export type RedriveRefusal = {
  code:
    | 'not-accepted'
    | 'still-open'
    | 'not-rejected'
    | 'discarded'
    | 'other-generation'
    | 'outbox-owing'
    | 'earlier-member'
    | 'record-unreadable'
    | 'window-closed'
    | 'not-permitted';
  sentence: string;
  remedy: string;
};

export type RedriveDecision =
  /** Write it, then send its message. */
  | { kind: 'reopen'; record: ChangeRecord }
  /** Write it, then finish its outbox: the redriven generation ends at once. */
  | { kind: 'supersede'; record: ChangeRecord; staleness: Staleness }
  /** This generation was re-opened before; `record` is the change as it is now. */
  | { kind: 'already'; record: ChangeRecord }
  | { kind: 'refused'; refusal: RedriveRefusal };

export type RedriveFacts = {
  /** The generation that was rejected. */
  generation: number;
  /** The sequence reserved for it. */
  sequence: number;
  now: number;
  acceptStale: boolean;
  staleness: Staleness | undefined;
  /** The member of its change set that must be redriven, or released, before it. */
  heldBy: ChangeRecord | undefined;
  /** A record on which the decision depends and which cannot be read; undefined: all could be read. */
  unreadable?: UnreadableBeside | undefined;
  /** The version of the settings that this is decided by; absent where they come from no store. */
  settingsVersion?: number | undefined;
  /** Why the source's present grants refuse it; undefined: they permit it. */
  notPermitted: { sentence: string; remedy: string } | undefined;
};

/** A rejected member of the same set, or a desired group that may make the change stale. */
export type UnreadableBeside = { of: 'set' | 'desired'; key: string };

const HISTORY = 20;

/** Decides on the redrive of one generation of a change. */
export function decideRedrive(record: ChangeRecord, facts: RedriveFacts): RedriveDecision {
  const { generation, sequence, now, staleness, settingsVersion } = facts;
  if (record.generation > generation) return { kind: 'already', record };
  const refusal = refusalOf(record, facts);
  if (refusal !== undefined) return { kind: 'refused', refusal };
  const reopened: ChangeRecord = {
    ...reopen(record, sequence, now),
    ...(settingsVersion !== undefined && { settingsVersion }),
    ...(facts.acceptStale && { acceptStale: true }),
  };
  if (staleness === undefined || facts.acceptStale) return { kind: 'reopen', record: reopened };
  const reason = `A newer change, ${staleness.by}, touched ${staleness.what} after this one was rejected.`;
  const ended = settle(reopened, generation + 1, { kind: 'superseded', by: staleness.by, reason }, now);
  return { kind: 'supersede', record: { ...(ended ?? reopened), attempts: 0 }, staleness };
}

/** Its next generation, at a new sequence, as if just accepted. */
function reopen(record: ChangeRecord, sequence: number, now: number): ChangeRecord {
  const { outcome, discarded: _, acceptStale: __, cancelRequest: ___, releasedAt: ____, ...rest } = record;
  return {
    ...rest,
    sequence,
    state: 'accepted',
    generation: record.generation + 1,
    acceptedAt: now,
    firstAcceptedAt: record.firstAcceptedAt ?? record.acceptedAt,
    sentAt: 0,
    attempts: 0,
    pending: [],
    history: [...record.history, ...(outcome === undefined ? [] : [outcome])].slice(-HISTORY),
    failed: false,
  };
}

/** How a rejection ends: `superseded` by another approval, `by`, or `cancelled`, because its own does not stand any more. */
export type FailureEnd = { kind: 'superseded' | 'cancelled'; by: string; reason: string };

/**
 * A rejected change that nobody may redrive any more: its next generation ends at once. undefined: it is no open failure, or
 * its outbox is not done.
 */
export function endRejected(
  record: ChangeRecord,
  { sequence, ...end }: FailureEnd & { sequence: number },
  now: number,
): ChangeRecord | undefined {
  if (!record.failed || record.pending.length > 0) return undefined;
  const reopened = reopen(record, sequence, now);
  const ended = settle(reopened, reopened.generation, end, now);
  return ended?.outcome && { ...ended, outcome: { ...ended.outcome, attempts: 0 } };
}

/** The end of a rejection whose approval ended while it owed its sends, now that they are done; undefined: it did not. */
export function endAskedRejection(record: ChangeRecord): ChangeRecord | undefined {
  const request = cancelRequestOf(record);
  if (request?.endsRejection !== true) return undefined;
  const { by, reason, superseded } = request;
  const end: FailureEnd = { kind: superseded === true ? 'superseded' : 'cancelled', by, reason };
  return endRejected(record, { ...end, sequence: record.sequence }, Math.max(request.at, record.outcome?.at ?? 0));
}

const STILL_OPEN: RedriveRefusal = {
  code: 'still-open',
  sentence: 'The change has no outcome yet.',
  remedy: 'Wait for its outcome, as `status` shows it.',
};

function refusalOf(record: ChangeRecord, facts: RedriveFacts): RedriveRefusal | undefined {
  const { generation, now, notPermitted, heldBy, unreadable, acceptStale } = facts;
  if (record.generation < generation) {
    const sentence = `The change has changed since it was shown.`;
    return { code: 'other-generation', sentence, remedy: 'Show the change again.' };
  }
  if (record.state !== 'settled') return STILL_OPEN;
  if (record.discarded !== undefined) {
    const sentence = asSentence(`This failure was dismissed by ${dismissedBy(record.discarded)}`);
    return { code: 'discarded', sentence, remedy: 'Send the change again from its ticket.' };
  }
  const kind = record.outcome?.kind;
  if (kind !== 'rejected') {
    const sentence = `The change ended as ${kind ?? 'nothing'}; only a rejected change can be retried.`;
    const isUndone = kind === 'superseded' || kind === 'cancelled';
    const remedy = isUndone ? 'If it is still needed, have it approved or send it again.' : 'Nothing to do.';
    return { code: 'not-rejected', sentence, remedy };
  }
  if (record.pending.length > 0) {
    const sentence = 'Notifications of its rejection are still pending.';
    return { code: 'outbox-owing', sentence, remedy: 'Try again in a minute.' };
  }
  if (heldBy !== undefined) return heldByMember(heldBy);
  if (unreadable !== undefined && !(unreadable.of === 'desired' && acceptStale)) return notReadable(unreadable);
  if (record.change.notAfter !== undefined && Date.parse(record.change.notAfter) <= now) {
    const sentence = `Its window closed at ${record.change.notAfter}.`;
    return { code: 'window-closed', sentence, remedy: 'Approve a new window in the ticket.' };
  }
  return notPermitted && { code: 'not-permitted', ...notPermitted };
}

function heldByMember({ ref: { idempotencyKey }, state }: ChangeRecord): RedriveRefusal {
  const code = 'earlier-member';
  if (state === 'scheduled') {
    const sentence = `Its change set stops on a rejection, and ${idempotencyKey}, which comes before it, is scheduled for later.`;
    return { code, sentence, remedy: `Retry it after ${idempotencyKey} is applied.` };
  }
  const sentence = `Its change set stops on a rejection, and ${idempotencyKey}, which comes before it, is rejected.`;
  return { code, sentence, remedy: `Retry ${idempotencyKey} first, or both together.` };
}

function notReadable({ of, key }: UnreadableBeside): RedriveRefusal {
  const doubt = of === 'set' ? 'an earlier member of its set is rejected' : 'a newer change has overtaken it';
  const sentence = `The record ${key} cannot be read, so it is unknown whether ${doubt}.`;
  const remedy = `Have the record restored${of === 'set' ? '' : ', or retry it anyway (--accept-stale)'}.`;
  return { code: 'record-unreadable', sentence, remedy };
}

type Dismissal = NonNullable<ChangeRecord['discarded']>;

/** Names who dismissed a failure, and why if that is known. */
export const dismissedBy = ({ by, reason }: Dismissal): string => (reason === undefined ? by : `${by}: ${reason}`);

/** Discards a failure at exactly its generation: it is no longer listed or redriven. undefined: nothing to do. */
export function discard(
  record: ChangeRecord,
  generation: number,
  discarded: Required<Dismissal>,
): ChangeRecord | undefined {
  if (record.generation !== generation || !record.failed) return undefined;
  return { ...record, failed: false, discarded };
}
