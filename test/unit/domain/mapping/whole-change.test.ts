import { describe, expect, it } from 'vitest';
import { requestersIn } from '../../../../shared/domain/mapping/requesters-in.ts';
import { changesOf, faultsOf, mapping, minimal } from './mapping-samples.ts';

describe('two rows of one target', () => {
  const table = minimal({
    again: { from: 'other', to: 'group' },
    on: { value: true, to: 'enabled' },
    third: { from: 'on', transform: ['yesNo'], to: 'enabled' },
  });
  it.each<[string, object, string | undefined]>([
    ['say the same group', { other: 'Web' }, undefined],
    ['say two groups', { other: 'Mail' }, 'row "again": other = "Mail" says something else than row "group"'],
    ['say the same flag', { on: 'yes' }, undefined],
    ['say two flags', { on: 'no' }, 'row "third": on = false says something else than row "on"'],
    ['of which one is blank', { other: ' ' }, undefined],
  ])('%s', async (_, over, fault) => {
    const faults = await faultsOf(table, { id: 'T-1', group: 'Web', ...over });
    if (fault === undefined) expect(faults).toEqual([]);
    else expect(faults).toEqual([expect.stringContaining(fault)]);
  });
});

describe('a whole change', () => {
  const table = {
    rows: {
      ticket: { from: 'id', to: 'ticket' },
      text: { from: 'text', to: 'description' },
      whole: { from: 'change', to: 'change' },
    },
  };
  const change = { tenant: 'acme', action: 'create', group: { name: 'Web' } };

  it('says the action that the rows follow, unless a row says it', async () => {
    expect(await changesOf(table, { id: 'T-1', change, text: 'new' })).toMatchObject([
      { ...change, description: 'new' },
    ]);
    const updating = { rows: { ...table.rows, action: { from: 'action', to: 'action' } } };
    expect(await changesOf(updating, { id: 'T-1', change, text: 'new', action: 'update' })).toMatchObject([
      { action: 'update', set: { description: 'new' } },
    ]);
    expect(await changesOf(updating, { id: 'T-1', change, text: 'new' })).toMatchObject([{ description: 'new' }]);
  });

  it.each([
    ['a field of it', { ...change, group: { name: 7 } }, 'row "whole": change.group.name'],
    ['a field that it lacks', { action: 'create', group: change.group }, 'row "whole": change.tenant'],
    ['all of it', { ...change, action: 'update' }, 'row "whole": change'],
  ])('is at fault by its own path: %s', async (_, whole, place) => {
    expect(await faultsOf(table, { id: 'T-1', change: whole })).toEqual([expect.stringContaining(place)]);
  });
});

describe('those who request', () => {
  it('are all whom the fields name that the requester is read from', () => {
    const rows = { by: { from: ['asker', 'opener'], to: 'requestedBy' }, on: { value: true, to: 'enabled' } };
    const payload = { id: 'T-1', group: 'Web', asker: ['kim', 7], opener: 'lee' };
    expect(requestersIn(mapping(minimal(rows)), payload)).toEqual(['kim', 'lee']);
  });

  it('are not told by an expression', () => {
    expect(requestersIn(mapping({ jsonata: '$' }), { requested_by: 'kim' })).toEqual([]);
  });
});
