import { describe, expect, it } from 'vitest';
import {
  type Freeze,
  freezesSchema,
  frozenSince,
  frozenUntil,
} from '../../../../shared/domain/configuration/freeze.ts';

const at = (text: string) => Date.parse(text);
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
const weekend = { from: 'fri 16:00', until: 'mon 06:00', timeZone: 'Europe/Berlin' };
const holidays = { from: '2026-12-20T00:00:00Z', until: '2027-01-07T07:00:00+01:00' };

describe('a freeze in the configuration', () => {
  it('is a time of every week, or once, and may say why', () => {
    const all = [
      weekend,
      { ...weekend, timeZone: 'UTC', reason: 'nobody is here' },
      { ...holidays, reason: 'holidays' },
    ];
    expect(freezesSchema.parse(all)).toEqual(all);
  });

  it('knows the time zones of the world by their names only', () => {
    const accepted = (timeZone: string) => freezesSchema.safeParse([{ ...weekend, timeZone }]).success;
    expect(['America/New_York', 'Asia/Kolkata', 'Mars/Base'].map(accepted)).toEqual([true, true, false]);
  });
});

describe('a freeze', () => {
  it('has begun at its first instant, the first of several at the earliest', () => {
    const since = (freezes: Freeze[], text: string) => iso(frozenSince(freezes, at(text)));
    expect(since([holidays], '2026-12-25T00:00:00Z')).toBe('2026-12-20T00:00:00.000Z');
    expect(since([holidays], '2026-12-19T23:59:59Z')).toBeUndefined();
    expect(since([weekend, holidays], '2026-12-20T12:00:00Z')).toBe('2026-12-18T15:00:00.000Z');
    expect(since([holidays, weekend], '2026-12-20T12:00:00Z')).toBe('2026-12-18T15:00:00.000Z');
  });

  it('begins when the clock shows its time first, or would have, where clocks are changed', () => {
    const night = { from: 'sun 02:30', until: 'sun 12:00', timeZone: 'Europe/Berlin' };
    const begins = (instant: string) => frozenSince([night], at(instant)) === at(instant);
    // Clocks are set back on 2026-10-25: 02:30 occurs at 00:30 and at 01:30 UTC. They are set forward on 2026-03-29:
    // 02:30 never occurs.
    expect(['2026-10-25T00:30:00Z', '2026-03-29T00:30:00Z', '2026-03-22T01:30:00Z'].map(begins)).toEqual([
      true,
      true,
      true,
    ]);
    expect(frozenSince([night], at('2026-10-25T00:29:59Z'))).toBeUndefined();
    expect(frozenSince([night], at('2026-03-22T01:29:59Z'))).toBeUndefined();
  });

  it('on the day of a change of clocks ends when the clock shows its end, the day before and after too', () => {
    const noon = (day: string) => ({ from: `${day} 10:00`, until: `${day} 12:00`, timeZone: 'Europe/Berlin' });
    const end = (day: string, text: string) => iso(frozenUntil([noon(day)], at(text)));
    expect(end('sun', '2026-03-29T09:00:00Z')).toBe('2026-03-29T10:00:00.000Z');
    expect(end('sat', '2026-03-28T10:00:00Z')).toBe('2026-03-28T11:00:00.000Z');
    expect(end('mon', '2026-03-30T09:00:00Z')).toBe('2026-03-30T10:00:00.000Z');
    expect(end('sun', '2026-10-25T10:00:00Z')).toBe('2026-10-25T11:00:00.000Z');
    const begin = (text: string) => iso(frozenSince([noon('sun')], at(text)));
    expect(begin('2026-03-29T08:30:00Z')).toBe('2026-03-29T08:00:00.000Z');
    expect(begin('2026-10-25T09:30:00Z')).toBe('2026-10-25T09:00:00.000Z');
  });

  it('goes by clocks that are ahead and behind by hours, half hours and days of the week', () => {
    const monday = (timeZone: string) => ({ from: 'mon 00:00', until: 'tue 00:00', timeZone });
    const until = (timeZone: string, text: string) => iso(frozenUntil([monday(timeZone)], at(text)));
    expect(until('Pacific/Kiritimati', '2026-12-06T12:00:00Z')).toBe('2026-12-07T10:00:00.000Z');
    expect(until('Pacific/Niue', '2026-12-08T10:00:00Z')).toBe('2026-12-08T11:00:00.000Z');
    expect(until('Asia/Kolkata', '2026-12-06T18:30:00Z')).toBe('2026-12-07T18:30:00.000Z');
  });

  it('is the same for every zone asked about in turn', () => {
    const nine = (timeZone: string) => ({ from: 'mon 09:00', until: 'mon 10:00', timeZone });
    const begin = (timeZone: string) => iso(frozenSince([nine(timeZone)], at('2026-12-07T08:30:00Z')));
    expect(['Europe/Berlin', 'UTC', 'Europe/Berlin'].map(begin)).toEqual([
      '2026-12-07T08:00:00.000Z',
      undefined,
      '2026-12-07T08:00:00.000Z',
    ]);
  });
});
