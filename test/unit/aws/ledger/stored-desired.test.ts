import { describe, expect, it } from 'vitest';
import { parseDesiredGroup } from '../../../../shared/aws/ledger/stored-desired.ts';
import { aDesired } from '../../../fakes/records.ts';

const stored = (members: unknown) => ({ ...aDesired(), version: 1, members });

describe('the members of a stored desired group', () => {
  it('are kept as they are stored', () => {
    const members = { '416196257330000001': [1, 12], '416196257330000002': [0, 9] };
    expect(parseDesiredGroup(stored(members)).members).toEqual(members);
    expect(parseDesiredGroup(stored({})).members).toEqual({});
  });

  it.each([
    'none',
    null,
    undefined,
    [],
    [[1, 12]],
    { 1: [2, 12] },
    { 1: [true, 12] },
    { 1: [1] },
    { 1: [1, 12, 3] },
    { 1: [1, '12'] },
    { 1: [1, Number.NaN] },
    { 1: { 0: 1, 1: 12, length: 2 } },
    { 1: null },
    { 1: [1, 12], 2: 'x' },
  ])('are not guessed at: %j', (members) => {
    expect(() => parseDesiredGroup(stored(members))).toThrow(/members/);
  });
});
