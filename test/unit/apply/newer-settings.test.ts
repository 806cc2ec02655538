import { describe, expect, it } from 'vitest';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { redriveChange } from '../../../shared/ledger/redrive-change.ts';
import { createLaneWorld, GROUP, type LaneWorld } from './lane-world.ts';

/** A source that only newer settings know asks for a change while a worker works by older ones. */
const rename = (name: string) => ({ action: 'update', group: { id: GROUP }, set: { name } });

type Accepted = { key?: string; source?: string; group?: string };
async function acceptBy(
  world: LaneWorld,
  settingsVersion: number,
  { key = `V-${settingsVersion}`, source = 'fresh', group = GROUP }: Accepted = {},
) {
  const record = await world.accept(
    key,
    { action: 'update', group: { id: group }, set: { description: `By ${key}` } },
    world.clock.now(),
    source,
  );
  await world.ledger.writeChange({ ...record, settingsVersion }, record.version);
  return record;
}

async function stored({ ledger }: LaneWorld, { ref }: Pick<ChangeRecord, 'ref'>): Promise<ChangeRecord> {
  const record = await ledger.readChange(ref);
  if (record === undefined) throw new Error('it was accepted');
  return record;
}

/** The next invocation works by this version, which may know the source. */
function load(world: LaneWorld, settingsVersion: number, { knows }: { knows: boolean }): void {
  const { sources, ...rest } = world.ports.configuration;
  const { desk } = sources;
  const known = desk !== undefined && knows ? { desk, fresh: desk } : sources;
  world.ports.configuration = { ...rest, sources: known, settingsVersion };
}

