import { describe, expect, it } from 'vitest';
import { approvedBefore, soughtBefore } from '../../../../functions/apply/rules/approved-before.ts';
import type { AcceptRequest } from '../../../../shared/domain/change/change.ts';
import { approvedFor, desiredFrom, settledWith } from '../../domain/ledger-items.ts';
import { parsed, rawAccept } from '../../domain/sample-changes.ts';
import { update } from '../requests.ts';

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

  it('may be what a record that cannot be read holds, also where as many join as leave, or all leave', () => {
    const states = [{ has: refs('101'), hasNot: refs('102') }, { exactly: [] }];
    for (const applications of states)
      expect(approvedBefore(accept({ applications }), desired, ['13']).others).toContainEqual({
        ...{ id: '13', name: undefined, applicationIds: [] },
      });
  });

  it('is not known where the record of its own group cannot be read, whatever it accepts', () => {
    for (const state of [{ name: 'Web' }, { enabled: true }, 'absent'])
      expect(approvedBefore(accept(state), [], ['11', '13']).others).toEqual([
        { id: '11', name: undefined, applicationIds: [] },
      ]);
  });
});

describe('what tickets approved of the group that a change would end', () => {
  const desired = desiredFrom([
    settledWith(1, approvedFor('11', { fields: { name: 'Web' }, ...members('101', '102') })),
    settledWith(2, approvedFor('12', { fields: { name: 'Finance' }, ...members('103') })),
    settledWith(3, approvedFor('11', { members: { has: [], hasNot: ['102'] } })),
  ]);
  const change = (request: Record<string, unknown>) =>
    parsed({ schemaVersion: 1, idempotencyKey: 'T-1', tenant: 'acme', ...request });
  const removing = (...ids: string[]) => change(update('11', { applications: { remove: refs(...ids) } }));
  const deleting = (group: object) => change({ action: 'delete', group });
  const sought = (...changes: ReturnType<typeof change>[]) => soughtBefore(changes, '0', desired);
  const web = { id: '11', name: 'Web' };

  it('are the members that it takes out, of all changes of the step', () => {
    expect(sought(removing('101'))).toEqual({ group: web, dropped: ['101'] });
    expect(sought(removing('999'), removing('101'))).toEqual({ group: web, dropped: ['101'] });
  });

  it('is nothing where no ticket approved such a member, or one has taken it out, or it is one of another group', () => {
    for (const id of ['999', '102', '103']) expect(sought(removing(id))).toBeUndefined();
  });

  it('is the group itself for a delete, by its id or its name', () => {
    for (const group of [{ id: '11' }, { name: 'Web' }])
      expect(sought(deleting(group))).toEqual({ group: web, dropped: [] });
    expect(sought(deleting({ id: '13' }))).toBeUndefined();
  });

  it('is not known where the record of the group cannot be read, and may be all that it takes out', () => {
    const unreadable = (one: ReturnType<typeof change>) => soughtBefore([one], '0', [], ['11']);
    const nameless = { id: '11', name: undefined };
    expect(unreadable(removing('101', '102'))).toEqual({ group: nameless, dropped: ['101', '102'] });
    expect(unreadable(deleting({ id: '11' }))).toEqual({ group: nameless, dropped: [] });
    expect(unreadable(deleting({ name: 'Web' }))).toBeUndefined();
  });
});
