import { describe, expect, it } from 'vitest';
import type { PolicyRule } from '../../../../shared/domain/group/policy-rule.ts';
import { createLaneWorld, GROUP, type LaneWorld } from '../lane-world.ts';

const adding = (id: string) => ({ action: 'update', group: { id: GROUP }, applications: { add: [{ id }] } });
const naming = (groupId: string): PolicyRule => ({
  policyType: 'ACCESS_POLICY',
  ruleId: '1',
  ruleName: 'Sales',
  ruleOrder: '3',
  microtenantId: '0',
  action: 'ALLOW',
  disabled: false,
  operator: 'AND',
  conditions: [{ operator: 'OR', negated: false, groupIds: [groupId], applicationIds: [], others: false, plain: true }],
});

function build(tenant: Record<string, unknown>): LaneWorld {
  const world = createLaneWorld(tenant);
  world.addGroup({ enabled: true });
  world.addApplications('11', '12');
  world.tenant.policyRules.push(naming(GROUP));
  return world;
}

describe('the reach of a change', () => {
  it('stands in its outcome: which rule gains what, as of when', async () => {
    const world = build({ reach: 'always' });
    await world.invoke([await world.accept('T-1', adding('11'))]);
    expect((await world.read('T-1')).outcome).toMatchObject({
      kind: 'applied',
      reach: { status: 'checked', rules: [{ ruleName: 'Sales', exposes: 'yes' }] },
    });
  });

  it('is read once for the changes of some minutes, and never counts as known when it could not be read', async () => {
    const world = build({ reach: 'always' });
    const scans = () => world.tenant.calls.filter((call) => call.method === 'listRules').length;
    await world.invoke([await world.accept('T-1', adding('11'))]);
    await world.invoke([await world.accept('T-2', adding('12'))]);
    expect(scans()).toBe(1);
    await world.clock.advance(6 * 60_000);
    const fault = { code: 'feature-disabled', class: 'permanent', scope: 'change', effect: 'none' } as const;
    world.tenant.interfere = (method) => (method === 'listRules' ? { fault } : undefined);
    const removing = { ...adding('11'), applications: { remove: [{ id: '11' }] }, leaveUngrouped: true };
    await world.invoke([await world.accept('T-3', removing)]);
    expect((await world.read('T-3')).outcome).toMatchObject({ kind: 'applied', reach: { status: 'not-checked' } });
  });
});

describe('the reach of a create', () => {
  const creating = { action: 'create', group: { name: 'New' }, enabled: true, applications: [{ id: '11' }] };
  const updating = { ...creating, group: { name: 'Warehouse' }, ifExists: 'update' };
  const scans = ({ tenant }: LaneWorld) => tenant.calls.filter((call) => call.method === 'listRules').length;

  it.each([
    ['the group is new', creating, 0, []],
    ['a guard is about it', { ...creating, group: { name: 'Crown Jewels' } }, 0, []],
    ['it could have been an update', { ...creating, ifExists: 'update' }, 0, []],
    ['it is an update', updating, 1, [{ ruleName: 'Sales' }]],
    [
      'a guard is about it, and it is disabled',
      { ...creating, group: { name: 'Crown Jewels' }, enabled: false },
      1,
      [],
    ],
  ])('if %s: %o reads the rules %d times', async (_, change, times, rules) => {
    const world = build({
      reach: 'always',
      guards: { rules: [{ rules: ['Sales'], groups: ['Crown *'], response: 'refuse' }] },
    });
    await world.settle([await world.accept('T-1', change)]);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'applied', reach: { status: 'checked', rules } });
    expect(scans(world)).toBe(times);
  });

  it('is not known if the new group is disabled and could hide what it holds', async () => {
    const world = build({ reach: 'always' });
    await world.settle([await world.accept('T-1', { ...creating, enabled: false })]);
    const outcome = { kind: 'applied', reach: { status: 'not-checked', reason: expect.stringContaining('disabled') } };
    expect((await world.read('T-1')).outcome).toMatchObject(outcome);
    expect(scans(world)).toBe(0);
  });
});

describe('guards', () => {
  it('refuse a change of a protected group, and write nothing', async () => {
    const world = build({ guards: { protectedGroups: [{ groups: ['Ware*'], refuse: ['changes'] }] } });
    await world.invoke([await world.accept('T-1', adding('11'))]);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'rejected', code: 'guarded' });
    expect(world.tenant.writes).toHaveLength(0);
  });

  it('of plan-only mode end what would be written with its plan', async () => {
    const world = build({ mode: 'plan-only' });
    await world.invoke([await world.accept('T-1', adding('11'))]);
    expect((await world.read('T-1')).outcome).toMatchObject({ code: 'guarded', details: { guard: 'mode' } });
    expect(world.tenant.writes).toHaveLength(0);
  });
});
