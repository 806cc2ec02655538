import * as z from 'zod';
import { acrossFields } from '../change/across-fields.ts';
import { isTimeZone, zoneOffset } from '../mapping/table/time-zone.ts';

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const WEEK = 7 * DAY;

const instant = z.iso.datetime({
  offset: true,
  error: 'must be an RFC 3339 instant, or with "timeZone" a weekday and time',
});
const weekTime = z.string().regex(/^(mon|tue|wed|thu|fri|sat|sun) ([01]\d|2[0-3]):[0-5]\d$/, {
  error: 'must be a weekday and a time, for example "fri 16:00"',
});
/** The reason, for readers of the configuration. */
const reason = z.string().max(200).optional();

const once = acrossFields(z.strictObject({ from: instant, until: instant, reason }), ({ from, until }, isSound) => {
  if (!isSound([], 'from', 'until') || Date.parse(from) < Date.parse(until)) return [];
  return [{ path: [], message: 'must end after it begins' }];
});
const weekly = acrossFields(
  z.strictObject({
    from: weekTime,
    until: weekTime,
    /** IANA name. The freeze follows the zone's clock changes. */
    timeZone: z.string().refine(isTimeZone, { error: 'must be a time zone, for example "Europe/Berlin"' }),
    reason,
  }),
  ({ from, until }, isSound) => {
    if (!isSound([], 'from', 'until') || from !== until) return [];
    return [{ path: [], message: 'must not last the whole week' }];
  },
);

/**
 * Periods in which nothing of a tenant is written. There are two forms: from one instant to another, or every week
 * between two local times. The code is pure: it uses the runtime's time zone tables and never the runtime's own zone.
 */
export const freezesSchema = z.array(z.union([once, weekly])).max(100);
export type Freeze = z.output<typeof freezesSchema>[number];
type Weekly = z.output<typeof weekly>;

/** `from` (inclusive) and `until` (exclusive) in epoch ms. */
type Span = { from: number; until: number };

/** Bound of the search for an end: weekly freezes that cover the whole week never end. */
const HORIZON = 400 * DAY;

/**
 * The end (epoch ms) of the freeze around `at` (epoch ms) and of the freezes that follow it without a gap. Returns `at`
 * itself outside of any freeze, undefined if no end lies within 400 days.
 */
export function frozenUntil(freezes: readonly Freeze[], at: number): number | undefined {
  let free = at;
  while (free - at <= HORIZON) {
    const ends = freezes.flatMap((freeze) => spanAround(freeze, free)?.until ?? []);
    if (ends.length === 0) return free;
    free = Math.max(...ends);
  }
  return undefined;
}

/**
 * The begin (epoch ms) of the freeze around `at` (epoch ms), the earliest of several; undefined outside of any freeze.
 */
export function frozenSince(freezes: readonly Freeze[], at: number): number | undefined {
  const begins = freezes.flatMap((freeze) => spanAround(freeze, at)?.from ?? []);
  return begins.length === 0 ? undefined : Math.min(...begins);
}

function spanAround(freeze: Freeze, at: number): Span | undefined {
  const spans = 'timeZone' in freeze ? weeksAround(freeze, at) : [spanOf(freeze)];
  return spans.find(({ from, until }) => from <= at && at < until);
}

const spanOf = ({ from, until }: Freeze): Span => ({ from: Date.parse(from), until: Date.parse(until) });

/** The freeze's occurrence that begins in the local week of `at`, and those of the weeks before and after. */
function weeksAround({ from, until, timeZone }: Weekly, at: number): Span[] {
  const wall = at + zoneOffset(timeZone, at);
  const begin = minutesOf(from) * MINUTE;
  const lasts = (minutesOf(until) * MINUTE - begin + WEEK) % WEEK;
  // 1970-01-01 was a Thursday: the Monday of its week is three days earlier.
  const monday = Math.floor((wall + 3 * DAY) / WEEK) * WEEK - 3 * DAY;
  return [-1, 0, 1].map((week) => {
    const start = monday + week * WEEK + begin;
    return { from: instantsOf(timeZone, start).earliest, until: instantsOf(timeZone, start + lasts).latest };
  });
}

function minutesOf(time: string): number {
  const day = WEEKDAYS.findIndex((name) => time.startsWith(name));
  return (day * 24 + Number(time.slice(4, 6))) * 60 + Number(time.slice(7, 9));
}

/**
 * The instants at which the zone's wall clock shows this time (`wall`: as if it were UTC, in ms). Where clocks are set
 * back, the clock shows it twice. Where clocks are set forward, it never does, and the result is the instants just
 * around the jump. A freeze uses the longer interpretation.
 */
function instantsOf(timeZone: string, wall: number): { earliest: number; latest: number } {
  const candidates = [wall - zoneOffset(timeZone, wall - DAY), wall - zoneOffset(timeZone, wall + DAY)];
  const exact = candidates.filter((at) => at + zoneOffset(timeZone, at) === wall);
  const instants = exact.length > 0 ? exact : candidates;
  return { earliest: Math.min(...instants), latest: Math.max(...instants) };
}
