import { expect, it } from 'vitest';
import { cutWrongReferences } from '../../../../shared/domain/change/cut-references.ts';

const wrong = (count: number) => Array.from({ length: count }, () => ({}));

it('wrong references are described up to a number in all lists together, and the others are counted', () => {
  const { value, left } = cutWrongReferences({ applications: { add: wrong(3), remove: wrong(4) } }, 5);
  expect(value).toEqual({ applications: { add: wrong(3), remove: wrong(2) } });
  expect(left).toBe(2);
});
