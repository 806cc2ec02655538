import { describe, expect, it } from 'vitest';
import { aGroup } from '../domain/sample-live.ts';
import { createPlanWorld } from './plan-world.ts';

/** The comment on a change by a source that may touch Web alone. */
async function said(change: object, over: object = {}, tenant: object = {}): Promise<string[]> {
  const grant = {
    tenants: ['prod'],
    actions: ['create', 'update', 'delete'],
    groups: ['Web*'],
    applications: ['app-2*'],
  };
  const flags = ['leaveUngrouped', 'takeFromOtherGroups', 'moveApplicationsTo'];
  const world = createPlanWorld({ source: { grants: [{ ...grant, flags, ...over }] }, tenant });
  world.zpa.groups.set('40', aGroup('40', { name: 'Secret Finance', enabled: true, applicationIds: ['41'] }));
  const payroll = { id: '41', name: 'Payroll DB', segmentGroupId: '40', segmentGroupName: 'Secret Finance' };
  world.zpa.applications.set('41', payroll);
  world.put(change);
  await world.ask();
  return world.spoken.map(({ text }) => text);
}

describe('a ticket learns no name of what its source may not touch, by its id', () => {
  it.each<[string, object, object?, object?]>([
    ['a group', { group: { id: '40' }, set: { description: 'x' } }],
    ['a group to delete', { action: 'delete', group: { id: '40' } }],
    [
      'a group of a guarded tenant, looked up early',
      { group: { id: '40' }, applications: { remove: [{ id: '41' }] }, leaveUngrouped: true },
      {},
      { guards: { rules: [{ rules: ['*'], response: 'refuse' }] } },
    ],
    ['an application', { group: { name: 'Web' }, applications: { add: [{ id: '41' }] } }],
    [
      'an application it expects',
      { group: { name: 'Web' }, set: { description: 'x' }, expect: { members: { has: [{ id: '41' }] } } },
    ],
    [
      'the group of an application',
      { group: { name: 'Web' }, applications: { add: [{ id: '41' }] } },
      { applications: ['app-2*', '41'] },
    ],
    ['a destination', { group: { name: 'Web' }, applications: { remove: [{ id: '21' }] }, moveTo: { id: '40' } }],
    ['what it expects of a group', { group: { id: '40' }, set: { description: 'x' }, expect: { name: 'Web' } }],
  ])('%s', async (_, change, over, tenant) => {
    const texts = await said(change, over, tenant);
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.join('\n')).not.toMatch(/Secret|Payroll/);
  });

  it('and still reads which one it asked for', async () => {
    expect((await said({ group: { id: '40' }, set: { description: 'x' } })).join()).toContain(
      '\n40 | Description: x | Would be rejected',
    );
    const own = await said({ group: { id: '11' }, set: { description: 'x' } });
    expect(own.join()).toContain('Web (11) | Description: before → x | ');
  });
});
