import { describe, expect, it } from 'vitest';
import { approvedBefore } from '../../../../functions/apply/rules/approved-before.ts';
import type { AcceptRequest } from '../../../../shared/domain/change/change.ts';
import { approvedFor, desiredFrom, settledWith } from '../../domain/ledger-items.ts';
import { parsed, rawAccept } from '../../domain/sample-changes.ts';

const accept = (state: unknown) => parsed(rawAccept(state, { id: '11' })) as AcceptRequest;
const refs = (...list: string[]) => list.map((id) => ({ id }));
const members = (...has: string[]) => ({ members: { has, hasNot: [] } });

describe('what tickets approved before an accept', () => {
  const desired = desiredFrom([
    settledWith(1, approvedFor('11', { fields: { name: 'Web' }, ...members('101', '102') })),
    settledWith(2, approvedFor('12', { fields: { name: 'Finance' }, ...members('103') })),
  ]);

  it('is nothing of a group that no ticket knows', () => {
    expect(approvedBefore(accept({ applications: { exactly: [] } }), [])).toEqual({
      group: undefined,
      dropped: [],
      others: [],
    });
  });

  it('are the members that it says are none', () => {
    const dropped = (state: unknown) => approvedBefore(accept(state), desired).dropped;
    expect(dropped({ applications: { exactly: refs('101') } })).toEqual(['102']);
    expect(dropped({ applications: { hasNot: refs('101', '999') } })).toEqual(['101']);
    expect(dropped({ applications: { has: refs('101') } })).toEqual([]);
    expect(dropped({ enabled: true })).toEqual([]);
  });

  it('are the groups of which it takes approved members', () => {
    const others = (state: unknown) => approvedBefore(accept(state), desired).others;
    expect(others({ applications: { has: refs('103') } })).toEqual([
      { id: '12', name: 'Finance', applicationIds: ['103'] },
    ]);
    expect(others({ applications: { exactly: refs('101', '103') } })).toHaveLength(1);
    expect(others({ applications: { has: refs('101'), hasNot: refs('103') } })).toEqual([]);
  });

  it('is not what a later ticket approved elsewhere', () => {
    const moved = desiredFrom([
      settledWith(1, approvedFor('11', members('101'))),
      settledWith(2, approvedFor('12', members('101'))),
    ]);
    expect(approvedBefore(accept({ applications: { exactly: [] } }), moved).dropped).toEqual([]);
  });

  it('is not what a later ticket approved elsewhere and took out there', () => {
    const taken = desiredFrom([
      settledWith(1, approvedFor('11', members('101'))),
      settledWith(2, approvedFor('12', members('101'))),
      settledWith(3, approvedFor('12', { members: { has: [], hasNot: ['101'] } })),
      settledWith(4, approvedFor('13', members('102'))),
    ]);
    expect(approvedBefore(accept({ applications: { exactly: [] } }), taken).dropped).toEqual([]);
    const joining = parsed(rawAccept({ applications: { has: refs('101') } }, { id: '13' })) as AcceptRequest;
    expect(approvedBefore(joining, taken).others).toEqual([]);
  });

  it('may be what a record that cannot be read holds, where memberships are accepted', () => {
    expect(approvedBefore(accept({ applications: { has: refs('101') } }), desired, ['13']).others).toEqual([
      { id: '13', name: undefined, applicationIds: [] },
    ]);
    expect(approvedBefore(accept({ enabled: true }), desired, ['13']).others).toEqual([]);
  });

  it('is not known where the record of its own group cannot be read, whatever it accepts', () => {
    for (const state of [{ name: 'Web' }, { enabled: true }, 'absent'])
      expect(approvedBefore(accept(state), [], ['11', '13']).others).toEqual([
        { id: '11', name: undefined, applicationIds: [] },
      ]);
  });
});
