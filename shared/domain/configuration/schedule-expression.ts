import { type CronDays, parseCronDays } from './cron-days.ts';
import { type CronField, parseCronField, ScheduleFault } from './cron-field.ts';

/** A recurring schedule; instants in epoch milliseconds. */
export type Schedule =
  | { kind: 'rate'; everyMs: number }
  /** The next run after `at`, computed in UTC; undefined: there is none. */
  | { kind: 'cron'; nextAfter: (at: number) => number | undefined };

/** The fault is one sentence with its remedy. */
type ReadSchedule = { schedule: Schedule } | { fault: string };

/**
 * Parses an expression of EventBridge Scheduler (user guide, "Schedule types"): `rate(value unit)` or `cron(minutes
 * hours day-of-month month day-of-week year)`. Only recurring forms are allowed, because a one-time `at(…)` would stop
 * the sweeper for good. Deployment and local world both validate here, because CloudFormation's offline validation
 * accepts any text.
 */
export function parseSchedule(expression: string): ReadSchedule {
  try {
    return { schedule: read(expression) };
  } catch (error) {
    if (error instanceof ScheduleFault) return { fault: error.message };
    throw error;
  }
}

function read(expression: string): Schedule {
  const rate = /^rate\((\d+) (\w+)\)$/.exec(expression);
  if (rate) return readRate(Number(rate[1]), rate[2] ?? '');
  const cron = /^cron\(([^()]+)\)$/.exec(expression);
  if (cron) return readCron((cron[1] ?? '').toUpperCase().split(' '));
  throw new ScheduleFault('must be rate(5 minutes) or cron(0 6 * * ? *)');
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
]);

function readRate(value: number, unit: string): Schedule {
  const single = unit.replace(/s$/, '');
  const unitMs = UNITS.get(single);
  if (unitMs === undefined) throw new ScheduleFault('a rate counts minutes, hours or days: rate(5 minutes)');
  if (value < 1) throw new ScheduleFault('a rate is at least 1');
  const right = value === 1 ? single : `${single}s`;
  if (unit === right) return { kind: 'rate', everyMs: value * unitMs };
  throw new ScheduleFault(`write rate(${value} ${right}): AWS wants "${single}" for 1, else "${single}s"`);
}

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const MINUTES: CronField = { name: 'minutes', min: 0, max: 59 };
const HOURS: CronField = { name: 'hours', min: 0, max: 23 };
const MONTH: CronField = { name: 'month', min: 1, max: 12, words: MONTHS };
const YEAR: CronField = { name: 'year', min: 1970, max: 2199 };

type CronTimes = {
  minutes: readonly number[];
  hours: readonly number[];
  months: readonly number[];
  years: readonly number[];
  daysOf: CronDays;
};

function readCron(parts: readonly string[]): Schedule {
  if (parts.length !== 6) {
    throw new ScheduleFault(`a cron has 6 fields separated by single spaces, this one ${parts.length}`);
  }
  const [minutes = '', hours = '', dayOfMonth = '', months = '', dayOfWeek = '', years = ''] = parts;
  const times = {
    minutes: parseCronField(minutes, MINUTES),
    hours: parseCronField(hours, HOURS),
    daysOf: parseCronDays(dayOfMonth, dayOfWeek),
    months: parseCronField(months, MONTH),
    years: parseCronField(years, YEAR),
  };
  if (nextRun(times, Number.NEGATIVE_INFINITY) === undefined) {
    throw new ScheduleFault('names no day that any year has; change the day, the month or the year');
  }
  return { kind: 'cron', nextAfter: (at) => nextRun(times, at) };
}

function nextRun({ minutes, hours, daysOf, months, years }: CronTimes, at: number): number | undefined {
  for (const year of years) {
    if (Date.UTC(year + 1, 0) <= at) continue;
    for (const month of months) {
      for (const day of daysOf(year, month)) {
        if (Date.UTC(year, month - 1, day + 1) <= at) continue;
        for (const hour of hours) {
          const minute = minutes.find((one) => Date.UTC(year, month - 1, day, hour, one) > at);
          if (minute !== undefined) return Date.UTC(year, month - 1, day, hour, minute);
        }
      }
    }
  }
  return undefined;
}
