import { expect, it } from 'vitest';
import { withGroupRead } from '../../../../shared/domain/records/remember-groups.ts';
import { olderGroup } from '../../../../shared/domain/records/seen-groups.ts';
import { aGroup } from '../sample-live.ts';

it('a remembered stamp never goes back', () => {
  const seen = withGroupRead([], aGroup('7', { description: 'south', modifiedTime: 200 }), '0', 1000);
  expect(withGroupRead(seen, aGroup('7', { description: 'north', modifiedTime: 100 }), '0', 2000)).toBe(seen);
  const [later] = withGroupRead(seen, aGroup('7', { description: 'north', modifiedTime: 201 }), '0', 2000);
  expect(later).toMatchObject({ modifiedTime: 201, at: 2000 });
});

it.each([
  ['just created by somebody else is missing: a replica lags', 1_000, true],
  ['created long ago is missing: it is deleted', 600, false],
])('a group that was %s', (_, creationTime, isOlder) => {
  const seen = withGroupRead([], aGroup('7', { modifiedTime: 1_000, creationTime }), '0', 1_000_000);
  expect(olderGroup(seen, '7', '0', null) !== undefined).toBe(isOlder);
});
