import { describe, expect, it } from 'vitest';
import type { PolicyRule } from '../../../../shared/domain/group/policy-rule.ts';
import { wrapZpa } from '../interfere.ts';
import { createLaneWorld, GROUP, type LaneWorld } from '../lane-world.ts';
import { adding, MINUTE, refs, update } from '../requests.ts';

const SALES: PolicyRule = {
  ...{ policyType: 'ACCESS_POLICY', ruleId: '1', ruleName: 'Sales', ruleOrder: '3', microtenantId: '0' },
  ...{ action: 'ALLOW', disabled: false, operator: 'AND' },
  conditions: [{ operator: 'OR', negated: false, groupIds: [GROUP], applicationIds: [], others: false, plain: true }],
};

function build(tenant: Record<string, unknown>): LaneWorld {
  const world = createLaneWorld(tenant);
  world.addGroup({ enabled: true });
  world.addApplications('11', '12');
  world.tenant.policyRules.push(SALES);
  return world;
}
const scans = ({ tenant }: LaneWorld) => tenant.calls.filter((call) => call.method === 'listRules').length;

it('the reach of a change stands in its outcome, and never counts as known when it could not be read', async () => {
  const world = build({ reach: 'always' });
  const rules = [{ ruleName: 'Sales', exposes: 'yes' }];
  expect(await world.play(adding('11'))).toMatchObject({ kind: 'applied', reach: { status: 'checked', rules } });
  await world.play(adding('12'));
  // The rules are read once for the changes of some minutes.
  expect(scans(world)).toBe(1);
  await world.clock.advance(6 * MINUTE);
  const fault = { code: 'feature-disabled', class: 'permanent', scope: 'change', effect: 'none' } as const;
  world.tenant.interfere = (method) => (method === 'listRules' ? { fault } : undefined);
  const removing = update(GROUP, { applications: { remove: refs('11') }, leaveUngrouped: true });
  expect(await world.play(removing)).toMatchObject({ kind: 'applied', reach: { status: 'not-checked' } });
});

it('the rules that one tenant is shown tell nothing about the reach in another tenant of the customer', async () => {
  const world = build({ reach: 'always' });
  const { configuration } = world.ports;
  const { acme } = configuration.tenants;
  const { desk } = configuration.sources;
  if (acme === undefined || desk === undefined) throw new Error('both are configured');
  const grants = desk.grants.map((grant) => ({ ...grant, tenants: ['acme', 'labs'] }));
  const sources = { desk: { ...desk, grants } };
  world.ports.configuration = { ...configuration, tenants: { acme, labs: acme }, sources };
  const none = { rules: [], scanned: ['ACCESS_POLICY'], skipped: [] };
  wrapZpa(world, (_, tenant) => (tenant === 'labs' ? { listRules: async () => none } : {}));
  await world.settle(await world.acceptAll(adding('11'), { ...adding('12'), tenant: 'labs' }));
  const rulesOf = async (key: string, tenant: string) => (await world.read(key, tenant)).outcome;
  expect(await rulesOf('T-1', 'acme')).toMatchObject({ reach: { rules: [{ ruleName: 'Sales' }] } });
  expect(await rulesOf('T-2', 'labs')).toMatchObject({ reach: { status: 'checked', rules: [] } });
});

describe('the reach of a create', () => {
  const creating = { action: 'create', group: { name: 'New' }, enabled: true, applications: refs('11') };
  const jewels = { ...creating, group: { name: 'Crown Jewels' } };

  it.each([
    ['the group is new', creating, 0, []],
    ['a guard is about it', jewels, 0, []],
    ['it could have been an update', { ...creating, ifExists: 'update' }, 0, []],
    ['it is an update', { ...creating, group: { name: 'Warehouse' }, ifExists: 'update' }, 1, [{ ruleName: 'Sales' }]],
    ['a guard is about it, and it is disabled', { ...jewels, enabled: false }, 1, []],
  ])('if %s: %o reads the rules %d times', async (_, change, times, rules) => {
    const guards = { rules: [{ rules: ['Sales'], groups: ['Crown *'], response: 'refuse' }] };
    const world = build({ reach: 'always', guards });
    expect(await world.play(change)).toMatchObject({ kind: 'applied', reach: { status: 'checked', rules } });
    expect(scans(world)).toBe(times);
  });

  it('is not known if the new group is disabled and could hide what it holds', async () => {
    const world = build({ reach: 'always' });
    const reach = { status: 'not-checked', reason: expect.stringContaining('disabled') };
    expect(await world.play({ ...creating, enabled: false })).toMatchObject({ kind: 'applied', reach });
    expect(scans(world)).toBe(0);
  });
});

describe('the rules are not read for a change that alters no access', () => {
  const guards = { rules: [{ rules: ['Sales'], groups: ['*'], response: 'refuse' }] };
  it.each([
    ['switches a group without application segments', { set: { enabled: false } }, 'applied'],
    ['wants the group as it is', { set: { enabled: true } }, 'unchanged'],
    ['adds what is a member', { applications: { add: refs('11') } }, 'unchanged'],
    ['removes what is no member', { applications: { remove: refs('12') }, leaveUngrouped: true }, 'unchanged'],
    ['is refused', { set: { enabled: false }, expect: { name: 'Depot' } }, 'rejected'],
  ])('since it %s', async (_, change, kind) => {
    for (const tenant of [{}, { guards }]) {
      const world = build({ reach: 'always', ...tenant });
      if ('applications' in change) world.addGroup({ enabled: true, applicationIds: ['11'] });
      expect(await world.play(update(GROUP, change))).toMatchObject({ kind });
      expect(scans(world)).toBe(0);
      expect(world.tenant.calls.filter(({ method }) => method === 'getGroup').length).toBeLessThanOrEqual(2);
    }
  });

  it('and where they are, the group is read after them', async () => {
    const world = build({ reach: 'always' });
    world.addGroup({ enabled: true, applicationIds: ['11'] });
    await world.play(update(GROUP, { set: { enabled: false } }));
    const order = world.tenant.calls.map(({ method }) => method).filter((one) => /getGroup|listRules|write/.test(one));
    expect(order.slice(0, 4)).toEqual(['getGroup', 'listRules', 'getGroup', 'write']);
  });
});

it.each([
  ['of a protected group', { guards: { protectedGroups: [{ groups: ['Ware*'], refuse: ['changes'] }] } }, {}],
  ['of plan-only mode', { mode: 'plan-only' }, { details: { guard: 'mode' } }],
])('guards %s refuse a change, and nothing is written', async (_, tenant, said) => {
  const world = build(tenant);
  expect(await world.play(adding('11'))).toMatchObject({ kind: 'rejected', code: 'guarded', ...said });
  expect(world.tenant.writes).toHaveLength(0);
});
