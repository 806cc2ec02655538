import type { ChangeRequest } from '../change/change.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { type Freeze, frozenSince, frozenUntil } from '../configuration/freeze.ts';
import { lookup } from '../configuration/lookup.ts';
import type { Rejection } from '../outcome/outcome.ts';
import { reject } from '../outcome/reject.ts';
import type { ChangeRecord } from '../records/change-record.ts';

/**
 * When a change may be carried out. Before that it is `scheduled`: in the ledger, with its key and status link, without
 * a message, and not in the worker's way. The sweeper releases it into a new place of the lane, so the order of effects
 * is the order of release; what is released in the same minute keeps the order in which it was accepted.
 *
 *   accepted ──not yet──► scheduled ──sweeper, at its minute──► accepted ──► queued ──► worker
 *                             ▲                                                            │ a freeze has begun
 *                             └────────────────────────────────────────────────────────────┘
 */

export function freezesOf(configuration: Configuration, tenant: string): readonly Freeze[] {
  return lookup(configuration.tenants, tenant)?.freezes ?? [];
}

/** The first instant at or after `now` at which it may start; undefined if none is in sight. */
function startsAt(change: ChangeRequest, freezes: readonly Freeze[], now: number): number | undefined {
  const notBefore = change.notBefore === undefined ? now : Date.parse(change.notBefore);
  return frozenUntil(freezes, Math.max(now, notBefore));
}

/** `notAfter` has come: from this instant on it is not started any more. */
function isClosed({ notAfter }: ChangeRequest, now: number): boolean {
  return notAfter !== undefined && Date.parse(notAfter) <= now;
}

/**
 * Until when it has to wait (epoch ms, after `now`); undefined if its turn may come now. A change whose window closes
 * before it may start waits until the window closes: then its turn rejects it.
 */
export function waitsUntil(change: ChangeRequest, freezes: readonly Freeze[], now: number): number | undefined {
  if (isClosed(change, now)) return undefined;
  const start = startsAt(change, freezes, now) ?? Number.MAX_SAFE_INTEGER;
  if (start <= now) return undefined;
  return change.notAfter === undefined ? start : Math.min(start, Date.parse(change.notAfter));
}

/**
 * The first instant up to `at` (which may start now) from which it may not start any more: its window closes, or a freeze
 * begins. `at` itself if there is none.
 */
export function mayStartUntil(change: ChangeRequest, freezes: readonly Freeze[], at: number): number {
  const closes = change.notAfter === undefined ? at : Date.parse(change.notAfter);
  return Math.min(at, closes, frozenSince(freezes, at) ?? at);
}

/** Its turn came too late. */
export function windowClosed(change: ChangeRequest, now: number): Rejection | undefined {
  if (!isClosed(change, now)) return undefined;
  return reject('window-closed', `its window closed at ${change.notAfter}`, { path: 'notAfter' });
}

/** From here the retry window counts: a change that had to wait has not been tried yet. */
export function readySince({ acceptedAt, releasedAt = 0 }: ChangeRecord): number {
  return Math.max(acceptedAt, releasedAt);
}

/** Open, and nothing the worker takes up. */
export function isWaiting({ state }: Pick<ChangeRecord, 'state'>): boolean {
  return state === 'scheduled';
}

/** Waiting changes stand behind all others, so that thousands of them are in nobody's way. Sequences are far below. */
export const WAITING_OFFSET = 2 ** 52;

/** The place of an open change in `Ledger.openChanges`. */
export function openPlace(record: Pick<ChangeRecord, 'state' | 'sequence'>): number {
  return isWaiting(record) ? WAITING_OFFSET + record.sequence : record.sequence;
}

/** It waits until then. */
export function holdUntil(record: ChangeRecord, generation: number, until: number): ChangeRecord | undefined {
  if (record.generation !== generation || record.state === 'settled') return undefined;
  if (record.state === 'scheduled' && record.scheduledFor === until) return undefined;
  return { ...record, state: 'scheduled', scheduledFor: until };
}

/** It takes a place in the lane, and a message is owed for it. */
export function release(record: ChangeRecord, sequence: number, now: number): ChangeRecord | undefined {
  if (record.state !== 'scheduled') return undefined;
  const { scheduledFor: _, ...rest } = record;
  return { ...rest, state: 'accepted', sequence, releasedAt: now };
}

/** RFC 3339, for people and programs; undefined where no end of the waiting is in sight. */
export function scheduledAt(at: number): string | undefined {
  return at > MAX_INSTANT ? undefined : new Date(at).toISOString();
}

/** Beyond it JavaScript knows no date. */
const MAX_INSTANT = 8.64e15;
