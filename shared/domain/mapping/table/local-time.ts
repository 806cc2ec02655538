import { zoneOffset } from './time-zone.ts';

/** A time as a ticket system writes it, parsed: an RFC 3339 instant in UTC, or the fault with its remedy. */
export type ParsedLocalTime = { ok: true; instant: string } | { ok: false; says: string; remedy: string };

/** `2026-12-01 22:00:00`, `2026-12-01T22:00`, and Jira's `2026-12-01T22:00:00.000+0100` (its REST API's date-time). */
const TIME =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s?(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?$/i;

const MINUTE_MS = 60_000;

/**
 * Parses a written time to an RFC 3339 instant in UTC, to the second. An offset in the text counts; without one the
 * text is the wall-clock time of `zone`. A time that a clock change skips or repeats is a fault, because choosing an
 * instant would be a guess.
 */
export function parseLocalTime(text: string, zone: string): ParsedLocalTime {
  const parts = TIME.exec(text.trim());
  if (parts === null) {
    const says = 'is not a time';
    return { ok: false, says, remedy: 'Write it as YYYY-MM-DD HH:MM:SS, or as an RFC 3339 instant with its offset.' };
  }
  const wall = wallTime(parts);
  if (wall === undefined) {
    return { ok: false, says: 'is not a time that the calendar has', remedy: 'Correct day, month or hour.' };
  }
  const offset = offsetMs(parts[7]);
  if (offset !== undefined) return { ok: true, instant: toInstantText(wall - offset) };
  const instants = instantsOf(wall, zone);
  const [only] = instants;
  if (only !== undefined && instants.length === 1) return { ok: true, instant: toInstantText(only) };
  const says = instants.length === 0 ? `does not exist in ${zone}` : `is two instants in ${zone}`;
  return { ok: false, says: `${says}: the clocks change then`, remedy: 'Choose another hour, or write the offset.' };
}

/** The wall-clock time as if it were UTC, in ms; undefined: the calendar has no such day or hour. */
function wallTime(parts: RegExpExecArray): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map((n) => Number(n ?? 0));
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  at.setUTCHours(hour, minute, second);
  const same = at.getUTCMonth() === month - 1 && at.getUTCDate() === day && at.getUTCHours() === hour;
  return same && minute < 60 && second < 60 ? at.getTime() : undefined;
}

function offsetMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(text) ?? [];
  const ms = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE_MS;
  return sign === '-' ? -ms : ms;
}

/** Instants at which a wall clock in the zone shows this time: one, or around a clock change none or two. */
function instantsOf(wall: number, zone: string): number[] {
  const day = 24 * 60 * MINUTE_MS;
  const offsets = new Set([wall - day, wall, wall + day].map((at) => zoneOffset(zone, at)));
  return [...offsets].map((offset) => wall - offset).filter((at) => at + zoneOffset(zone, at) === wall);
}

const toInstantText = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z');
