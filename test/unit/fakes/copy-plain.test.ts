import fc from 'fast-check';
import { expect, it } from 'vitest';
import { copyPlain } from '../../fakes/copy-plain.ts';

const plain = fc
  .jsonValue()
  .map((json) => ({ json, missing: undefined, big: 1n, at: new Date(1), seen: new Set([1]) }));

it('a copy is what structuredClone makes', () => {
  fc.assert(
    fc.property(plain, (value) => {
      expect(copyPlain(value)).toStrictEqual(structuredClone(value));
    }),
  );
});

it('a copy shares nothing with its original', () => {
  const original = { list: [{ text: 'as stored' }] };
  const copy = copyPlain(original);
  for (const one of copy.list) one.text = 'edited';
  expect(original).toEqual({ list: [{ text: 'as stored' }] });
});

it.each([Promise.resolve(), () => 1, Symbol('a')])('what no store can hold is refused: %s', (value) => {
  expect(() => copyPlain({ value })).toThrow(/could not be cloned/);
});
