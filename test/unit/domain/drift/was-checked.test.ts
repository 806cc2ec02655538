import { expect, it } from 'vitest';
import { continues, overlap, wasChecked } from '../../../../shared/domain/drift/was-checked.ts';
import { aNotChecked } from '../sample-drift.ts';

const GROUP = { id: '7201', microtenantId: '5' };

it.each([
  ['nothing is unread', undefined, true],
  ['the group is unread', { groupId: '7201' }, false],
  ['another group is unread', { groupId: '7202' }, true],
  ['another group of its microtenant is unread', { groupId: '7202', microtenantId: '5' }, true],
  ['its record is unread', { groupId: '7201', code: 'record-malformed' }, false],
  ['its microtenant is unread', { microtenantId: '5', groups: 0 }, false],
  ['another microtenant is unread', { microtenantId: '6' }, true],
  ['the whole tenant is unread, by the name of another tenant of the customer', { tenant: 'acme-too' }, false],
  [
    'an object of the list shows no id, and nobody says which kind of finding it is about',
    { code: 'group-malformed', groups: 0 },
    false,
  ],
  ['it is the object of the list that cannot be parsed', { code: 'group-malformed', groupId: '7201' }, false],
  ['an open change cannot be read', { code: 'record-malformed', groups: 0 }, true],
])('a group counts as checked or not if %s', (_, unread, expected) => {
  expect(wasChecked({ notChecked: unread === undefined ? [] : [aNotChecked(unread)] }, GROUP)).toBe(expected);
});

it('a part without managed groups hides what only a list tells: groups in no ticket, and deleted ones that live', () => {
  const notChecked = [aNotChecked({ code: 'group-malformed', groups: 0 })];
  const kinds = ['missing', 'changed', 'added', 'removed', 'unmanaged', 'resurrected'] as const;
  const checked = kinds.filter((kind) => wasChecked({ notChecked }, GROUP, kind));
  expect(checked).toEqual(['missing', 'changed', 'added', 'removed']);
  const own = [aNotChecked({ groupId: '7201', code: 'moved-while-read', groups: 0 })];
  expect(kinds.filter((kind) => wasChecked({ notChecked: own }, GROUP, kind))).toEqual([]);
});

it('a group of a microtenant that was not asked for does not count as checked', () => {
  expect(wasChecked({ notChecked: [], onlyMicrotenants: ['6'] }, GROUP)).toBe(false);
  expect(wasChecked({ notChecked: [], onlyMicrotenants: ['6', '5'] }, GROUP)).toBe(true);
});

it('an object of a list without an id goes on where it says the same, and is no part of anything else', () => {
  const one = aNotChecked({ code: 'group-malformed', reason: 'The group "Lab" cannot be parsed', groups: 0 });
  const tenant = aNotChecked();
  expect(continues(one, { ...one, groups: 0 })).toBe(true);
  expect(continues(one, { ...one, reason: 'The group "Web" cannot be parsed' })).toBe(false);
  expect(continues(one, { ...one, code: 'record-malformed' })).toBe(false);
  expect([continues(tenant, one), continues(one, tenant), overlap(one, tenant)]).toEqual([false, false, false]);
});
