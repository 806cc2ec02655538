import { describe, expect, it } from 'vitest';
import { settleUnreadableAwaiting } from '../../../functions/apply/intent/settle-unknown.ts';
import { zpaOfLane } from '../../../functions/apply/lane/zpa-of-lane.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { redriveChange } from '../../../shared/ledger/redrive-change.ts';
import { anEnding, groupIn, type Left, laneOf, leave, moveOf, updating } from './intent/found-intent.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from './lane-world.ts';
import { OTHER, rename, upTo } from './requests.ts';

/**
 * The configuration is edited while changes are open: a change approved for one customer, in one microtenant, is never
 * carried out for another.
 */

const ELSEWHERE = { customerId: '72057594037999999' };
const notPermitted = { kind: 'rejected', code: 'not-permitted' };

/** Edits the tenant; `sibling` adds another tenant of acme's former customer. */
function edit(world: LaneWorld, to: Record<string, unknown>, { sibling = false } = {}) {
  const before = world.ports.configuration;
  const { acme } = before.tenants;
  const tenants = { acme: { ...acme, ...to }, ...(sibling && { sibling: acme }) };
  const { desk } = before.sources;
  const grants = desk?.grants.map((grant) => ({ ...grant, tenants: Object.keys(tenants) }));
  world.ports.configuration = configurationSchema.parse({ ...before, tenants, sources: { desk: { ...desk, grants } } });
}

/** It is redriven by no way before `back`, and then it is. */
async function expectRedrivenOnce(world: LaneWorld, named: string, back: () => void) {
  const change = await world.read('T-1');
  const refused = { kind: 'refused', refusal: { code: 'not-permitted', sentence: expect.stringContaining(named) } };
  expect(await redriveChange(world.ports, change.ref, 1)).toMatchObject(refused);
  await world.moveBack(change);
  expect(await world.read('T-1')).toMatchObject({ generation: 1, state: 'settled' });
  back();
  await world.moveBack(change);
  const reopened = await world.read('T-1');
  expect(reopened).toMatchObject({ generation: 2, state: 'queued' });
  await world.settle([reopened]);
  return world.outcome();
}

describe('changes whose tenant has another customer by now', () => {
  it.each([ELSEWHERE, { cloud: 'BETA' }])('are rejected in one invocation, and ZPA is not asked: %j', async (to) => {
    const world = createLaneWorld();
    const changes = await world.acceptAll(...upTo(40).map((n) => ({ ...rename, group: { id: `9${n}` } })));
    edit(world, to);
    expect(await world.invoke(changes.slice(0, 10))).toEqual([]);
    const said = { ...notPermitted, remedy: expect.stringContaining('Restore the tenant') };
    for (const n of upTo(40)) expect(await world.outcome(`T-${n}`)).toMatchObject(said);
    expect([world.tenant.calls, world.failures.sent.length]).toEqual([[], 40]);
  });

  it('are rejected although the lane is paused, since nobody can let a lane without tenant go on', async () => {
    const world = createLaneWorld();
    const changes = await world.acceptAll(rename);
    await world.setLane({ paused: { by: 'lena', reason: 'maintenance', since: 1 } });
    edit(world, ELSEWHERE);
    expect(await world.invoke(changes)).toEqual([]);
    expect(await world.endings()).toEqual(['not-permitted']);
  });

  it('are not redriven before the customer is back, by whatever way, and then they are', async () => {
    const world = laneOf({});
    const changes = await world.acceptAll(rename);
    const before = world.ports.configuration;
    edit(world, ELSEWHERE);
    await world.settle(changes);
    const outcome = await expectRedrivenOnce(world, LANE, () => {
      world.ports.configuration = before;
    });
    expect(outcome?.kind).toBe('applied');
  });
});

