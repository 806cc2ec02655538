import { describe, expect, it } from 'vitest';
import { GROUP } from '../lane-world.ts';
import { groupIn, type Left, laneOf, leave, OURS, setMembership, updating, wroteAs } from './found-intent.ts';

const OTHER = '72057594037930002';

describe('a tenant that honours the deltas of v2 does not stop', () => {
  it('where a colleague undid the write', async () => {
    const world = laneOf({ applicationIds: ['11'] });
    const { finish, outcome, lane } = await leave(world, {
      writes: [updating(groupIn(world), { addedApps: ['13'] })],
      intent: { cursor: 1, sendBefore: 0, lookedAt: 0 },
      lane: { learned: { acme: { writer: OURS } } },
    });
    world.tenant.edit(GROUP, {});
    await finish();
    expect(await outcome()).toMatchObject({ kind: 'applied', overtaken: [{ field: 'applications' }] });
    expect(lane()).not.toHaveProperty('stopped');
  });

  it('where a move was put back by a colleague', async () => {
    const world = laneOf({ applicationIds: ['11'] }, { id: OTHER, name: 'Annex' });
    const left: Left = {
      writes: [
        updating(groupIn(world), { deletedApps: ['11'] }),
        updating(groupIn(world, OTHER), { addedApps: ['11'] }),
      ],
      intent: { cursor: 2, sendBefore: 0, lookedAt: 0 },
      lane: { learned: { acme: { writer: OURS } } },
    };
    const { finish, outcome, lane } = await leave(world, left);
    world.tenant.edit(GROUP, {});
    wroteAs(world, OTHER, {});
    await finish();
    expect(await outcome()).toMatchObject({ kind: 'applied' });
    expect(lane()).not.toHaveProperty('stopped');
  });
});

describe('writes stored by an earlier version', () => {
  it('go on by the way they name: memberships that v1 has carried out after v2', async () => {
    const world = laneOf({ applicationIds: ['11'] });
    const planned = updating(groupIn(world), { addedApps: ['13'] });
    const { finish, outcome } = await leave(world, {
      writes: [planned, { ...planned, write: { ...planned.write, via: 'v1' } as typeof planned.write }],
      intent: { cursor: 1, sendBefore: 0 },
      lane: { learned: JSON.parse(`{"acme":{"writer":"${OURS}","via":"v1"}}`) },
    });
    wroteAs(world, GROUP, {});
    setMembership(world, 'v1');
    await finish();
    expect(await outcome()).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(world.tenant.writes).toMatchObject([{ via: 'v1' }]);
  });
});
