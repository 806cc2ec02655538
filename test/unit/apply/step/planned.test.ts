import { describe, expect, it } from 'vitest';
import type { PlanBinding } from '../../../../shared/domain/plan/plan-binding.ts';
import { aRule } from '../../../fakes/rules.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../lane-world.ts';
import { adding, describing, refs, UNREACHABLE } from '../requests.ts';

const RULE = aRule({ groupIds: [GROUP] });
const opens = (...applications: string[]) => [
  { rule: `${RULE.policyType}/${RULE.ruleId}`, sure: 'yes' as const, applications },
];
const named = { action: 'update', group: { name: 'Warehouse' } };
const ADD_WIKI = { ...named, applications: { add: refs('11') } };
const APPLIED = { outcome: { kind: 'applied' } };

/** How a change ends that is held to this plan, and what is asked and written of ZPA. */
async function carriedOut(
  plan: PlanBinding | undefined,
  { request = ADD_WIKI as Record<string, unknown>, prepare = (_world: LaneWorld): void => undefined } = {},
) {
  const world = createLaneWorld({ reach: 'deletes' });
  world.addGroup({ name: 'Warehouse', enabled: true });
  world.addApplications('11');
  world.tenant.policyRules.push(RULE);
  prepare(world);
  const accepted = await world.accept('T-1', request);
  if (plan !== undefined) await world.ledger.writeChange({ ...accepted, plan }, accepted.version);
  await world.invoke([accepted]);
  const { writes, calls } = world.tenant;
  return { outcome: await world.outcome(), writes: writes.length, calls: calls.length };
}

describe('a change whose ticket was planned before it was approved', () => {
  /** The plan as its approver saw it; `over` changes it. */
  const planned = (over: Partial<PlanBinding> = {}): PlanBinding => ({
    ...{ hash: 'a'.repeat(64), resolved: [GROUP], exposes: opens('11'), ...over },
  });
  const outdated = (details: object) => ({
    ...{ outcome: { kind: 'rejected', code: 'plan-outdated', details }, writes: 0 },
  });
  const otherId = '72057594037999999';

  it.each<[string, PlanBinding, object]>([
    ['is carried out as planned', planned(), { ...APPLIED, writes: 1 }],
    [
      'is refused with the difference where a name leads to another id now',
      planned({ resolved: [otherId] }),
      outdated({ names: [{ kind: 'group', name: 'Warehouse', planned: otherId, now: GROUP }] }),
    ],
    [
      'is refused where a rule would open more than it was to open',
      planned({ exposes: [] }),
      outdated({ rules: [{ ruleId: RULE.ruleId, applications: ['11'] }] }),
    ],
    ['is carried out where it would open less', planned({ exposes: opens('11', '12') }), APPLIED],
  ])('%s', async (_, plan, seen) => {
    expect(await carriedOut(plan)).toMatchObject(seen);
  });

  it('has the rules read for it whatever the tenant is configured to, and waits where they cannot be read', async () => {
    const fault = { code: 'unavailable', class: 'transient', scope: 'tenant', effect: 'none' } as const;
    const prepare = (world: LaneWorld) => {
      world.tenant.interfere = (method) => (method === 'listRules' ? { fault } : undefined);
    };
    expect(await carriedOut(planned(), { prepare })).toMatchObject({ outcome: undefined, writes: 0 });
    expect(await carriedOut(planned({ exposes: null }), { prepare })).toMatchObject(APPLIED);
    expect(await carriedOut(undefined, { prepare })).toMatchObject(APPLIED);
  });
});

it.each([
  [true, false],
  [false, true],
])('rules are required where one of two changes that are taken together was planned: %s, %s', async (...planned) => {
  const world = createLaneWorld({ reach: 'deletes' });
  world.addGroup({ enabled: true });
  world.addApplications('11', '12');
  const changes = await world.acceptAll(adding('11'), adding('12'));
  for (const [index, record] of changes.entries()) {
    const plan = { hash: 'a'.repeat(64), resolved: [], exposes: [] };
    if (planned[index]) await world.ledger.writeChange({ ...record, plan }, record.version);
  }
  world.tenant.interfere = (method) => (method === 'listRules' ? { fault: UNREACHABLE } : undefined);
  await world.invoke(changes);
  expect([await world.endings(), world.tenant.writes.length]).toEqual([['open', 'open'], 0]);
});

describe('a plan and the customer and microtenant of its change', () => {
  const BARE: PlanBinding = { hash: 'b'.repeat(64), resolved: [''], exposes: null };
  const HERE = { ...BARE, lane: LANE, microtenantId: '0' };
  const create = { action: 'create', group: { name: 'Fresh' } };
  const byName = { ...named, set: { description: 'as approved' } };
  const outdated = (said = '') => ({
    outcome: {
      ...{ kind: 'rejected', code: 'plan-outdated', details: { plan: 'bbbbbbbbbbbb' } },
      sentence: expect.stringContaining(said),
    },
  });
  const lane = 'PRODUCTION:72057594037999999';

  it.each<[string, Record<string, unknown>, PlanBinding, object]>([
    ['agree', create, HERE, APPLIED],
    ['differ in the customer: nothing is asked of ZPA', create, { ...HERE, lane }, { ...outdated(lane), calls: 0 }],
    ['differ in the microtenant', create, { ...HERE, microtenantId: '111' }, { ...outdated('111'), calls: 0 }],
    ['of an earlier version, without any id, is outdated', create, BARE, { ...outdated(), calls: 0 }],
    [
      'of an earlier version, with an id of a create',
      create,
      { ...BARE, resolved: [GROUP] },
      { ...outdated(), calls: 0 },
    ],
    ['of an earlier version, by a name without an id', byName, BARE, outdated()],
    ['of an earlier version, by a name that led to an id', byName, { ...BARE, resolved: [GROUP] }, APPLIED],
    ['of an earlier version, by the id', describing(), { ...BARE, resolved: [] }, APPLIED],
  ])('%s', async (_, request, plan, seen) => {
    expect(await carriedOut(plan, { request })).toMatchObject(seen);
  });
});