describe('an open intent whose tenant has another customer by now', () => {
  const unread = {
    ...{ kind: 'rejected', code: 'outcome-unknown', sentence: expect.stringContaining('cannot be read') },
    details: { group: { id: GROUP }, before: { name: 'Warehouse' }, intended: { name: 'Depot' }, live: null },
  };
  const renaming = (world: LaneWorld) => updating(groupIn(world), { fields: { name: 'Depot' } });
  const answered = (world: LaneWorld) => ({ cursor: 1, sendBefore: 0, answeredAt: world.clock.now() });

  async function settled(world: LaneWorld, ...left: Left[]) {
    const scene = await leave(world, ...left);
    await scene.session.releaseUnfinished();
    edit(world, ELSEWHERE);
    await world.settle(world.ledger.allChanges());
    expect(world.tenant.calls).toEqual([]);
    for (const field of ['intent', 'answered']) expect(await world.lane()).not.toHaveProperty(field);
  }

  it('is in doubt where its write got no answer, once ZPA cannot carry it out any more; nothing is read or sent', async () => {
    const world = laneOf({});
    const sendBefore = world.clock.now();
    const members = [{ ending: anEnding({ kind: 'unchanged' }) }, {}];
    await settled(world, { writes: [renaming(world)], members, intent: { sendBefore } });
    const second = await world.outcome('T-2');
    expect([await world.outcome(), second]).toMatchObject([{ kind: 'unchanged' }, unread]);
    expect(second?.at).toBeGreaterThanOrEqual(sendBefore + 80_000);
  });

  it.each([false, true])('is in doubt where ZPA said yes and nobody has looked (aside: %s)', async (aside) => {
    const world = laneOf({});
    await settled(world, { writes: [renaming(world)], awaitingReadBack: aside, intent: answered(world) });
    expect(await world.outcome()).toMatchObject({
      ...{ ...unread, sentence: expect.stringContaining('ZPA answered success') },
    });
  });

  it.each([
    ['not sent', 'write 2 of 2', { cursor: 1, sendBefore: 0 }],
    ['did not confirm', 'write 1 of 2', {}],
  ])('names what a move may have left without a group: %s, %s', async (sentence, move, intent) => {
    const world = laneOf({}, { id: OTHER, name: 'Second', applicationIds: ['11'] });
    await settled(world, { writes: moveOf(world, ['11']), intent });
    expect(await world.outcome()).toMatchObject({
      ...{ code: 'outcome-unknown', sentence: expect.stringContaining(sentence) },
      details: { move, mayBeUngrouped: ['11'] },
    });
    expect(world.meter.counts).toContainEqual(expect.objectContaining({ name: 'LeftUngrouped', value: 1 }));
  });

  it('gets no client, whoever asks', async () => {
    const { world, session } = await leave(laneOf({}), { writes: [] });
    expect(() => zpaOfLane({ ports: world.ports, session }, 'acme')).not.toThrow();
    edit(world, ELSEWHERE);
    expect(() => zpaOfLane({ ports: world.ports, session }, 'acme')).toThrow(LANE);
  });

  it('leaves an open intent of another tenant alone when it lies aside', async () => {
    const world = laneOf({}, { id: OTHER, name: 'Second' });
    const request = { ...rename, group: { id: OTHER }, tenant: 'sibling' };
    const scene = await leave(
      world,
      { writes: [renaming(world)], awaitingReadBack: true, intent: answered(world) },
      { writes: [updating(groupIn(world, OTHER))], members: [{ request }], intent: { tenant: 'sibling' } },
    );
    edit(world, ELSEWHERE, { sibling: true });
    await scene.readBack();
    expect(scene.lane()).toMatchObject({ intent: { tenant: 'sibling' } });
    expect(scene.lane()).not.toHaveProperty('answered');
    expect(await world.outcome()).toMatchObject({
      remedy: expect.stringContaining('the ZPA admin portal of that customer'),
    });
    expect([await world.endings(), world.tenant.calls]).toEqual([['outcome-unknown', 'open'], []]);
  });
});

it('of the intents that await their read-back, only those of a tenant that has another customer are in doubt', async () => {
  const world = laneOf({}, { id: OTHER, name: 'Second' });
  const intent = { cursor: 1, sendBefore: 0, answeredAt: world.clock.now() };
  const awaiting = (id: string, tenant: string): Left => ({
    ...{ writes: [updating(groupIn(world, id))], awaitingReadBack: true, intent: { ...intent, tenant } },
    members: [{ request: { ...rename, group: { id }, tenant } }],
  });
  const scene = await leave(world, awaiting(GROUP, 'acme'), awaiting(OTHER, 'sibling'));
  edit(world, ELSEWHERE, { sibling: true });
  await settleUnreadableAwaiting({ ports: world.ports, session: scene.session });
  expect(scene.lane().answered).toMatchObject([{ tenant: 'sibling' }]);
  expect(await world.endings()).toEqual(['outcome-unknown', 'open']);
});

