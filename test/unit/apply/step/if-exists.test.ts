import { describe, expect, it } from 'vitest';
import type { ZpaWrite } from '../../../../shared/domain/records/intent.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../lane-world.ts';

const BROUGHT = {
  action: 'create',
  group: { name: 'Warehouse' },
  ifExists: 'update',
  description: 'asked',
  applications: [{ id: '11' }],
};

function aWorld(configured: Record<string, unknown> = {}): LaneWorld {
  const world = createLaneWorld(configured);
  world.addApplications('11', '12');
  return world;
}

async function settled(world: LaneWorld, asked: Record<string, unknown> = BROUGHT) {
  await world.settle([await world.accept('T-1', asked)]);
  return (await world.read('T-1')).outcome;
}

const taken = aFault({ code: 'already-exists', class: 'permanent', scope: 'change', effect: 'none' });

/** ZPA refuses the create because the name is taken; `meanwhile` runs before the next read. */
function refuseCreates(world: LaneWorld, meanwhile: () => void = () => undefined): ZpaWrite[] {
  const refused: ZpaWrite[] = [];
  world.tenant.interfere = (method, argument) => {
    const write = method === 'write' ? (argument as ZpaWrite) : undefined;
    if (write?.kind !== 'create') return undefined;
    refused.push(write);
    meanwhile();
    return { fault: taken };
  };
  return refused;
}

describe('a create that updates what exists', () => {
  it('writes the group it found by its id, and leaves the rest of it as it is', async () => {
    const world = aWorld();
    world.addGroup({ enabled: true, applicationIds: ['12'] });
    expect(await settled(world)).toMatchObject({
      kind: 'applied',
      effect: { groupId: GROUP, added: ['11'], removed: [] },
    });
    expect(world.tenant.writes).toMatchObject([{ kind: 'update', groupId: GROUP, addedApps: ['11'], deletedApps: [] }]);
    expect(world.tenant.groups.get(GROUP)).toMatchObject({
      description: 'asked',
      enabled: true,
      applicationIds: ['11', '12'],
    });
  });

  it('approves of the group what it states, and is told as the update that it is', async () => {
    const world = aWorld();
    world.addGroup({ enabled: true, applicationIds: ['12'] });
    await settled(world);
    const desired = await world.ledger.readDesired(LANE, GROUP);
    expect(desired).toMatchObject({ description: { value: 'asked' }, members: { 11: [1, 1] } });
    expect(desired?.enabled).toBeUndefined();
    expect(desired?.complete).toBeUndefined();
    expect(world.outcomes.published).toMatchObject([{ action: 'update', outcome: { kind: 'applied' } }]);
  });

  it('changes nothing the second time', async () => {
    const world = aWorld();
    world.addGroup({ description: 'asked', applicationIds: ['11'] });
    expect(await settled(world)).toMatchObject({ kind: 'unchanged', effect: { groupId: GROUP } });
    expect(world.tenant.writes).toEqual([]);
  });

  it('is guarded as an update: a protected group stays as it is', async () => {
    const protectedGroups = [{ groups: ['Warehouse'], refuse: ['removals', 'deletes'] }];
    const open = aWorld({ guards: { protectedGroups } });
    open.addGroup();
    expect(await settled(open)).toMatchObject({ kind: 'applied' });
    const closed = aWorld({ guards: { protectedGroups: [{ groups: ['Warehouse'], refuse: ['changes'] }] } });
    closed.addGroup();
    expect(await settled(closed)).toMatchObject({ kind: 'rejected', code: 'guarded' });
    expect(closed.tenant.writes).toEqual([]);
  });

  it('says of which write ZPA refused it, and which one a tenant in plan-only mode would do', async () => {
    const world = aWorld();
    world.addGroup();
    const fault = aFault({ code: 'refused', class: 'permanent', scope: 'change', effect: 'none', reason: 'No.' });
    world.tenant.interfere = (method) => (method === 'write' ? { fault } : undefined);
    expect(await settled(world)).toMatchObject({ code: 'zpa-refused', sentence: 'ZPA refused the update: No.' });
    const planOnly = aWorld({ mode: 'plan-only' });
    planOnly.addGroup();
    expect(await settled(planOnly)).toMatchObject({ sentence: expect.stringContaining('the update was decided') });
  });

  it('is adopted where it created the group and the answer was lost', async () => {
    const world = aWorld();
    let writes = 0;
    const fault = aFault({ code: 'timeout', class: 'transient', scope: 'tenant', effect: 'unknown' });
    world.tenant.interfere = (method) => {
      if (method !== 'write') return undefined;
      writes += 1;
      return writes === 1 ? { fault, effect: 'after' } : undefined;
    };
    expect(await settled(world)).toMatchObject({
      kind: 'applied',
      effect: { before: null },
      approved: { fields: { enabled: false }, members: { exactly: ['11'] } },
    });
    expect(world.tenant.writes).toMatchObject([{ kind: 'create' }]);
    expect(world.outcomes.published).toMatchObject([{ action: 'create' }]);
  });
});

describe('a name that was taken between the look and the create', () => {
  it('leads to the update of the group that took it', async () => {
    const world = aWorld();
    const refused = refuseCreates(world, () => world.addGroup());
    expect(await settled(world)).toMatchObject({ kind: 'applied', effect: { groupId: GROUP, added: ['11'] } });
    expect(refused).toHaveLength(1);
    expect(world.tenant.writes).toMatchObject([{ kind: 'update', groupId: GROUP }]);
    expect((await world.read('T-1')).attempts).toBe(0);
  });

  it('is an error where no look shows the group', async () => {
    const world = aWorld();
    const refused = refuseCreates(world);
    expect(await settled(world)).toMatchObject({ kind: 'rejected', code: 'group-exists' });
    expect(refused).toHaveLength(1);
  });

  it('is looked up again in a later turn where it cannot be looked up now', async () => {
    const world = aWorld();
    const refused = refuseCreates(world, () => world.addGroup());
    const create = world.tenant.interfere;
    let looks = 0;
    world.tenant.interfere = (method, argument) => {
      if (method !== 'findGroups' || refused.length === 0) return create(method, argument);
      looks += 1;
      return looks === 1 ? { fault: aFault({ code: 'unreachable', class: 'transient', scope: 'tenant' }) } : undefined;
    };
    expect(await settled(world)).toMatchObject({ kind: 'applied', effect: { groupId: GROUP } });
    expect(refused).toHaveLength(1);
  });

  it('is an error at once for a create that does not update', async () => {
    const world = aWorld();
    const refused = refuseCreates(world, () => world.addGroup());
    expect(await settled(world, { ...BROUGHT, ifExists: 'reject' })).toMatchObject({ code: 'group-exists' });
    expect(refused).toHaveLength(1);
  });
});
