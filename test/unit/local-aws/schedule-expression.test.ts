import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readExpression } from '../../../local/lambda/schedule-expression.ts';

/** The next three runs of a cron expression after an instant. */
function runs(expression: string, from: string): string[] {
  const schedule = readExpression(expression);
  if (schedule.kind !== 'cron') throw new Error('not a cron expression');
  const found: string[] = [];
  let at: number | undefined = Date.parse(from);
  while (found.length < 3) {
    at = schedule.nextAfter(at);
    if (at === undefined) break;
    found.push(new Date(at).toISOString().slice(0, 16));
  }
  return found;
}

describe('schedule expressions of EventBridge Scheduler', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(5 minutes)', 300_000],
    ['rate(2 hours)', 7_200_000],
    ['rate(1 day)', 86_400_000],
  ])('reads %s', (expression, everyMs) => {
    expect(readExpression(expression)).toEqual({ kind: 'rate', everyMs });
  });

  it.each([
    ['cron(0 6 * * ? *)', '2026-11-22T10:00Z', ['2026-11-23T06:00', '2026-11-24T06:00', '2026-11-25T06:00']],
    ['cron(0/20 10 ? * MON-FRI *)', '2026-11-20T10:30Z', ['2026-11-20T10:40', '2026-11-23T10:00', '2026-11-23T10:20']],
    ['cron(15 12 1,15 * ? *)', '2026-11-22T00:00Z', ['2026-12-01T12:15', '2026-12-15T12:15', '2027-01-01T12:15']],
    ['cron(0 0 29 FEB ? *)', '2026-01-01T00:00Z', ['2028-02-29T00:00', '2032-02-29T00:00', '2036-02-29T00:00']],
    ['cron(0 8 ? * 1 *)', '2026-11-22T08:00Z', ['2026-11-29T08:00', '2026-12-06T08:00', '2026-12-13T08:00']],
    ['cron(0 0 1 1 ? 2027)', '2026-11-22T00:00Z', ['2027-01-01T00:00']],
  ])('finds the runs of %s', (expression, from, expected) => {
    expect(runs(expression, from)).toEqual(expected);
  });

  it.each([
    'rate(0 minutes)',
    'rate(1 week)',
    'cron(0 6 * * *)',
    'cron(0 6 * * * *)',
    'cron(60 6 * * ? *)',
    'cron(0 6 L * ? *)',
    'cron(0 6 ? * FUN *)',
    'cron(0/0 6 * * ? *)',
    'every day',
  ])('refuses %s', (expression) => {
    expect(() => readExpression(expression)).toThrow(/cannot be read/);
  });

  it('always finds a later minute that the fields allow', () => {
    const minute = fc.integer({ min: 0, max: 59 });
    const hour = fc.integer({ min: 0, max: 23 });
    const at = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2030, 0) });
    fc.assert(
      fc.property(minute, hour, at, (m, h, from) => {
        const schedule = readExpression(`cron(${m} ${h} * * ? *)`);
        const next = schedule.kind === 'cron' ? (schedule.nextAfter(from) ?? 0) : 0;
        expect(next).toBeGreaterThan(from);
        expect(next - from).toBeLessThanOrEqual(86_400_000);
        expect([new Date(next).getUTCMinutes(), new Date(next).getUTCHours()]).toEqual([m, h]);
      }),
    );
  });
});
