import { describe, expect, it } from 'vitest';
import type { PlanBinding } from '../../../../shared/domain/plan/plan-binding.ts';
import { aRule } from '../../../fakes/rules.ts';
import { createLaneWorld, GROUP, type LaneWorld } from '../lane-world.ts';

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
