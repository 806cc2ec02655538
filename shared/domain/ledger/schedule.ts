import type { ChangeRequest } from '../change/change.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { type Freeze, frozenSince, frozenUntil } from '../configuration/freeze.ts';
import { lookup } from '../configuration/lookup.ts';
import type { Rejection } from '../outcome/outcome.ts';
import { reject } from '../outcome/reject.ts';
import type { ChangeRecord } from '../records/change-record.ts';

/**
 * When a change may be carried out. Before that it is `scheduled`: in the ledger, with its key and status link, without
 * a message, and behind every change that is ready. The sweeper releases it with a new sequence, so the order of
 * effects is the order of release; changes released in the same minute keep the order in which they were accepted
 * (docs/architecture.md#waiting).
 *
 *   accepted ──not yet──► scheduled ──sweeper, at its minute──► accepted ──► queued ──► worker
 *                             ▲                                                            │ a freeze has begun
 *                             └────────────────────────────────────────────────────────────┘
 */

/** The freezes configured for a tenant. */
export function freezesOf(configuration: Configuration, tenant: string): readonly Freeze[] {
  return lookup(configuration.tenants, tenant)?.freezes ?? [];
}

/**
 * The first instant at or after `now` at which it may start; undefined if none is known. An accept writes nothing to ZPA, so
 * no freeze holds it, except with its set: one that stops must not go before a write that may be rejected.
 */
function startsAt(change: ChangeRequest, freezes: readonly Freeze[], now: number): number | undefined {
  const notBefore = change.notBefore === undefined ? now : Date.parse(change.notBefore);
  const wanted = Math.max(now, notBefore);
  const isFree = change.action === 'accept' && change.changeSet?.onReject !== 'stop';
  return isFree ? wanted : frozenUntil(freezes, wanted);
}

/** True if its window has closed: from `notAfter` on, a change is not started. */
function isClosed({ notAfter }: ChangeRequest, now: number): boolean {
  return notAfter !== undefined && Date.parse(notAfter) <= now;
}

/**
 * The instant until which a change must wait (epoch ms, after `now`); undefined if it may start now. A change whose
 * window closes before it may start waits until the window closes; then the worker rejects it.
 */
export function waitsUntil(change: ChangeRequest, freezes: readonly Freeze[], now: number): number | undefined {
  if (isClosed(change, now)) return undefined;
  const start = startsAt(change, freezes, now) ?? Number.MAX_SAFE_INTEGER;
  if (start <= now) return undefined;
  return change.notAfter === undefined ? start : Math.min(start, Date.parse(change.notAfter));
}

/**
 * The first instant up to `at` (which may start now) from which it may not start any more: its window closes, or a
 * freeze begins. `at` itself if there is none.
 */
export function mayStartUntil(change: ChangeRequest, freezes: readonly Freeze[], at: number): number {
  const closes = change.notAfter === undefined ? at : Date.parse(change.notAfter);
  return Math.min(at, closes, frozenSince(freezes, at) ?? at);
}

/** Rejects a change whose window has closed. */
export function windowClosed(change: ChangeRequest, now: number): Rejection | undefined {
  if (!isClosed(change, now)) return undefined;
  return reject('window-closed', `its window closed at ${change.notAfter}`, { path: 'notAfter' });
}

/** Since when it is ready for the worker: a change that had to wait was not before its release. */
export function readySince({ acceptedAt, releasedAt = 0 }: ChangeRecord): number {
  return Math.max(acceptedAt, releasedAt);
}

/** True if the change is open but not ready for the worker. */
export function isWaiting({ state }: Pick<ChangeRecord, 'state'>): boolean {
  return state === 'scheduled';
}

/** Sorts waiting changes behind all others, so that the worker never reads past them. Sequences stay far below it. */
export const WAITING_OFFSET = 2 ** 52;

/** The sort position of an open change in `Ledger.openChanges`. */
export function openPlace(record: Pick<ChangeRecord, 'state' | 'sequence'>): number {
  return isWaiting(record) ? WAITING_OFFSET + record.sequence : record.sequence;
}

/** The change, scheduled for `until`; undefined if it is of another generation, settled, or scheduled so already. */
export function holdUntil(record: ChangeRecord, generation: number, until: number): ChangeRecord | undefined {
  if (record.generation !== generation || record.state === 'settled') return undefined;
  if (record.state === 'scheduled' && record.scheduledFor === until) return undefined;
  return { ...record, state: 'scheduled', scheduledFor: until };
}

/** The change with its new sequence in the lane, ready to be sent; undefined if it is not scheduled. */
export function release(record: ChangeRecord, sequence: number, now: number): ChangeRecord | undefined {
  if (record.state !== 'scheduled') return undefined;
  const { scheduledFor: _, ...rest } = record;
  return { ...rest, state: 'accepted', sequence, releasedAt: now };
}

/** The instant in RFC 3339; undefined if no end of the waiting is known. */
export function scheduledAt(at: number): string | undefined {
  return at > MAX_INSTANT ? undefined : new Date(at).toISOString();
}

/** The last instant a JavaScript Date can represent (ECMA-262, "Time Values and Time Range"). */
const MAX_INSTANT = 8.64e15;
