import { describe, expect, it } from 'vitest';
import { failWrites } from '../interfere.ts';
import { createLaneWorld, GROUP, type LaneWorld } from '../lane-world.ts';
import { adding, LONG_AGO, LOST, OTHER } from '../requests.ts';

/** A colleague puts an application into another group: ZPA takes it out of ours, and leaves our stamp there. */
function moveByHand(world: LaneWorld, id: string) {
  const ours = world.tenant.groups.get(GROUP);
  if (ours !== undefined) ours.applicationIds = ours.applicationIds.filter((one) => one !== id);
  world.tenant.edit(OTHER, { applicationIds: [...(world.tenant.groups.get(OTHER)?.applicationIds ?? []), id] });
}

/** `provenBy`: memberships that were written and read back before. */
async function build({ provenBy = 1 } = {}): Promise<LaneWorld> {
  const world = createLaneWorld();
  world.addGroup({ modifiedBy: '1', modifiedTime: LONG_AGO });
  world.addGroup({ id: OTHER, name: 'Annex' });
  world.addApplications('11', '12', '13', '14');
  for (const id of ['11', '12'].slice(0, provenBy)) {
    await world.settle([await world.accept(`P-${id}`, adding(id))]);
    await world.clock.advance(5000);
  }
  return world;
}

describe('an application that was added and moved on by hand before the look', () => {
  it('was in effect and is overtaken, said at once', async () => {
    const world = await build();
    world.tenant.interfere = (method) => {
      const added = world.tenant.groups.get(GROUP)?.applicationIds.includes('13');
      if (method === 'getGroup' && added) moveByHand(world, '13');
      return undefined;
    };
    const started = world.clock.now();
    expect(await world.play(adding('13'))).toMatchObject({ kind: 'applied', overtaken: [{ field: 'applications' }] });
    expect(world.clock.now() - started).toBeLessThan(20_000);
    expect(world.tenant.groups.get(OTHER)?.applicationIds).toEqual(['13']);
  });

  it('was in effect too when our write got no answer', async () => {
    const world = await build();
    world.tenant.interfere = (method) => {
      if (method !== 'write' && world.group()?.applicationIds.includes('13')) moveByHand(world, '13');
      return undefined;
    };
    const { writes } = world.tenant;
    const before = writes.length;
    failWrites(world, 1, LOST, 'after');
    expect(await world.play(adding('13'))).toMatchObject({ kind: 'applied', overtaken: [{ field: 'applications' }] });
    expect(writes.length - before).toBe(1);
  });
});

describe('what a read-back teaches of who we are', () => {
  it('is taken back by a read-back that says otherwise', async () => {
    const world = await build({ provenBy: 0 });
    const writerOf = async () => (await world.lane()).learned.acme?.writer;
    world.tenant.interfere = (method) => {
      if (method === 'getGroup' && world.tenant.writes.length === 1) world.tenant.edit(GROUP, {});
      return undefined;
    };
    await world.play(adding('11'));
    const colleague = await writerOf();
    world.tenant.interfere = () => undefined;
    await world.play(adding('12'));
    expect(await writerOf()).toBeUndefined();
    await world.play(adding('13'));
    expect(await writerOf()).not.toBe(colleague);
  });
});
