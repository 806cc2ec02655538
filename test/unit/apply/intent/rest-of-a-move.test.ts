import { describe, expect, it } from 'vitest';
import type { Rejection } from '../../../../shared/domain/outcome/outcome.ts';
import { GROUP } from '../lane-world.ts';
import { groupIn, laneOf, leave, OURS, updating, wroteAs } from './found-intent.ts';

const OTHER = '72057594037930002';
const known = { learned: { acme: { writer: OURS } } };

describe('the rest of a move that was certainly not sent', () => {
  it('goes on top of what somebody edited meanwhile, fields and all: nothing of it is in doubt', async () => {
    const world = laneOf({ applicationIds: ['10'] }, { id: OTHER, name: 'Annex', applicationIds: ['12'] });
    const { finish, outcome } = await leave(world, {
      writes: [
        updating({ ...groupIn(world, OTHER), applicationIds: ['11', '12'] }, { deletedApps: ['11'] }),
        updating(groupIn(world), { addedApps: ['11'], fields: { enabled: true } }),
      ],
      intent: { cursor: 1, sendBefore: 0, openSince: world.clock.now() - 5000 },
      lane: known,
    });
    world.tenant.edit(GROUP, { description: 'by hand' });
    await finish();
    expect(world.tenant.writes).toMatchObject([
      { groupId: GROUP, addedApps: ['11'], fields: { description: 'by hand', enabled: true } },
    ]);
    expect(await outcome()).toMatchObject({ kind: 'applied' });
  });
});

describe('a taking back that ZPA said yes to', () => {
  const why: Rejection = { kind: 'rejected', code: 'zpa-refused', sentence: 'ZPA refused it', remedy: 'Mend it.' };

  it('and that does not show is said: the application is in no group', async () => {
    const world = laneOf({ id: OTHER, name: 'Annex', applicationIds: ['12'] });
    const { finish, outcome, lane } = await leave(world, {
      writes: [updating(groupIn(world, OTHER), { addedApps: ['11'] })],
      intent: { cursor: 1, sendBefore: 0, takingBack: why, lookedAt: world.clock.now() - 60_000 },
      lane: { learned: { acme: { writer: 'known before' } } },
    });
    wroteAs(world, OTHER, { modifiedBy: 'known before' });
    await finish();
    expect(await outcome()).toMatchObject({
      code: 'zpa-refused',
      sentence:
        'ZPA refused it; ZPA said yes to taking it back, and 1 application segments do not show where they were',
      details: { applications: ['11'] },
    });
    expect(world.meter.total('LeftUngrouped')).toBe(1);
    expect(lane().learned).toEqual({ acme: { writer: 'known before' } });
  });

  it('and that shows says no more than why', async () => {
    const world = laneOf({ id: OTHER, name: 'Annex', applicationIds: ['12'] });
    const { finish, outcome } = await leave(world, {
      writes: [updating(groupIn(world, OTHER), { addedApps: ['11'] })],
      intent: { cursor: 1, sendBefore: 0, takingBack: why },
      lane: known,
    });
    wroteAs(world, OTHER, { applicationIds: ['11', '12'] });
    await finish();
    expect(await outcome()).toMatchObject({ sentence: 'ZPA refused it', remedy: 'Mend it.' });
    expect(world.meter.total('LeftUngrouped')).toBe(0);
  });
});
