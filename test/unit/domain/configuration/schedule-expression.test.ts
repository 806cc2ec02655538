import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../../../shared/domain/configuration/schedule-expression.ts';

const DAY_MS = 86_400_000;

function schedule(expression: string) {
  const read = parseSchedule(expression);
  if ('fault' in read) throw new Error(read.fault);
  return read.schedule;
}

function nextAfter(expression: string, at: number): number | undefined {
  const read = schedule(expression);
  return read.kind === 'cron' ? read.nextAfter(at) : undefined;
}

/** The next runs of a cron expression after an instant, at most three. */
function runs(expression: string, from: string): string[] {
  const found: string[] = [];
  let at = nextAfter(expression, Date.parse(from));
  while (at !== undefined && found.length < 3) {
    found.push(new Date(at).toISOString().slice(0, 16));
    at = nextAfter(expression, at);
  }
  return found;
}

describe('a schedule expression', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(5 minutes)', 300_000],
    ['rate(1 hour)', 3_600_000],
    ['rate(2 hours)', 7_200_000],
    ['rate(1 day)', DAY_MS],
    ['rate(2 days)', 2 * DAY_MS],
  ])('%s is an interval', (expression, everyMs) => {
    expect(parseSchedule(expression)).toEqual({ schedule: { kind: 'rate', everyMs } });
  });

  it.each([
    ['cron(0 6 * * ? *)', '2026-11-22T10:00Z', ['2026-11-23T06:00', '2026-11-24T06:00', '2026-11-25T06:00']],
    ['cron(0 6 * * ? *)', '2026-11-22T06:00Z', ['2026-11-23T06:00', '2026-11-24T06:00', '2026-11-25T06:00']],
    ['cron(0 6 * * ? *)', '2026-11-22T05:59:59.999Z', ['2026-11-22T06:00', '2026-11-23T06:00', '2026-11-24T06:00']],
    ['cron(0/20 10 ? * MON-FRI *)', '2026-11-20T10:30Z', ['2026-11-20T10:40', '2026-11-23T10:00', '2026-11-23T10:20']],
    ['cron(5-15/5 10 ? * mon *)', '2026-11-20T10:30Z', ['2026-11-23T10:05', '2026-11-23T10:10', '2026-11-23T10:15']],
    ['cron(*/45 0 1 1 ? *)', '2026-11-20T10:30Z', ['2027-01-01T00:00', '2027-01-01T00:45', '2028-01-01T00:00']],
    ['cron(15 12 15,1 * ? *)', '2026-11-22T00:00Z', ['2026-12-01T12:15', '2026-12-15T12:15', '2027-01-01T12:15']],
    ['cron(0 0 31 * ? *)', '2026-11-22T00:00Z', ['2026-12-31T00:00', '2027-01-31T00:00', '2027-03-31T00:00']],
    ['cron(0 0 29 FEB ? *)', '2026-01-01T00:00Z', ['2028-02-29T00:00', '2032-02-29T00:00', '2036-02-29T00:00']],
    ['cron(0 0 29 FEB ? *)', '2096-12-01T00:00Z', ['2104-02-29T00:00', '2108-02-29T00:00', '2112-02-29T00:00']],
    ['cron(0 8 ? * 1 *)', '2026-11-22T08:00Z', ['2026-11-29T08:00', '2026-12-06T08:00', '2026-12-13T08:00']],
    ['cron(0 0 1 JAN-MAR/2 ? 2027)', '2026-11-22T00:00Z', ['2027-01-01T00:00', '2027-03-01T00:00']],
    ['cron(0 0 1 1 ? 2026-2030/2)', '2026-11-22T00:00Z', ['2028-01-01T00:00', '2030-01-01T00:00']],
    ['cron(0 0 1 1 ? 2199)', '2199-01-01T00:00Z', []],
    // The first of August 2026 is a Saturday, the 31st of January 2027 a Sunday.
    ['cron(0 6 L * ? *)', '2027-01-31T06:00Z', ['2027-02-28T06:00', '2027-03-31T06:00', '2027-04-30T06:00']],
    ['cron(0 6 L FEB ? *)', '2027-03-01T00:00Z', ['2028-02-29T06:00', '2029-02-28T06:00', '2030-02-28T06:00']],
    ['cron(0 6 L-3 * ? *)', '2027-01-31T06:00Z', ['2027-02-25T06:00', '2027-03-28T06:00', '2027-04-27T06:00']],
    ['cron(0 6 L-30 * ? *)', '2027-01-01T06:00Z', ['2027-03-01T06:00', '2027-05-01T06:00', '2027-07-01T06:00']],
    ['cron(0 6 LW * ? *)', '2027-01-01T00:00Z', ['2027-01-29T06:00', '2027-02-26T06:00', '2027-03-31T06:00']],
    ['cron(0 6 1W * ? *)', '2026-07-31T00:00Z', ['2026-08-03T06:00', '2026-09-01T06:00', '2026-10-01T06:00']],
    ['cron(0 6 15W * ? *)', '2026-08-01T00:00Z', ['2026-08-14T06:00', '2026-09-15T06:00', '2026-10-15T06:00']],
    ['cron(0 6 31W * ? *)', '2027-01-01T00:00Z', ['2027-01-29T06:00', '2027-03-31T06:00', '2027-05-31T06:00']],
    ['cron(0 6 ? * L *)', '2026-11-28T07:00Z', ['2026-12-05T06:00', '2026-12-12T06:00', '2026-12-19T06:00']],
    ['cron(0 6 ? * 6L *)', '2026-11-28T07:00Z', ['2026-12-25T06:00', '2027-01-29T06:00', '2027-02-26T06:00']],
    ['cron(0 6 ? * 2#1 *)', '2026-11-28T07:00Z', ['2026-12-07T06:00', '2027-01-04T06:00', '2027-02-01T06:00']],
    ['cron(0 6 ? * 2#5 *)', '2026-11-30T06:00Z', ['2027-03-29T06:00', '2027-05-31T06:00', '2027-08-30T06:00']],
  ])('%s runs after %s at its times in UTC', (expression, from, expected) => {
    expect(runs(expression, from)).toEqual(expected);
  });

  it.each([
    ['', 'must be rate(5 minutes) or cron(0 6 * * ? *)'],
    ['every morning', 'must be rate(5 minutes) or cron(0 6 * * ? *)'],
    ['at(2026-12-01T22:00:00)', 'must be rate(5 minutes) or cron(0 6 * * ? *)'],
    [' rate(5 minutes)', 'must be rate(5 minutes) or cron(0 6 * * ? *)'],
    ['cron(0 6 * * ? *))', 'must be rate(5 minutes) or cron(0 6 * * ? *)'],
    ['rate(1 minutes)', 'write rate(1 minute): AWS wants "minute" for 1, else "minutes"'],
    ['rate(5 minute)', 'write rate(5 minutes): AWS wants "minute" for 1, else "minutes"'],
    ['rate(0 minutes)', 'a rate is at least 1'],
    ['rate(5 seconds)', 'a rate counts minutes, hours or days: rate(5 minutes)'],
    ['rate(1 week)', 'a rate counts minutes, hours or days: rate(5 minutes)'],
    ['cron(0 6 * * ?)', 'a cron has 6 fields separated by single spaces, this one 5'],
    ['cron(0  6 * * ? *)', 'a cron has 6 fields separated by single spaces, this one 7'],
    ['cron(60 6 * * ? *)', '"60" cannot be the minutes (0 to 59)'],
    ['cron(0,60 6 * * ? *)', '"60" cannot be the minutes (0 to 59)'],
    ['cron(? 6 * * ? *)', '"?" cannot be the minutes (0 to 59)'],
    ['cron(0 24 * * ? *)', '"24" cannot be the hours (0 to 23)'],
    ['cron(0 20-8 * * ? *)', '"20-8" runs backwards; write two ranges with a comma between them'],
    ['cron(0 6 0 * ? *)', '"0" cannot be the day of month (1 to 31)'],
    ['cron(0 6 1, * ? *)', '"" cannot be the day of month (1 to 31)'],
    ['cron(0 6 * FEBRUARY ? *)', '"FEBRUARY" cannot be the month (1 to 12)'],
    ['cron(0 6 ? * 8 *)', '"8" cannot be the day of week (1 to 7)'],
    ['cron(0 6 ? * FUN *)', '"FUN" cannot be the day of week (1 to 7)'],
    ['cron(0 6 ? * MON 1969)', '"1969" cannot be the year (1970 to 2199)'],
    ['cron(0 6 ? * MON 2200)', '"2200" cannot be the year (1970 to 2199)'],
    ['cron(0/0 6 * * ? *)', '"0/0" cannot be the minutes (0 to 59)'],
    ['cron(0/60 6 * * ? *)', '"0/60" cannot be the minutes (0 to 59)'],
    ['cron(0/5/5 6 * * ? *)', '"0/5/5" cannot be the minutes (0 to 59)'],
    ['cron(1-2-3 6 * * ? *)', '"1-2-3" cannot be the minutes (0 to 59)'],
    ['cron(-5 6 * * ? *)', '"-5" cannot be the minutes (0 to 59)'],
    ['cron(0 6 * * * *)', 'exactly one of day of month and day of week must be "?"'],
    ['cron(0 6 ? * ? *)', 'exactly one of day of month and day of week must be "?"'],
    ['cron(0 6 31 FEB,APR ? *)', 'names no day that any year has; change the day, the month or the year'],
    ['cron(0 6 29 2 ? 2027)', 'names no day that any year has; change the day, the month or the year'],
  ])('%s is refused', (expression, fault) => {
    expect(parseSchedule(expression)).toEqual({ fault });
  });

  it.each(['1,L', 'L-0', 'L-31', '0W', '32W', '15W,20', '1W-5', 'W', 'WL'])('day of month %s is refused', (day) => {
    const fault = `"${day}" cannot be the day of month (1 to 31; alone also L, L-3, LW or 15W)`;
    expect(parseSchedule(`cron(0 6 ${day} * ? *)`)).toEqual({ fault });
  });

  it.each(['2#6', '0#1', '8L', '6L,2', '2#1,3#1', 'MON/2', 'L-1'])('day of week %s is refused', (day) => {
    const fault = `"${day}" cannot be the day of week (1 to 7 or SUN to SAT, without steps; alone also L, 6L or 2#1)`;
    expect(parseSchedule(`cron(0 6 ? * ${day} *)`)).toEqual({ fault });
  });
});

