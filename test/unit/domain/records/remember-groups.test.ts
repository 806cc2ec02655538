import { expect, it } from 'vitest';
import { withGroupRead } from '../../../../shared/domain/records/remember-groups.ts';
import { aGroup } from '../sample-live.ts';

it('a remembered stamp never goes back', () => {
  const seen = withGroupRead([], aGroup('7', { description: 'south', modifiedTime: 200 }), '0', 1000);
  expect(withGroupRead(seen, aGroup('7', { description: 'north', modifiedTime: 100 }), '0', 2000)).toBe(seen);
  const [later] = withGroupRead(seen, aGroup('7', { description: 'north', modifiedTime: 201 }), '0', 2000);
  expect(later).toMatchObject({ modifiedTime: 201, at: 2000 });
});
