import { describe, expect, it } from 'vitest';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import { createLaneWorld, GROUP, type LaneWorld } from './lane-world.ts';

/** A source that only newer settings know asks for a change while a worker works by older ones. */
const rename = (name: string) => ({ action: 'update', group: { id: GROUP }, set: { name } });

async function acceptBy(world: LaneWorld, settingsVersion: number, at = world.clock.now()) {
  const record = await world.accept(`V-${settingsVersion}`, rename(`By ${settingsVersion}`), at, 'fresh');
  await world.ledger.writeChange({ ...record, settingsVersion }, record.version);
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
    const change = await acceptBy(world, 2, world.clock.now() - TIMING.functionTimeoutMs);
    load(world, 1, { knows: false });
    expect(await world.invoke([change])).toEqual([]);
    expect((await world.ledger.readChange(change.ref))?.outcome).toMatchObject({
      kind: 'rejected',
      code: 'not-permitted',
      settingsVersion: 1,
    });
  });

  it('does not keep a worker without versions from its work', async () => {
    const world = createLaneWorld();
    world.addGroup({ id: GROUP, name: 'Depot' });
    const change = await world.accept('T-1', rename('Store'));
    expect(await world.invoke([change])).toEqual([]);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'applied' });
  });
});
