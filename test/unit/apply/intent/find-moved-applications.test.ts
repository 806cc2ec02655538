import { describe, expect, it } from 'vitest';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../lane-world.ts';

const OTHER = '72057594037930002';
const adding = (id: string) => ({ action: 'update', group: { id: GROUP }, applications: { add: [{ id }] } });
const lost = aFault({ code: 'timeout', class: 'transient', scope: 'tenant', effect: 'unknown' });

/** A colleague puts an application into another group: ZPA takes it out of ours, and leaves our stamp there. */
function moveByHand(world: LaneWorld, id: string) {
  const ours = world.tenant.groups.get(GROUP);
  if (ours !== undefined) ours.applicationIds = ours.applicationIds.filter((one) => one !== id);
  world.tenant.edit(OTHER, { applicationIds: [...(world.tenant.groups.get(OTHER)?.applicationIds ?? []), id] });
}

/** `provenBy`: memberships that were written and read back before. */
async function build({ provenBy = 1 } = {}): Promise<LaneWorld> {
  const world = createLaneWorld();
  world.addGroup({ modifiedBy: '1', modifiedTime: 1_700_000_000 });
  world.addGroup({ id: OTHER, name: 'Annex' });
  world.addApplications('11', '12', '13', '14');
  for (const id of ['11', '12'].slice(0, provenBy)) {
    await world.settle([await world.accept(`P-${id}`, adding(id))]);
    await world.clock.advance(5000);
  }
  return world;
}

const outcomeOf = async (world: LaneWorld, key: string) => (await world.read(key)).outcome;

describe('an application that was added and moved on by hand before the look', () => {
  it('was in effect and is overtaken, said at once', async () => {
    const world = await build();
    world.tenant.interfere = (method) => {
      const added = world.tenant.groups.get(GROUP)?.applicationIds.includes('13');
      if (method === 'getGroup' && added) moveByHand(world, '13');
      return undefined;
    };
    const started = world.clock.now();
    await world.settle([await world.accept('T-1', adding('13'))]);
    expect(await outcomeOf(world, 'T-1')).toMatchObject({ kind: 'applied', overtaken: [{ field: 'applications' }] });
    expect(world.clock.now() - started).toBeLessThan(20_000);
    expect(world.tenant.groups.get(OTHER)?.applicationIds).toEqual(['13']);
  });

  it('was in effect too when our write got no answer', async () => {
    const world = await build();
    let writes = 0;
    world.tenant.interfere = (method) => {
      if (method === 'write') {
        writes += 1;
        return writes === 1 ? { fault: lost, effect: 'after' } : undefined;
      }
      if (world.tenant.groups.get(GROUP)?.applicationIds.includes('13')) moveByHand(world, '13');
      return undefined;
    };
    await world.settle([await world.accept('T-1', adding('13'))]);
    expect(await outcomeOf(world, 'T-1')).toMatchObject({ kind: 'applied', overtaken: [{ field: 'applications' }] });
    expect(writes).toBe(1);
  });
});

describe('what a read-back teaches of who we are', () => {
  it('is taken back by a read-back that says otherwise', async () => {
    const world = await build({ provenBy: 0 });
    const writerOf = async () => (await world.ledger.readLane(LANE)).learned.acme?.writer;
    world.tenant.interfere = (method) => {
      if (method === 'getGroup' && world.tenant.writes.length === 1) world.tenant.edit(GROUP, {});
      return undefined;
    };
    await world.settle([await world.accept('T-1', adding('11'))]);
    const colleague = await writerOf();
    world.tenant.interfere = () => undefined;
    await world.settle([await world.accept('T-2', adding('12'))]);
    expect(await writerOf()).toBeUndefined();
    await world.settle([await world.accept('T-3', adding('13'))]);
    expect(await writerOf()).not.toBe(colleague);
  });
});
