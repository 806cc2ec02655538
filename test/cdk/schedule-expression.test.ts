import { describe, expect, it } from 'vitest';
import { scheduleFault } from '../../cdk/schedule-expression.ts';

describe('a schedule', () => {
  it.each([
    'rate(1 minute)',
    'rate(5 minutes)',
    'rate(1 hour)',
    'rate(2 days)',
    'cron(0 6 * * ? *)',
    'cron(0/15 8-18 ? * MON-FRI *)',
    'cron(30 4 1,15 JAN-JUN ? 2026-2030)',
    'cron(0 0 L * ? *)',
    'cron(0 0 15W * ? *)',
    'cron(0 0 ? * 6L *)',
    'cron(0 0 ? * 2#1 *)',
  ])('%s is fine', (expression) => {
    expect(scheduleFault(expression)).toBeUndefined();
  });

  it.each([
    ['', 'must be rate(5 minutes) or cron(0 6 * * ? *)'],
    ['every morning', 'must be rate(5 minutes) or cron(0 6 * * ? *)'],
    ['at(2026-12-01T22:00:00)', 'must be rate(5 minutes) or cron(0 6 * * ? *)'],
    ['rate(1 minutes)', 'write rate(1 minute): AWS wants "minute" for 1, else "minutes"'],
    ['rate(5 minute)', 'write rate(5 minutes): AWS wants "minute" for 1, else "minutes"'],
    ['rate(0 minutes)', 'a rate is at least 1'],
    ['rate(5 seconds)', 'a rate counts minutes, hours or days: rate(5 minutes)'],
    ['cron(0 6 * * ?)', 'a cron has 6 fields separated by single spaces, this one 5'],
    ['cron(60 6 * * ? *)', '"60" cannot be the minutes (0 to 59)'],
    ['cron(0 24 * * ? *)', '"24" cannot be the hours (0 to 23)'],
    ['cron(0 6 0 * ? *)', '"0" cannot be the day of month (1 to 31)'],
    ['cron(0 6 * FEBRUARY ? *)', '"FEBRUARY" cannot be the month (1 to 12)'],
    ['cron(0 6 ? * 8 *)', '"8" cannot be the day of week (1 to 7)'],
    ['cron(0 6 ? * MON 1969)', '"1969" cannot be the year (1970 to 2199)'],
    ['cron(0/0 6 * * ? *)', '"0/0" cannot be the minutes (0 to 59)'],
    ['cron(1-2-3 6 * * ? *)', '"1-2-3" cannot be the minutes (0 to 59)'],
    ['cron(0 6 * * * *)', 'exactly one of day of month and day of week must be "?"'],
    ['cron(0 6 ? * ? *)', 'exactly one of day of month and day of week must be "?"'],
  ])('%s is refused', (expression, fault) => {
    expect(scheduleFault(expression)).toBe(fault);
  });
});