describe('a change that was accepted by newer settings than the worker has', () => {
  it('waits for an invocation that has them, and is not judged by the older ones', async () => {
    const world = createLaneWorld();
    world.addGroup({ id: GROUP, name: 'Depot' });
    const change = await acceptBy(world, 2);
    load(world, 1, { knows: false });
    expect(await world.invoke([change])).not.toEqual([]);
    expect(await world.ledger.readChange(change.ref)).toMatchObject({ state: 'queued', attempts: 0 });
    expect(world.tenant.calls).toEqual([]);
    load(world, 2, { knows: true });
    expect(await world.invoke([change])).toEqual([]);
    expect((await world.ledger.readChange(change.ref))?.outcome).toMatchObject({ kind: 'applied', settingsVersion: 2 });
  });

  it('is judged by the last good ones if these cannot be loaded for longer than an invocation lasts', async () => {
    const world = createLaneWorld();
    const change = await acceptBy(world, 2);
    load(world, 1, { knows: false });
    await world.invoke([change]);
    await world.clock.advance(TIMING.functionTimeoutMs);
    expect(await world.invoke([change])).toEqual([]);
    expect((await world.ledger.readChange(change.ref))?.outcome).toMatchObject({
      kind: 'rejected',
      code: 'not-permitted',
      settingsVersion: 1,
    });
  });

  it('holds up only what must not overtake it', async () => {
    const world = createLaneWorld();
    world.addGroup({ id: GROUP, name: 'Depot' });
    world.addGroup({ id: '500', name: 'Annex' });
    const before = await acceptBy(world, 1, { key: 'before', source: 'desk' });
    const ahead = await acceptBy(world, 2);
    const behind = await acceptBy(world, 1, { key: 'behind', source: 'desk' });
    const beside = await acceptBy(world, 1, { key: 'beside', source: 'desk', group: '500' });
    load(world, 1, { knows: false });
    expect(await world.invoke([before, ahead, behind, beside])).toHaveLength(2);
    const states = [before, ahead, behind, beside].map(async ({ ref }) => (await world.ledger.readChange(ref))?.state);
    expect(await Promise.all(states)).toEqual(['settled', 'queued', 'queued', 'settled']);
    load(world, 2, { knows: true });
    await world.settle([ahead, behind]);
    expect(world.tenant.groups.get(GROUP)?.description).toBe('By behind');
  });

  it('is carried out within the hour though more of them keep coming, and the worker never gets the version', async () => {
    const world = createLaneWorld();
    world.addGroup({ id: GROUP, name: 'Depot' });
    load(world, 1, { knows: false });
    const all = [await acceptBy(world, 1, { key: 'old', source: 'desk' })];
    for (let minute = 0; minute < 60; minute += 1) {
      all.push(await acceptBy(world, 2, { key: `new-${minute}`, source: 'desk' }));
      for (let half = 0; half < 2; half += 1) {
        await world.invoke(all);
        await world.clock.advance(29_000);
      }
    }
    expect((await world.read('old')).state).toBe('settled');
    expect((await world.read('new-50')).state).toBe('settled');
  });

  it('is not received so often meanwhile that the queue would take its message away', async () => {
    const world = createLaneWorld();
    world.addGroup({ id: GROUP, name: 'Depot' });
    load(world, 1, { knows: false });
    const record = await acceptBy(world, 2, { source: 'desk' });
    let receives = 0;
    while (receives < TIMING.maxReceiveCount && (await world.invoke([record])).length > 0) {
      receives += 1;
      // A warm invocation that reads and releases the lane takes 50 ms.
      await world.clock.advance((world.deferral.deferred.at(-1)?.delayMs ?? 0) + 50);
    }
    expect(receives).toBeLessThan(TIMING.maxReceiveCount / 10);
  });

  describe.each([
    ['agrees', 0],
    ['is two minutes behind', -120_000],
    ['is two minutes ahead', 120_000],
  ])('and was redriven by them on a machine whose clock %s', (_, skewMs) => {
    /** The worker under way has the older settings, by which it rejected the change. */
    async function redriven() {
      const world = createLaneWorld();
      world.addGroup({ id: GROUP, name: 'Depot' });
      const accepted = await acceptBy(world, 1);
      load(world, 1, { knows: false });
      await world.settle([accepted]);
      const { outcome } = await stored(world, accepted);
      expect(outcome).toMatchObject({ code: 'not-permitted' });
      const older = world.ports.configuration;
      load(world, 2, { knows: true });
      const ports = { ...world.ports, clock: { now: () => world.clock.now() + skewMs } };
      const { kind } = await redriveChange(ports, accepted.ref, 1);
      expect(kind).toBe('reopen');
      world.ports.configuration = older;
      const record = await stored(world, accepted);
      expect(await world.invoke([record])).not.toEqual([]);
      expect(await stored(world, record)).toMatchObject({ state: 'queued', generation: 2 });
      return { world, record };
    }

    it('waits too, and is judged by them', async () => {
      const { world, record } = await redriven();
      load(world, 2, { knows: true });
      await world.settle([record]);
      const { outcome } = await stored(world, record);
      expect(outcome).toMatchObject({ kind: 'applied', settingsVersion: 2 });
    });

    it('waits no longer than a minute', async () => {
      const { world, record } = await redriven();
      await world.clock.advance(TIMING.functionTimeoutMs);
      await world.invoke([record]);
      const { outcome } = await stored(world, record);
      expect(outcome).toMatchObject({ kind: 'rejected', settingsVersion: 1 });
    });
  });

  it('is looked at again within five seconds, by another invocation', async () => {
    const world = createLaneWorld();
    const change = await acceptBy(world, 2);
    load(world, 1, { knows: false });
    const began = world.clock.now();
    expect(await world.invoke([change])).toHaveLength(1);
    expect(world.clock.now() - began).toBe(5000);
    const deferred = world.log.lines.filter(({ message }) => message === 'deferred');
    expect(deferred.map(({ fields }) => fields.reason)).toEqual(['again']);
  });

  it.each([
    ['without versions', undefined, undefined],
    ['without versions, also where it was accepted by one', undefined, 2],
    ['from a change that was accepted without one', 1, undefined],
  ])('does not keep a worker %s from its work', async (_, own, newer) => {
    const world = createLaneWorld();
    world.addGroup({ id: GROUP, name: 'Depot' });
    if (own !== undefined) load(world, own, { knows: false });
    const change =
      newer === undefined
        ? await world.accept('T-1', rename('Store'))
        : await acceptBy(world, newer, { key: 'T-1', source: 'desk' });
    expect(await world.invoke([change])).toEqual([]);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'applied' });
  });
});
