import { describe, expect, it } from 'vitest';
import type { ZpaWrite } from '../../../../shared/domain/records/intent.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { failWrites } from '../interfere.ts';
import { GROUP, LANE, laneWith } from '../lane-world.ts';
import { LOST, refs, UNREACHABLE } from '../requests.ts';

const BROUGHT = {
  ...{ action: 'create', group: { name: 'Warehouse' }, ifExists: 'update', description: 'asked' },
  applications: refs('11'),
};
const updated = { kind: 'applied', effect: { groupId: GROUP, added: ['11'] } };

const aWorld = (configured: Record<string, unknown> = {}) => laneWith([], ['11', '12'], configured);

describe('a create that updates what exists', () => {
  it('writes the group it found by its id, leaves the rest as it is, and is told as the update that it is', async () => {
    const world = aWorld();
    world.addGroup({ enabled: true, applicationIds: ['12'] });
    expect(await world.play(BROUGHT)).toMatchObject({ ...updated, effect: { ...updated.effect, removed: [] } });
    expect(world.tenant.writes).toMatchObject([{ kind: 'update', groupId: GROUP, addedApps: ['11'], deletedApps: [] }]);
    expect(world.group()).toMatchObject({ description: 'asked', enabled: true, applicationIds: ['11', '12'] });
    const desired = await world.ledger.readDesired(LANE, GROUP);
    expect(desired).toMatchObject({ description: { value: 'asked' }, members: { 11: [1, 1] } });
    expect([desired?.enabled, desired?.complete]).toEqual([undefined, undefined]);
    expect(world.outcomes.published).toMatchObject([{ action: 'update', outcome: { kind: 'applied' } }]);
  });

  it('changes nothing the second time', async () => {
    const world = aWorld();
    world.addGroup({ description: 'asked', applicationIds: ['11'] });
    expect(await world.play(BROUGHT)).toMatchObject({ kind: 'unchanged', effect: { groupId: GROUP } });
    expect(world.tenant.writes).toEqual([]);
  });

  it.each([
    [['removals', 'deletes'], 'applied', 1],
    [['changes'], 'guarded', 0],
  ])('is guarded as an update: a group protected from %j', async (refuse, ending, writes) => {
    const world = aWorld({ guards: { protectedGroups: [{ groups: ['Warehouse'], refuse }] } });
    world.addGroup();
    await world.play(BROUGHT);
    expect([await world.endings(), world.tenant.writes.length]).toEqual([[ending], writes]);
  });

  it.each([
    [{}, 'ZPA refused the update: No.'],
    [{ mode: 'plan-only' }, expect.stringContaining('the update would be applied')],
  ])('says which write ZPA refused, or a tenant in plan-only mode would do: %j', async (settings, sentence) => {
    const world = aWorld(settings);
    world.addGroup();
    failWrites(world, 1, aFault({ code: 'refused', reason: 'No.' }));
    expect(await world.play(BROUGHT)).toMatchObject({ sentence });
  });

  it('is adopted where it created the group and the answer was lost', async () => {
    const world = aWorld();
    failWrites(world, 1, LOST, 'after');
    expect(await world.play(BROUGHT)).toMatchObject({
      ...{ kind: 'applied', effect: { before: null } },
      approved: { fields: { enabled: false }, members: { exactly: ['11'] } },
    });
    expect(world.tenant.writes).toMatchObject([{ kind: 'create' }]);
    expect(world.outcomes.published).toMatchObject([{ action: 'create' }]);
  });
});

describe('a name that was taken between the look and the create', () => {
  /** ZPA refuses the create because the name is taken; the group shows afterwards, or does not. */
  function refusing(shows = true) {
    const world = aWorld();
    const refused: ZpaWrite[] = [];
    world.tenant.interfere = (method, argument) => {
      if (method !== 'write' || (argument as ZpaWrite).kind !== 'create') return undefined;
      refused.push(argument as ZpaWrite);
      if (shows) world.addGroup();
      return { fault: aFault({ code: 'already-exists' }) };
    };
    return { world, refused };
  }

  it('leads to the update of the group that took it', async () => {
    const { world, refused } = refusing();
    expect(await world.play(BROUGHT)).toMatchObject(updated);
    expect([refused.length, world.written()]).toEqual([1, [GROUP]]);
    expect((await world.read('T-1')).attempts).toBe(0);
  });

  it.each([
    ['where no look shows the group', false, 'update'],
    ['for a create that does not update', true, 'reject'],
  ])('is an error at once %s', async (_, shows, ifExists) => {
    const { world, refused } = refusing(shows);
    expect(await world.play({ ...BROUGHT, ifExists })).toMatchObject({ kind: 'rejected', code: 'group-exists' });
    expect(refused).toHaveLength(1);
    const methods = world.tenant.calls.map(({ method }) => method);
    const looks = methods.slice(methods.indexOf('write')).filter((method) => method === 'findGroups');
    expect(looks).toHaveLength(ifExists === 'update' ? 1 : 0);
  });

  it('is looked up again in a later turn where it cannot be looked up now', async () => {
    const { world, refused } = refusing();
    const { interfere } = world.tenant;
    let looks = 0;
    world.tenant.interfere = (method, argument) => {
      if (method !== 'findGroups' || refused.length === 0) return interfere(method, argument);
      looks += 1;
      return looks === 1 ? { fault: UNREACHABLE } : undefined;
    };
    expect(await world.play(BROUGHT)).toMatchObject(updated);
    expect(refused).toHaveLength(1);
  });
});
