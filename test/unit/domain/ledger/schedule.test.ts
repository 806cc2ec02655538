import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Freeze } from '../../../../shared/domain/configuration/freeze.ts';
import {
  holdUntil,
  isWaiting,
  openPlace,
  readySince,
  release,
  scheduledAt,
  waitsUntil,
  windowClosed,
} from '../../../../shared/domain/ledger/schedule.ts';
import { TEST_START } from '../../../fakes/fake-clock.ts';
import { aChange, anUpdate } from '../../../fakes/records.ts';
import { parsed, rawAccept } from '../sample-changes.ts';

const HOUR = 3_600_000;
const NOW = TEST_START;
const iso = (ms: number) => new Date(ms).toISOString();
const windowed = (notBefore?: number, notAfter?: number) =>
  anUpdate({
    ...(notBefore !== undefined && { notBefore: iso(notBefore) }),
    ...(notAfter !== undefined && { notAfter: iso(notAfter) }),
  });
const freeze = (from: number, until: number): Freeze => ({ from: iso(from), until: iso(until) });

describe('an accept', () => {
  it('starts in a freeze, since it writes nothing, and not before its window', () => {
    const always = [freeze(NOW - HOUR, NOW + 3 * HOUR)];
    expect(waitsUntil(parsed(rawAccept('absent')), always, NOW)).toBeUndefined();
    const later = { ...rawAccept('absent'), notBefore: iso(NOW + HOUR) };
    expect(waitsUntil(parsed(later), always, NOW)).toBe(NOW + HOUR);
  });

  it('waits for a freeze with the set that stops, so that it does not overtake the writes before it', () => {
    const until = NOW + HOUR;
    const inSet = (onReject: string) =>
      parsed({ ...rawAccept('absent'), changeSet: { id: 'CHG1', index: 2, size: 2, onReject } });
    expect(waitsUntil(inSet('stop'), [freeze(NOW - HOUR, until)], NOW)).toBe(until);
    expect(waitsUntil(inSet('continue'), [freeze(NOW - HOUR, until)], NOW)).toBeUndefined();
  });
});

describe('when a change may start', () => {
  it.each<[string, ReturnType<typeof windowed>, Freeze[], number | undefined]>([
    ['without a window: now', windowed(), [], undefined],
    ['from notBefore on, to the millisecond', windowed(NOW), [], undefined],
    ['not before notBefore', windowed(NOW + 1), [], NOW + 1],
    ['after a freeze', windowed(), [freeze(NOW - HOUR, NOW + HOUR)], NOW + HOUR],
    [
      'after the freeze that holds at notBefore',
      windowed(NOW + HOUR),
      [freeze(NOW + 1, NOW + 2 * HOUR)],
      NOW + 2 * HOUR,
    ],
    ['now, whatever freeze comes later', windowed(), [freeze(NOW + 1, NOW + HOUR)], undefined],
    [
      'at the end of its window to be rejected, if a freeze covers it',
      windowed(NOW, NOW + 5),
      [freeze(NOW, NOW + HOUR)],
      NOW + 5,
    ],
    ['now to be rejected, once its window is closed', windowed(NOW - HOUR, NOW), [freeze(NOW, NOW + HOUR)], undefined],
  ])('%s', (_, change, freezes, expected) => {
    expect(waitsUntil(change, freezes, NOW)).toBe(expected);
  });

  it('without an end of a freeze in sight it waits for its window to close, or for the configuration', () => {
    const always: Freeze[] = ['mon 00:00', 'thu 00:00'].map((from, index, all) => ({
      from,
      until: all[1 - index] ?? '',
      timeZone: 'UTC',
    }));
    expect(waitsUntil(windowed(NOW, NOW + HOUR), always, NOW)).toBe(NOW + HOUR);
    const never = waitsUntil(windowed(), always, NOW);
    expect(never).toBeGreaterThan(NOW);
    expect(scheduledAt(never ?? 0)).toBeUndefined();
  });

  it('a window is closed from notAfter on', () => {
    expect(windowClosed(windowed(undefined, NOW + 1), NOW)).toBeUndefined();
    expect(windowClosed(windowed(), NOW)).toBeUndefined();
    expect(windowClosed(windowed(undefined, NOW), NOW)).toMatchObject({ code: 'window-closed', path: 'notAfter' });
  });
});

