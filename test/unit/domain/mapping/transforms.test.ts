import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLocalTime } from '../../../../shared/domain/mapping/table/local-time.ts';
import type { Transform } from '../../../../shared/domain/mapping/table/table-schema.ts';
import { isTimeZone } from '../../../../shared/domain/mapping/table/time-zone.ts';
import { transformAll } from '../../../../shared/domain/mapping/transforms.ts';

const through = (value: unknown, ...transforms: Transform[]) => {
  const done = transformAll(value, transforms);
  return done.ok ? done.value : `${String(done.value)} ${done.says}`;
};

describe('transforms', () => {
  it.each<[string, unknown, Transform[], unknown]>([
    ['trim', ' a ', ['trim'], 'a'],
    ['trim a number', 12, ['trim'], '12'],
    ['lines, without empty ones', 'a\r\n b \n\n\rc\u2028d', ['lines'], ['a', 'b', 'c', 'd']],
    ['split', 'a, b,,c', [{ split: ',' }], ['a', 'b', 'c']],
    ['split each line', 'a,b\nc', ['lines', { split: ',' }], ['a', 'b', 'c']],
    ['yes', ' Yes ', ['yesNo'], true],
    ['no', 'OFF', ['yesNo'], false],
    ['true as it is', true, ['yesNo'], true],
    ['zero', 0, ['yesNo'], false],
    ['neither', 'perhaps', ['yesNo'], 'perhaps is neither yes nor no'],
    ['no list of yes', ['yes', 'maybe'], ['yesNo'], 'maybe is neither yes nor no'],
    ['lookup in any case', 'ADD ', [{ lookup: { add: 'update' } }], 'update'],
    ['lookup in another Unicode form', 'Bu\u0308ro', [{ lookup: { büro: 'update' } }], 'update'],
    ['lookup of what is not there', 'x', [{ lookup: { add: 'update' } }], 'x is not in the lookup'],
    [
      'lookup of what is everywhere',
      'constructor',
      [{ lookup: { add: 'update' } }],
      'constructor is not in the lookup',
    ],
    ['lookup with otherwise', 'x', [{ lookup: { add: 'update' }, otherwise: 'create' }], 'create'],
    ['lookup that leaves blank', 'x', [{ lookup: { add: 'update' }, otherwise: null }], undefined],
    ['lookup that answers several', ['web'], [{ lookup: { web: ['wiki', 'crm'] } }], ['wiki', 'crm']],
    ['json', '[{"a":1}]', ['json'], [{ a: 1 }]],
    ['rows of JSON', ' [{"a":1}]', ['rows'], [{ a: 1 }]],
    ['rows of text', 'a\nb', ['rows'], ['a', 'b']],
    ['columns of what is a line already', [{ a: 1 }], [{ columns: ['x', 'y'], by: ';' }], [{ a: 1 }]],
    ['no json', '{a}', ['json'], '{a} is not JSON from character 1 on'],
    ['json of two meanings', '{"a":1,"a":2}', ['json'], '{"a":1,"a":2} names a key a second time at character 7'],
    ['rows of two meanings', '[{"a":1,"a":2}]', ['rows'], '[{"a":1,"a":2}] names a key a second time at character 8'],
    ['columns', 'A; b', [{ columns: ['group', 'on'], by: ';' }], { group: 'A', on: 'b' }],
    ['columns left out', 'A', [{ columns: ['group', 'on'], by: ';' }], { group: 'A', on: '' }],
    ['an object', { a: 1 }, ['trim'], '[object Object] is not text'],
    ['a rounded number', 2 ** 60, ['trim'], '1152921504606847000 has been rounded'],
    ['UTC', '2026-12-01 22:00:00', [{ utc: 'UTC' }], '2026-12-01T22:00:00Z'],
    ['a zone in winter', '2026-12-01 22:00', [{ utc: 'Europe/Berlin' }], '2026-12-01T21:00:00Z'],
    ['a zone in summer', '2026-07-01T22:00:30', [{ utc: 'America/New_York' }], '2026-07-02T02:00:30Z'],
    ['an offset counts', '2026-12-01T22:00:00.000+0100', [{ utc: 'America/New_York' }], '2026-12-01T21:00:00Z'],
    ['Z counts', '2026-12-01T22:00:00Z', [{ utc: 'Asia/Tokyo' }], '2026-12-01T22:00:00Z'],
    ['a negative offset', '2026-12-01T22:00:00-05:30', [{ utc: 'UTC' }], '2026-12-02T03:30:00Z'],
    ['no such offset', '2026-12-01 22:00+25:00', [{ utc: 'UTC' }], '2026-12-01 22:00+25:00 is not a time'],
    ['a day alone', '2026-12-01', [{ utc: 'UTC' }], '2026-12-01 is not a time'],
    ['no such day', '2026-02-30 10:00:00', [{ utc: 'UTC' }], '2026-02-30 10:00:00 is not a time that the calendar has'],
    [
      'no such hour',
      '2026-02-28 25:00:00',
      [{ utc: 'UTC' }],
      '2026-02-28 25:00:00 is not a time that the calendar has',
    ],
    ['a display value', '01.12.2026 22:00:00', [{ utc: 'UTC' }], '01.12.2026 22:00:00 is not a time'],
  ])('%s', (_, value, transforms, expected) => expect(through(value, ...transforms)).toEqual(expected));

  it('what is longer or more than any ticket needs is refused before it is taken apart', () => {
    expect(through('\n'.repeat(2000), 'lines')).toContain('has more than 2000 entries');
    expect(through(['a,'.repeat(1500), 'b,'.repeat(1500)], { split: ',' })).toContain('has more than 2000 entries');
    for (const transform of ['trim', 'lines', { split: ',' }, { lookup: {} }, { utc: 'UTC' }] satisfies Transform[]) {
      expect(through('x'.repeat(262_145), transform)).toContain('is longer than 262144 characters');
    }
    expect(through(`["${'x'.repeat(300_000)}"]`, 'rows')).toHaveLength(1);
  });

  it('a time that a clock change skips or shows twice is not guessed', () => {
    const toUtc = (text: string) => through(text, { utc: 'Europe/Berlin' });
    expect(toUtc('2027-03-28 02:30:00')).toContain('does not exist in Europe/Berlin');
    expect(toUtc('2026-10-25 02:30:00')).toContain('is two instants in Europe/Berlin');
    expect(toUtc('2026-10-25 03:00:00')).toBe('2026-10-25T02:00:00Z');
    expect(through('2026-10-25T02:30:00+0100', { utc: 'Europe/Berlin' })).toBe('2026-10-25T01:30:00Z');
  });

  it('an instant as any zone’s clock shows it is read back as that instant, or refused', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia'];
    const instant = fc.date({
      min: new Date('2012-01-01T00:00:00Z'),
      max: new Date('2037-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(fc.constantFrom(...zones), instant, (timeZone, date) => {
        const at = new Date(Math.floor(date.getTime() / 1000) * 1000);
        const shown = at.toLocaleString('sv-SE', { timeZone });
        const read = parseLocalTime(shown, timeZone);
        if (read.ok) expect(Date.parse(read.instant)).toBe(at.getTime());
        else expect(read.says).toContain('is two instants');
      }),
      { numRuns: 500 },
    );
  });

  it('knows zones by their names', () => {
    expect(['UTC', 'Europe/Berlin'].every(isTimeZone)).toBe(true);
    expect(['Europe/Atlantis', '', 'local'].some(isTimeZone)).toBe(false);
  });
});
