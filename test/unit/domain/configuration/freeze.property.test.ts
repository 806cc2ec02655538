import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Freeze, freezesSchema, frozenUntil } from '../../../../shared/domain/configuration/freeze.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (text: string) => Date.parse(text);
const until = (freezes: readonly Freeze[], text: string) => {
  const free = frozenUntil(freezes, at(text));
  return free === undefined ? undefined : new Date(free).toISOString().slice(0, 16);
};
const weekend = { from: 'fri 16:00', until: 'mon 06:00', timeZone: 'Europe/Berlin' };

describe('a freeze', () => {
  it('between two instants holds from the first and not at the second', () => {
    const freezes = [{ from: '2026-12-20T00:00:00Z', until: '2027-01-07T07:00:00+01:00' }];
    expect(until(freezes, '2026-12-19T23:59:59.999Z')).toBe('2026-12-19T23:59');
    expect(until(freezes, '2026-12-20T00:00:00Z')).toBe('2027-01-07T06:00');
    expect(until(freezes, '2027-01-07T05:59:59Z')).toBe('2027-01-07T06:00');
    expect(until(freezes, '2027-01-07T06:00:00Z')).toBe('2027-01-07T06:00');
  });

  it('of every week goes by the local clock, over the end of the week, in winter and summer', () => {
    expect(until([weekend], '2026-12-04T14:59:00Z')).toBe('2026-12-04T14:59');
    expect(until([weekend], '2026-12-04T15:00:00Z')).toBe('2026-12-07T05:00');
    expect(until([weekend], '2026-12-07T04:59:00Z')).toBe('2026-12-07T05:00');
    expect(until([weekend], '2026-07-03T13:59:00Z')).toBe('2026-07-03T13:59');
    expect(until([weekend], '2026-07-03T14:00:00Z')).toBe('2026-07-06T04:00');
  });

  it('over a change of clocks ends when the local clock says so', () => {
    // Europe/Berlin sets its clocks forward on 2026-03-29 and back on 2026-10-25.
    expect(until([weekend], '2026-03-28T12:00:00Z')).toBe('2026-03-30T04:00');
    expect(until([weekend], '2026-10-24T12:00:00Z')).toBe('2026-10-26T05:00');
  });

  it('whose end the clock shows twice lasts until the second time; whose end it never shows, until after the jump', () => {
    const night = { from: 'sat 22:00', until: 'sun 02:30', timeZone: 'Europe/Berlin' };
    expect(until([night], '2026-10-24T23:00:00Z')).toBe('2026-10-25T01:30');
    expect(until([night], '2026-03-28T23:00:00Z')).toBe('2026-03-29T01:30');
    expect(until([night], '2026-10-17T23:00:00Z')).toBe('2026-10-18T00:30');
  });

  it('is followed by the next without a gap', () => {
    const freezes = [weekend, { from: '2026-12-07T05:00:00Z', until: '2026-12-11T15:00:00Z' }];
    expect(until(freezes, '2026-12-05T00:00:00Z')).toBe('2026-12-14T05:00');
  });

  it('without an end in sight says so', () => {
    const utc = { timeZone: 'UTC' };
    const always = [
      { from: 'mon 00:00', until: 'thu 00:00', ...utc },
      { from: 'thu 00:00', until: 'mon 00:00', ...utc },
    ];
    expect(frozenUntil(always, 0)).toBeUndefined();
  });

  it.each([
    [{ from: 'fri 16:00', until: 'fri 16:00', timeZone: 'UTC' }],
    [{ from: 'fri 24:00', until: 'mon 06:00', timeZone: 'UTC' }],
    [{ from: 'fri 16:00', until: 'mon 06:00' }],
    [{ from: 'fri 16:00', until: 'mon 06:00', timeZone: 'Berlin' }],
    [{ from: '2026-12-20T00:00:00Z', until: '2026-12-20T00:00:00Z' }],
    [{ from: '2026-12-20', until: '2026-12-21' }],
  ])('is refused in the configuration: %j', (freeze) => {
    expect(freezesSchema.safeParse([freeze]).success).toBe(false);
  });
});

const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata');
const weekTime = fc
  .tuple(fc.constantFrom('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'), fc.nat(23), fc.nat(59))
  .map(([day, hour, minute]) => `${day} ${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
const weekly: fc.Arbitrary<Freeze> = fc
  .record({ from: weekTime, until: weekTime, timeZone: zones })
  .filter(({ from, until: end }) => from !== end);
const instants = fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') });
const once: fc.Arbitrary<Freeze> = fc.tuple(instants, fc.integer({ min: 1, max: 60 * DAY })).map(([from, lasts]) => ({
  from: new Date(from).toISOString(),
  until: new Date(from + lasts).toISOString(),
}));
const someFreezes = fc.array(fc.oneof(weekly, once), { maxLength: 4 });

describe('any freezes', () => {
  it('end at the first instant that is free: it is free itself, and nothing in between is', () => {
    fc.assert(
      fc.property(someFreezes, instants, fc.double({ min: 0, max: 1, noNaN: true }), (freezes, now, part) => {
        const free = frozenUntil(freezes, now);
        if (free === undefined) return;
        expect(free).toBeGreaterThanOrEqual(now);
        expect(frozenUntil(freezes, free)).toBe(free);
        const between = Math.floor(now + (free - now) * part);
        expect(frozenUntil(freezes, between)).toBe(free);
      }),
    );
  });

  it('are never shortened by another one', () => {
    fc.assert(
      fc.property(someFreezes, fc.oneof(weekly, once), instants, (freezes, more, now) => {
        const free = frozenUntil(freezes, now);
        const later = frozenUntil([...freezes, more], now);
        if (later !== undefined) expect(free).toBeLessThanOrEqual(later);
      }),
    );
  });

  it('of every week last as long as the two times are apart, give or take a change of clocks', () => {
    fc.assert(
      fc.property(weekly, instants, (freeze, now) => {
        const free = frozenUntil([freeze], now);
        if (free === undefined) throw new Error('a weekly freeze ends');
        expect(free - now).toBeLessThan(7 * DAY + HOUR);
      }),
    );
  });
});
