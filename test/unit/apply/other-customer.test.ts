import { describe, expect, it } from 'vitest';
import { zpaOfLane } from '../../../functions/apply/lane/zpa-of-lane.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { redriveChange } from '../../../shared/ledger/redrive-change.ts';
import { anEnding, groupIn, type Left, laneOf, leave, updating } from './intent/found-intent.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from './lane-world.ts';

/**
 * The configuration is edited while changes are open: a change approved for one customer is never carried out for
 * another.
 */

const OTHER = '72057594037999999';
const rename = (name: string) => ({ action: 'update', group: { id: GROUP }, set: { name } });
const notPermitted = { kind: 'rejected', code: 'not-permitted', remedy: expect.stringContaining('back') };

/** Edits the tenant; `sibling` adds another tenant of acme's former customer. */
function edit(world: LaneWorld, to: Record<string, unknown>, { sibling = false } = {}) {
  const before = world.ports.configuration;
  const { acme } = before.tenants;
  const tenants = { acme: { ...acme, ...to }, ...(sibling && { sibling: acme }) };
  const { desk } = before.sources;
  const grants = desk?.grants.map((grant) => ({ ...grant, tenants: Object.keys(tenants) }));
  world.ports.configuration = configurationSchema.parse({ ...before, tenants, sources: { desk: { ...desk, grants } } });
}

const outcomes = (world: LaneWorld, changes: readonly ChangeRecord[]) =>
  Promise.all(changes.map(async ({ ref }) => (await world.read(ref.idempotencyKey, ref.tenant)).outcome));

async function fortyUpdates(world: LaneWorld): Promise<ChangeRecord[]> {
  const changes: ChangeRecord[] = [];
  for (let n = 1; n <= 40; n += 1) {
    world.addGroup({ id: `9${n}`, name: `G${n}` });
    changes.push(await world.accept(`T-${n}`, { ...rename(`N${n}`), group: { id: `9${n}` } }));
  }
  return changes;
}

describe('changes whose tenant has another customer by now', () => {
  it.each([{ customerId: OTHER }, { cloud: 'BETA' }])(
    'are rejected in one invocation, and ZPA is not asked: %j',
    async (to) => {
      const world = createLaneWorld();
      const changes = await fortyUpdates(world);
      edit(world, to);
      expect(await world.invoke(changes.slice(0, 10))).toEqual([]);
      expect(await outcomes(world, changes)).toEqual(changes.map(() => expect.objectContaining(notPermitted)));
      expect(world.tenant.calls).toEqual([]);
      expect(world.failures.sent).toHaveLength(40);
    },
  );

  it('are rejected although the lane is paused, since nobody can let a lane without tenant go on', async () => {
    const world = createLaneWorld();
    const change = await world.accept('T-1', rename('Depot'));
    const lane = await world.ledger.readLane(LANE);
    await world.ledger.writeLane({ ...lane, paused: { by: 'lena', reason: 'maintenance', since: 1 } }, 0);
    edit(world, { customerId: OTHER });
    expect(await world.invoke([change])).toEqual([]);
    expect(await outcomes(world, [change])).toMatchObject([notPermitted]);
  });

  it('are not redriven before the customer is back, by whatever way, and then they are', async () => {
    const world = laneOf({});
    const change = await world.accept('T-1', rename('Depot'));
    const before = world.ports.configuration;
    edit(world, { customerId: OTHER });
    await world.settle([change]);
    const refused = { kind: 'refused', refusal: { code: 'not-permitted', sentence: expect.stringContaining(LANE) } };
    expect(await redriveChange(world.ports, change.ref, 1)).toMatchObject(refused);
    await world.moveBack(change);
    expect(await world.read('T-1')).toMatchObject({ generation: 1, state: 'settled' });
    world.ports.configuration = before;
    await world.moveBack(change);
    const reopened = await world.read('T-1');
    expect(reopened).toMatchObject({ generation: 2, state: 'queued' });
    await world.settle([reopened]);
    expect(await outcomes(world, [change])).toMatchObject([{ kind: 'applied' }]);
  });
});

