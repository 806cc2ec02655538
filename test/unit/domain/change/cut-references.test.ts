import { expect, it } from 'vitest';
import { cutWrongReferences } from '../../../../shared/domain/change/cut-references.ts';

const wrong = (count: number) => Array.from({ length: count }, () => ({}));

it('wrong references are described up to a number in all lists together, and the others are counted', () => {
  const { value, left } = cutWrongReferences({ applications: { add: wrong(3), remove: wrong(4) } }, 5);
  expect(value).toEqual({ applications: { add: wrong(3), remove: wrong(2) } });
  expect(left).toBe(2);
});

it.each([
  'applications',
  'applications.add',
  'applications.remove',
  'applications.replace',
  'expect.members.has',
  'expect.members.hasNot',
  'expect.members.exactly',
  'state.applications.has',
  'state.applications.hasNot',
  'state.applications.exactly',
])('wrong references in %s are cut', (path) => {
  const nested = (list: unknown) => path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), list);
  expect(cutWrongReferences(nested(wrong(3)), 2)).toEqual({ value: nested(wrong(2)), left: 1 });
});