type Day = { date: number; last: number; dayOfWeek: number; dayOfWeekOf: (date: number) => number };
/** Both day fields, and the same rule as a condition on one day. */
type Days = { fields: [dayOfMonth: string, dayOfWeek: string]; fits: (day: Day) => boolean };

function dayAt(at: number): Day {
  const day = new Date(at);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  const dayOfWeekOf = (date: number) => new Date(Date.UTC(year, month, date)).getUTCDay() + 1;
  const date = day.getUTCDate();
  return { date, last: new Date(Date.UTC(year, month + 1, 0)).getUTCDate(), dayOfWeek: dayOfWeekOf(date), dayOfWeekOf };
}

/** True if no other weekday of the month is closer to `wanted` than this one. */
function isClosestWeekday({ date, last, dayOfWeekOf }: Day, wanted: number): boolean {
  if (wanted > last) return false;
  const weekdays = Array.from({ length: last }, (_, index) => index + 1).filter((one) => dayOfWeekOf(one) % 7 > 1);
  const distance = (one: number) => Math.abs(one - wanted);
  return date === weekdays.toSorted((a, b) => distance(a) - distance(b))[0];
}

const date = fc.integer({ min: 1, max: 31 });
const dayOfWeek = fc.integer({ min: 1, max: 7 });
const days: fc.Arbitrary<Days> = fc.oneof(
  fc.constant<Days>({ fields: ['*', '?'], fits: () => true }),
  date.map((n): Days => ({ fields: [`${n}`, '?'], fits: (day) => day.date === n })),
  fc
    .tuple(date, date)
    .map(([a, b]): Days => ({ fields: [`${a},${b}`, '?'], fits: (day) => [a, b].includes(day.date) })),
  fc.tuple(date, date).map(([n, step]): Days => {
    return { fields: [`${n}/${step}`, '?'], fits: (day) => day.date >= n && (day.date - n) % step === 0 };
  }),
  fc.constant<Days>({ fields: ['L', '?'], fits: (day) => day.date === day.last }),
  fc.constant<Days>({ fields: ['LW', '?'], fits: (day) => isClosestWeekday(day, day.last) }),
  date.map((n): Days => ({ fields: [`${n}W`, '?'], fits: (day) => isClosestWeekday(day, n) })),
  fc.integer({ min: 1, max: 30 }).map((n): Days => ({ fields: [`L-${n}`, '?'], fits: (d) => d.date === d.last - n })),
  dayOfWeek.map((n): Days => ({ fields: ['?', `${n}`], fits: (day) => day.dayOfWeek === n })),
  dayOfWeek.map((n): Days => ({ fields: ['?', `${n}-7`], fits: (day) => day.dayOfWeek >= n })),
  dayOfWeek.map((n): Days => {
    return { fields: ['?', `${n}L`], fits: (day) => day.dayOfWeek === n && day.date + 7 > day.last };
  }),
  fc.tuple(dayOfWeek, fc.integer({ min: 1, max: 5 })).map(([n, place]): Days => {
    return { fields: ['?', `${n}#${place}`], fits: (day) => day.dayOfWeek === n && Math.ceil(day.date / 7) === place };
  }),
);

describe('every cron expression', () => {
  it('runs next on the first later day and minute that fit, as a walk over all days finds them', () => {
    const minute = fc.integer({ min: 0, max: 59 });
    const hour = fc.integer({ min: 0, max: 23 });
    const at = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2030, 0) });
    fc.assert(
      fc.property(minute, hour, days, at, (m, h, { fields, fits }, from) => {
        const ofDay = (h * 60 + m) * 60_000;
        let walked = Math.floor(from / DAY_MS) * DAY_MS + ofDay;
        while (walked <= from || !fits(dayAt(walked))) walked += DAY_MS;
        expect(nextAfter(`cron(${m} ${h} ${fields[0]} * ${fields[1]} *)`, from)).toBe(walked);
      }),
    );
  });

  it('answers any text with a schedule or a fault', () => {
    const piece = fc.constantFrom(...'0123456789 ,-*/?LW#()'.split(''), 'cron(', 'rate(', 'MON', 'minutes', 'JAN');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const read = parseSchedule(pieces.join(''));
        expect('fault' in read ? read.fault : read.schedule.kind).toMatch(/./);
      }),
    );
  });
});
