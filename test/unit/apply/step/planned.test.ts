import { describe, expect, it } from 'vitest';
import type { PlanBinding } from '../../../../shared/domain/plan/plan-binding.ts';
import { aRule } from '../../../fakes/rules.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../lane-world.ts';

const RULE = aRule({ groupIds: [GROUP] });
const OPENED = `${RULE.policyType}/${RULE.ruleId}`;
const ADD_WIKI = {
  action: 'update',
  group: { name: 'Warehouse' },
  applications: { add: [{ id: '11' }] },
};

/** The plan as its approver saw it; `over` changes it. */
const planned = (over: Partial<PlanBinding> = {}): PlanBinding => ({
  hash: 'a'.repeat(64),
  resolved: [GROUP],
  exposes: [{ rule: OPENED, sure: 'yes', applications: ['11'] }],
  ...over,
});

async function carriedOut(plan: PlanBinding | undefined, prepare: (world: LaneWorld) => void = () => undefined) {
  const world = createLaneWorld({ reach: 'deletes' });
  world.addGroup({ name: 'Warehouse', enabled: true });
  world.addApplications('11');
  world.tenant.policyRules.push(RULE);
  prepare(world);
  const accepted = await world.accept('T-1', ADD_WIKI);
  const record = await world.read('T-1');
  if (plan !== undefined) await world.ledger.writeChange({ ...record, plan }, record.version);
  await world.invoke([accepted]);
  return { outcome: (await world.read('T-1')).outcome, writes: world.tenant.writes.length };
}

describe('a change whose ticket was planned before it was approved', () => {
  it('is carried out as planned', async () => {
    expect(await carriedOut(planned())).toMatchObject({ outcome: { kind: 'applied' }, writes: 1 });
  });

  it('is refused with the difference where a name leads to another id now', async () => {
    expect(await carriedOut(planned({ resolved: ['72057594037999999'] }))).toMatchObject({
      outcome: {
        kind: 'rejected',
        code: 'plan-outdated',
        details: { names: [{ kind: 'group', name: 'Warehouse', planned: '72057594037999999', now: GROUP }] },
      },
      writes: 0,
    });
  });

  it('is refused where a rule would open more than it was to open; less is no harm', async () => {
    expect(await carriedOut(planned({ exposes: [] }))).toMatchObject({
      outcome: {
        kind: 'rejected',
        code: 'plan-outdated',
        details: { rules: [{ ruleId: RULE.ruleId, applications: ['11'] }] },
      },
      writes: 0,
    });
    const less = planned({ exposes: [{ rule: OPENED, sure: 'yes', applications: ['11', '12'] }] });
    expect(await carriedOut(less)).toMatchObject({ outcome: { kind: 'applied' } });
  });

  it('has the rules read for it whatever the tenant is configured to, and waits where they cannot be read', async () => {
    const fault = { code: 'unavailable', class: 'transient', scope: 'tenant', effect: 'none' } as const;
    const unread = (world: LaneWorld) => {
      world.tenant.interfere = (method) => (method === 'listRules' ? { fault } : undefined);
    };
    expect(await carriedOut(planned(), unread)).toEqual({ outcome: undefined, writes: 0 });
    expect(await carriedOut(planned({ exposes: null }), unread)).toMatchObject({ outcome: { kind: 'applied' } });
    expect(await carriedOut(undefined, unread)).toMatchObject({ outcome: { kind: 'applied' } });
  });
});

describe('a plan and the customer and microtenant of its change', () => {
  const BARE: PlanBinding = { hash: 'b'.repeat(64), resolved: [''], exposes: null };
  const HERE = { lane: LANE, microtenantId: '0' };
  const create = { action: 'create', group: { name: 'Fresh' } };
  const outdated = { kind: 'rejected', code: 'plan-outdated', details: { plan: 'bbbbbbbbbbbb' } };

  async function outcomeOf(request: Record<string, unknown>, plan: PlanBinding) {
    const world = createLaneWorld();
    world.addGroup({ name: 'Warehouse', enabled: true });
    const accepted = await world.accept('T-1', request);
    await world.ledger.writeChange({ ...accepted, plan }, accepted.version);
    await world.invoke([accepted]);
    return { outcome: (await world.read('T-1')).outcome, calls: world.tenant.calls.length };
  }

  it('must agree, or nothing is asked of ZPA', async () => {
    expect(await outcomeOf(create, { ...BARE, ...HERE })).toMatchObject({ outcome: { kind: 'applied' } });
    const lane = 'PRODUCTION:72057594037999999';
    expect(await outcomeOf(create, { ...BARE, ...HERE, lane })).toMatchObject({
      outcome: { ...outdated, sentence: expect.stringContaining(lane) },
      calls: 0,
    });
    expect(await outcomeOf(create, { ...BARE, ...HERE, microtenantId: '111' })).toMatchObject({
      outcome: { ...outdated, sentence: expect.stringContaining('111') },
      calls: 0,
    });
  });

  it('of an earlier version, which stored neither: an id tells them, and a plan without any is outdated', async () => {
    expect(await outcomeOf(create, BARE)).toMatchObject({ outcome: outdated, calls: 0 });
    expect(await outcomeOf(create, { ...BARE, resolved: [GROUP] })).toMatchObject({ outcome: outdated, calls: 0 });
    const rename = { action: 'update', set: { description: 'as approved' } };
    expect(await outcomeOf({ ...rename, group: { name: 'Warehouse' } }, BARE)).toMatchObject({ outcome: outdated });
    const applied = { outcome: { kind: 'applied' } };
    const led = { ...BARE, resolved: [GROUP] };
    expect(await outcomeOf({ ...rename, group: { name: 'Warehouse' } }, led)).toMatchObject(applied);
    const byId = { ...BARE, resolved: [] };
    expect(await outcomeOf({ ...rename, group: { id: GROUP } }, byId)).toMatchObject(applied);
  });
});
