import { describe, expect, it } from 'vitest';
import { jsonLimitFault } from '../../../../shared/domain/change/json-limits.ts';

const nested = (levels: number): unknown => (levels === 0 ? 'x' : { deep: nested(levels - 1) });

describe('whatever comes in', () => {
  it('has at most ten thousand values', () => {
    const rows = (count: number) =>
      Array.from({ length: count }, () => ({ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8 }));
    const exactly = { rows: rows(1000), more: rows(110), last: [1, 2, 3, 4] };
    expect(jsonLimitFault({ ...exactly, pad: Array.from({ length: 1 }, () => 1) })).toBeUndefined();
    expect(jsonLimitFault({ one: rows(1000), two: rows(1000) })).toMatchObject({
      path: '',
      sentence: expect.stringContaining('more than 10000 values'),
    });
  });

  it('counts every value, to the last', () => {
    const list = (count: number) => Array.from({ length: count }, () => 1);
    const of = (last: number) => ({
      ...Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`l${index}`, list(1000)])),
      last: list(last),
    });
    // One value for the change itself, ten for its lists, and one for each entry.
    expect(jsonLimitFault(of(989))).toBeUndefined();
    expect(jsonLimitFault(of(990))).toMatchObject({ sentence: expect.stringContaining('10000 values') });
  });

  it('is refused by the number of its values before any of them is read', () => {
    const reads: PropertyKey[] = [];
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, 1]));
    const get = (target: object, key: PropertyKey) => {
      reads.push(key);
      return Reflect.get(target, key);
    };
    const watched = new Proxy(wide, { get });
    expect(jsonLimitFault(watched)).toMatchObject({ sentence: expect.stringContaining('10000 values') });
    expect(reads).toEqual([]);
  });

  it('is nested at most twelve deep', () => {
    expect(jsonLimitFault(nested(12))).toBeUndefined();
    expect(jsonLimitFault(nested(13))).toMatchObject({
      path: 'deep.deep.deep.deep',
      sentence: expect.stringContaining('12 levels'),
    });
  });

  it('has lists of at most a thousand', () => {
    expect(jsonLimitFault({ list: Array.from({ length: 1000 }, () => 1) })).toBeUndefined();
    expect(jsonLimitFault({ list: Array.from({ length: 1001 }, () => 1) })).toMatchObject({
      path: 'list',
      sentence: expect.stringContaining('1001 entries'),
    });
  });
});
