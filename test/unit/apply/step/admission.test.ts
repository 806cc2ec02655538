import { describe, expect, it } from 'vitest';
import { createLaneWorld, GROUP, type LaneWorld } from '../lane-world.ts';

const adding = (...ids: string[]) => ({
  action: 'update',
  group: { id: GROUP },
  applications: { add: ids.map((id) => ({ id })) },
});
const kindOf = async (world: LaneWorld, key: string) => (await world.read(key)).outcome;

describe('changes that are rejected before ZPA is asked', () => {
  it('ask for something a newer version accepted and this one does not know', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const first = await world.accept('T-1', adding('11'));
    const strange = await world.accept('T-2', adding('12'));
    const change = Object.assign({}, strange.change, { onlyIfQuiet: true });
    await world.ledger.writeChange({ ...strange, change }, 1);
    world.addApplications('11', '12');
    await world.settle([first, strange]).catch(() => undefined);
    expect(await kindOf(world, 'T-1')).toMatchObject({ kind: 'applied' });
    expect(await kindOf(world, 'T-2')).toMatchObject({ kind: 'rejected', code: 'invalid-change', path: 'onlyIfQuiet' });
    expect(world.tenant.groups.get(GROUP)?.applicationIds).toEqual(['11']);
  });

  it('have a window that closed before their turn, to the millisecond', async () => {
    const world = createLaneWorld();
    world.addGroup();
    world.addApplications('11', '12');
    const at = (ms: number) => new Date(world.clock.now() + ms).toISOString();
    const late = await world.accept('T-1', { ...adding('11'), notAfter: at(0) });
    const early = await world.accept('T-2', { ...adding('12'), notAfter: at(60_000) });
    await world.settle([late, early]);
    expect(await kindOf(world, 'T-1')).toMatchObject({ kind: 'rejected', code: 'window-closed', path: 'notAfter' });
    expect(await kindOf(world, 'T-2')).toMatchObject({ kind: 'applied' });
    expect(world.tenant.groups.get(GROUP)?.applicationIds).toEqual(['12']);
  });

  it('belong to a tenant that is configured no more', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const change = await world.accept('T-1', { ...adding('11'), microtenant: 'gone' });
    await world.settle([change]);
    expect(await kindOf(world, 'T-1')).toMatchObject({ kind: 'rejected', code: 'not-permitted' });
    expect(world.tenant.calls).toHaveLength(0);
  });
});

describe('an intent that does not fit one ledger item', () => {
  const idsFrom = (first: number, count: number) =>
    Array.from({ length: count }, (_, index) => `${72057594038000000n + BigInt(first + index)}`);

  function worldOf(members: number, ...added: string[][]): LaneWorld {
    const world = createLaneWorld();
    world.addApplications(...added.flat());
    world.addGroup({ applicationIds: idsFrom(100_000, members) });
    return world;
  }

  it('is taken in smaller steps', async () => {
    const lists = [idsFrom(0, 500), idsFrom(500, 500)];
    const world = worldOf(18_500, ...lists);
    const changes = await Promise.all(lists.map((ids, index) => world.accept(`T-${index}`, adding(...ids))));
    await world.settle(changes);
    expect(world.tenant.writes.map((one) => one.kind === 'update' && one.addedApps)).toEqual(lists);
  });

  it('of one change alone rejects it, and the lane goes on', async () => {
    const world = worldOf(21_000, ['11']);
    expect(await world.invoke([await world.accept('T-1', adding('11'))])).toEqual([]);
    expect(await kindOf(world, 'T-1')).toMatchObject({
      kind: 'rejected',
      code: 'guarded',
      remedy: expect.stringContaining('Split it'),
    });
    expect(world.tenant.writes).toHaveLength(0);
  });
});