type Microtenants = Record<string, string>;
const fresh = (microtenant?: string) => ({
  ...{ action: 'create', group: { name: 'Fresh' }, ...(microtenant !== undefined && { microtenant }) },
});

/** A change is accepted, and a worker comes once the microtenants have been edited. */
async function moved(before: Microtenants, named: string | undefined, after: Microtenants, isEarlier = false) {
  const world = createLaneWorld({ microtenants: before });
  let change = await world.accept('T-1', fresh(named));
  if (isEarlier) {
    // An earlier version did not store the microtenant.
    const { microtenantId: _, ...record } = change;
    await world.ledger.writeChange(record, record.version);
    change = await world.read('T-1');
  }
  edit(world, { microtenants: after });
  expect(await world.invoke([change])).toEqual([]);
  return { world, change, outcome: await world.outcome() };
}
const rejected = { ...notPermitted, remedy: expect.stringContaining('new approval') };
const inFirst = { kind: 'applied', approved: { microtenantId: '111' } };

describe('a change that the configuration would lead to another microtenant by now', () => {
  it.each<[Microtenants, string | undefined, Microtenants]>([
    [{ a: '111' }, 'a', { a: '222' }],
    [{ a: '111' }, 'a', {}],
    [{ a: '111' }, undefined, {}],
    [{ a: '111' }, undefined, { b: '222' }],
    [{}, undefined, { a: '111' }],
    [{}, undefined, { a: '111', b: '222' }],
    [{ a: '111' }, undefined, { a: '111', b: '222' }],
  ])('is rejected, and ZPA is not asked: %j, named %s, then %j', async (before, named, after) => {
    const { world, outcome } = await moved(before, named, after);
    expect(outcome).toMatchObject(rejected);
    expect(world.tenant.calls).toEqual([]);
  });

  it('says which microtenant it was accepted for, and where it would go', async () => {
    expect((await moved({ a: '111' }, 'a', { a: '222' })).outcome).toMatchObject({
      ...{ sentence: expect.stringMatching(/111.*222/), remedy: expect.stringContaining('111') },
    });
  });

  it('is not redriven before its microtenant is back, by whatever way, and then it is', async () => {
    const { world } = await moved({ a: '111' }, undefined, {});
    const back = () => edit(world, { microtenants: { a: '111' } });
    expect(await expectRedrivenOnce(world, '111', back)).toMatchObject(inFirst);
  });

  it('leaves alone the changes of a step that stay where they were', async () => {
    const world = createLaneWorld({ microtenants: { a: '111' } });
    world.addGroup({ id: '1', microtenantId: '111' });
    world.addApplications('11', '12');
    const add = (id: string) => ({ action: 'update', group: { id: '1' }, applications: { add: [{ id }] } });
    const changes = await world.acceptAll(add('11'), add('12'));
    const second = await world.read('T-2');
    await world.ledger.writeChange({ ...second, microtenantId: '222' }, second.version);
    expect(await world.invoke(changes)).toEqual([]);
    expect(await world.endings('T-1')).toEqual(['applied']);
    expect(await world.outcome('T-2')).toMatchObject(rejected);
  });
});

it.each<[string, Microtenants, boolean]>([
  ['whose microtenant has another name now', { b: '111' }, false],
  ['that an earlier version accepted', { a: '111' }, true],
])('a change %s is carried out where the configuration leads it', async (_, after, isEarlier) => {
  expect((await moved({ a: '111' }, undefined, after, isEarlier)).outcome).toMatchObject(inFirst);
});

it('a change that an earlier version accepted is refused where it names none of several', async () => {
  const { world, change, outcome } = await moved({ a: '111' }, undefined, { a: '111', b: '222' }, true);
  expect(outcome).toMatchObject({ ...rejected, sentence: expect.stringContaining('several') });
  expect(await redriveChange(world.ports, change.ref, 1)).toMatchObject({ kind: 'refused' });
  expect(world.tenant.calls).toEqual([]);
});