const offsets = fc.integer({ min: -50 * HOUR, max: 50 * HOUR });
const windows = fc
  .tuple(fc.option(offsets, { nil: undefined }), fc.option(offsets, { nil: undefined }))
  .map(([from, until]) => windowed(from && NOW + from, until && NOW + until));
const freezes = fc.array(
  fc
    .tuple(offsets, fc.integer({ min: 1, max: 30 * HOUR }))
    .map(([from, lasts]) => freeze(NOW + from, NOW + from + lasts)),
  { maxLength: 4 },
);

describe('any window under any freezes', () => {
  it('waits for a time at which it need not wait, never past its end, and for no time before that', () => {
    fc.assert(
      fc.property(windows, freezes, fc.double({ min: 0, max: 1, noNaN: true }), (change, of, part) => {
        const until = waitsUntil(change, of, NOW);
        if (until === undefined) return;
        expect(until).toBeGreaterThan(NOW);
        expect(waitsUntil(change, of, until)).toBeUndefined();
        const between = Math.floor(NOW + (until - NOW) * part);
        if (between < until) expect(waitsUntil(change, of, between)).toBe(until);
        if (change.notAfter !== undefined) expect(until).toBeLessThanOrEqual(Date.parse(change.notAfter));
      }),
    );
  });

  it('is not started outside its window or in a freeze: what need not wait is inside, or rejected', () => {
    fc.assert(
      fc.property(windows, freezes, (change, of) => {
        if (waitsUntil(change, of, NOW) !== undefined || windowClosed(change, NOW) !== undefined) return;
        expect(Date.parse(change.notBefore ?? iso(NOW))).toBeLessThanOrEqual(NOW);
        for (const { from, until } of of) expect(Date.parse(from) <= NOW && NOW < Date.parse(until)).toBe(false);
      }),
    );
  });
});

describe('a scheduled change', () => {
  const scheduled = aChange({ state: 'scheduled', scheduledFor: NOW + HOUR, sequence: 7 });

  it('stands behind all that may be worked, in the order of acceptance', () => {
    const places = [aChange({ sequence: 2 ** 40 }), scheduled, { ...scheduled, sequence: 8 }].map(openPlace);
    expect(places.toSorted((a, b) => a - b)).toEqual(places);
    expect(places.every(Number.isSafeInteger)).toBe(true);
  });

  it('is released into a new place, once, and owes a message', () => {
    const next = release(scheduled, 30, NOW);
    expect(next).toMatchObject({ state: 'accepted', sequence: 30, releasedAt: NOW, acceptedAt: scheduled.acceptedAt });
    expect(next).not.toHaveProperty('scheduledFor');
    expect(next && isWaiting(next)).toBe(false);
    expect(next && release(next, 31, NOW)).toBeUndefined();
    expect(readySince(scheduled)).toBe(scheduled.acceptedAt);
    expect(next && readySince({ ...next, releasedAt: NOW + HOUR })).toBe(NOW + HOUR);
  });

  it('is held back while it is open, in the generation it was seen', () => {
    const queued = aChange({ state: 'queued' });
    expect(holdUntil(queued, 1, NOW + 5)).toMatchObject({ state: 'scheduled', scheduledFor: NOW + 5 });
    expect(holdUntil(queued, 2, NOW + 5)).toBeUndefined();
    expect(holdUntil(aChange({ state: 'settled' }), 1, NOW + 5)).toBeUndefined();
    expect(holdUntil(scheduled, 1, NOW + HOUR)).toBeUndefined();
    expect(holdUntil(scheduled, 1, NOW + 2 * HOUR)).toMatchObject({ scheduledFor: NOW + 2 * HOUR });
  });
});