describe('an open intent whose tenant has another customer by now', () => {
  const [applied, unchanged] = [anEnding(), anEnding({ kind: 'unchanged' })];
  const unread = {
    kind: 'rejected',
    code: 'outcome-unknown',
    sentence: expect.stringContaining('cannot be read'),
    details: { group: { id: GROUP }, before: { name: 'Warehouse' }, intended: { name: 'Depot' }, live: null },
  };

  async function settled(world: LaneWorld, ...left: Left[]) {
    const scene = await leave(world, ...left);
    await scene.session.releaseUnfinished();
    edit(world, { customerId: OTHER });
    const records = world.ledger.allChanges();
    await world.settle(records);
    expect(world.tenant.calls).toEqual([]);
    expect(await world.ledger.readLane(LANE)).not.toHaveProperty('intent');
    expect(await world.ledger.readLane(LANE)).not.toHaveProperty('answered');
    return outcomes(world, records);
  }

  it('is in doubt where its write got no answer, once ZPA cannot carry it out any more; nothing is read or sent', async () => {
    const world = laneOf({});
    const sentAt = world.clock.now();
    const write = updating(groupIn(world), { fields: { name: 'Depot' } });
    const members = [{ ending: unchanged }, { ending: applied }];
    const [first, second] = await settled(world, { writes: [write], members, intent: { sendBefore: sentAt } });
    expect([first, second]).toMatchObject([{ kind: 'unchanged' }, unread]);
    expect(second?.at).toBeGreaterThanOrEqual(sentAt + 80_000);
  });

  it('is in doubt where ZPA said yes and nobody has looked, open or aside', async () => {
    for (const aside of [false, true]) {
      const world = laneOf({});
      const write = updating(groupIn(world), { fields: { name: 'Depot' } });
      const intent = { cursor: 1, sendBefore: 0, answeredAt: world.clock.now() };
      expect(await settled(world, { writes: [write], awaitingReadBack: aside, intent })).toMatchObject([
        { ...unread, sentence: expect.stringContaining('ZPA answered success') },
      ]);
    }
  });

  it.each([
    ['not sent', 'write 2 of 2', { cursor: 1, sendBefore: 0 }],
    ['no definite answer', 'write 1 of 2', {}],
  ])('names what a move may have left without a group: %s, %s', async (sentence, move, intent) => {
    const world = laneOf({ applicationIds: ['11'] }, { id: '2', name: 'Second' });
    const writes = [
      updating(groupIn(world), { deletedApps: ['11'] }),
      updating(groupIn(world, '2'), { addedApps: ['11'] }),
    ];
    expect(await settled(world, { writes, intent })).toMatchObject([
      {
        code: 'outcome-unknown',
        sentence: expect.stringContaining(sentence),
        details: { move, mayBeUngrouped: ['11'] },
      },
    ]);
    expect(world.meter.counts).toContainEqual(expect.objectContaining({ name: 'LeftUngrouped', value: 1 }));
  });

  it('gets no client, whoever asks', async () => {
    const { world, session } = await leave(laneOf({}), { writes: [] });
    expect(() => zpaOfLane(world.ports, session, 'acme')).not.toThrow();
    edit(world, { customerId: OTHER });
    expect(() => zpaOfLane(world.ports, session, 'acme')).toThrow(LANE);
  });

  it('leaves an open intent of another tenant alone when it lies aside', async () => {
    const world = laneOf({}, { id: '2', name: 'Second' });
    const aside = updating(groupIn(world), { fields: { name: 'Depot' } });
    const open = updating(groupIn(world, '2'), { fields: { name: 'Annex' } });
    const scene = await leave(
      world,
      { writes: [aside], awaitingReadBack: true, intent: { cursor: 1, sendBefore: 0, answeredAt: world.clock.now() } },
      {
        writes: [open],
        members: [{ request: { ...rename('Annex'), group: { id: '2' }, tenant: 'sibling' } }],
        intent: { tenant: 'sibling' },
      },
    );
    edit(world, { customerId: OTHER }, { sibling: true });
    await scene.readBack();
    expect(scene.lane()).toMatchObject({ intent: { tenant: 'sibling' } });
    expect(scene.lane()).not.toHaveProperty('answered');
    expect(await outcomes(world, world.ledger.allChanges())).toMatchObject([{ code: 'outcome-unknown' }, undefined]);
    expect(world.tenant.calls).toEqual([]);
  });
});
