import { type CronField, cronFieldFault, parseCronField, ScheduleFault } from './cron-field.ts';

/** The days of a month on which a cron expression runs, ascending. */
export type CronDays = (year: number, month: number) => readonly number[];

const DAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');
const DAY_OF_MONTH: CronField = { name: 'day of month', min: 1, max: 31 };
const DAY_OF_WEEK: CronField = { name: 'day of week', min: 1, max: 7, words: DAYS };

/** Combines the two day fields, of which exactly one is "?". Throws `ScheduleFault`. */
export function parseCronDays(dayOfMonth: string, dayOfWeek: string): CronDays {
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new ScheduleFault('exactly one of day of month and day of week must be "?"');
  }
  return dayOfWeek === '?' ? readDayOfMonth(dayOfMonth) : readDayOfWeek(dayOfWeek);
}

/** Days that a month does not have are left out, also the day of a `W`. */
function readDayOfMonth(text: string): CronDays {
  const day = /^(\d{1,2})W$/.exec(text)?.[1];
  const back = /^L-(\d{1,2})$/.exec(text)?.[1];
  if (text === 'LW') return (year, month) => nearestWeekday(year, month, lastOf(year, month));
  if (text === 'L') return (year, month) => [lastOf(year, month)];
  if (back !== undefined && isIn(back, 1, 30)) {
    return (year, month) => [lastOf(year, month) - Number(back)].filter((one) => one >= 1);
  }
  if (day !== undefined && isIn(day, 1, 31)) return (year, month) => nearestWeekday(year, month, Number(day));
  if (/[LW]/.test(text)) throw cronFieldFault(text, DAY_OF_MONTH, '; alone also L, L-3, LW or 15W');
  const allowed = parseCronField(text, DAY_OF_MONTH);
  return (year, month) => allowed.filter((one) => one <= lastOf(year, month));
}

function readDayOfWeek(text: string): CronDays {
  // AWS defines `L` in this field as "the last day of the week".
  if (text === 'L') return readDayOfWeek('SAT');
  const [, numbered, place] = /^([1-7])#([1-5])$/.exec(text) ?? [];
  if (numbered !== undefined) {
    return (year, month) => daysOn(year, month, [Number(numbered)]).slice(Number(place) - 1, Number(place));
  }
  const last = /^([1-7])L$/.exec(text)?.[1];
  if (last !== undefined) return (year, month) => daysOn(year, month, [Number(last)]).slice(-1);
  // AWS documents no steps for this field.
  if (/[#/L]/.test(text))
    throw cronFieldFault(text, DAY_OF_WEEK, ' or SUN to SAT, without steps; alone also L, 6L or 2#1');
  const allowed = parseCronField(text, DAY_OF_WEEK);
  return (year, month) => daysOn(year, month, allowed);
}

const isIn = (text: string, min: number, max: number) => Number(text) >= min && Number(text) <= max;

/** The day from Monday to Friday that is closest to `day` in the same month; empty if the month has no such day. */
function nearestWeekday(year: number, month: number, day: number): readonly number[] {
  const last = lastOf(year, month);
  if (day > last) return [];
  const dayOfWeek = dayOfWeekOf(year, month, day);
  if (dayOfWeek === 7) return [day === 1 ? 3 : day - 1];
  if (dayOfWeek === 1) return [day === last ? day - 2 : day + 1];
  return [day];
}

function daysOn(year: number, month: number, daysOfWeek: readonly number[]): readonly number[] {
  const all = Array.from({ length: lastOf(year, month) }, (_, index) => index + 1);
  return all.filter((day) => daysOfWeek.includes(dayOfWeekOf(year, month, day)));
}

const lastOf = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();
/** Day of the week; Sunday is 1. */
const dayOfWeekOf = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
