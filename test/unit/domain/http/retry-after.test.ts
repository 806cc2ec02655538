import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRateLimitReset, parseRetryAfter } from '../../../../shared/domain/http/retry-after.ts';

const NOW = Date.parse('2026-03-13T10:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['4s', 4_000],
    ['10s', 10_000],
    ['13s', 13_000],
    ['7', 7_000],
    ['1.5', 1_500],
    [' 3s ', 3_000],
    ['4 s', 4_000],
    ['1 seconds', 1_000],
    ['13 Sec', 13_000],
    ['2 second', 2_000],
    ['1m30s', 90_000],
    ['1h0m0.5s', 3_600_500],
    ['250ms', 250],
    ['1.5µs', 1],
    ['Fri, 13 Mar 2026 10:00:25 GMT', 25_000],
    ['99999999', 24 * 3_600_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseRetryAfter(text, NOW)).toBe(ms);
  });

  // A server that refuses and asks for no pause leaves the pause to the caller, whose own is longer than none.
  it.each([
    undefined,
    '',
    '0',
    '0s',
    '0.0',
    '0 seconds',
    '0m0s',
    'Fri, 13 Mar 2026 09:00:00 GMT',
    'Fri, 13 Mar 2026 10:00:00 GMT',
    'soon',
    '-5',
    '-5s',
    '13 apples',
    '4s, 4s',
    'seconds',
    's',
    '4sx',
    'x4s',
    '2026-03-13',
    '1e3',
  ])('%s says nothing', (text) => {
    expect(parseRetryAfter(text, NOW)).toBeUndefined();
  });

  it('takes a date relative to the answer, not to our clock', () => {
    const late = NOW + 3_600_000;
    const wait = parseRetryAfter('Fri, 13 Mar 2026 10:00:25 GMT', late, 'Fri, 13 Mar 2026 10:00:20 GMT');
    expect(wait).toBe(5_000);
  });

  it('never throws and never answers anything but whole milliseconds from 1', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.smhuµn]{0,8}$/)), (text) => {
        const ms = parseRetryAfter(text, NOW);
        expect(ms === undefined || (Number.isInteger(ms) && ms >= 1)).toBe(true);
      }),
    );
  });
});

describe('X-RateLimit-Reset', () => {
  it.each([
    ['2026-03-13T10:00:25Z', 25_000],
    ['2026-03-13T11:00:25.500+01:00', 25_500],
    ['2026-03-13T10:01Z', 60_000],
    ['1773396030', 30_000],
    ['2027-03-13T10:00:00Z', 24 * 3_600_000],
  ])('%s is %d ms from now', (text, ms) => {
    expect(parseRateLimitReset(text, NOW)).toBe(ms);
  });

  // Some systems state seconds from now, and others a count of another limit. A limit that is over and refuses all the same
  // tells no pause.
  it.each([
    undefined,
    '',
    '2026-03-13T10:00Z',
    '2026-03-13T09:00:00Z',
    '1773395000',
    'soon',
    '48',
    '0',
    '-1773396030',
    '2026-03-13',
    '2026-03-13T10:00:25',
    '1773396030000000',
  ])('%s says nothing', (text) => {
    expect(parseRateLimitReset(text, NOW)).toBeUndefined();
  });

  it('is relative to the answer, not to our clock', () => {
    const late = NOW + 3_600_000;
    expect(parseRateLimitReset('2026-03-13T10:00:25Z', late, 'Fri, 13 Mar 2026 10:00:20 GMT')).toBe(5_000);
  });
});
