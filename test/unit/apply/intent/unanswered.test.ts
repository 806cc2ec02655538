import { describe, expect, it } from 'vitest';
import { anApplied } from '../../../fakes/records.ts';
import { wrapZpa } from '../interfere.ts';
import { GROUP, type LaneWorld } from '../lane-world.ts';
import { OTHER } from '../requests.ts';
import {
  anEnding,
  COLLEAGUE,
  groupIn,
  KNOWING,
  laneOf,
  leave,
  OURS,
  updating,
  watch,
  wroteAs,
} from './found-intent.ts';

describe('a create without an answer', () => {
  const content = { name: 'Annex', description: '', enabled: true, configSpace: 'DEFAULT', applicationIds: ['11'] };
  const create = { write: { kind: 'create', microtenantId: '0', ...content }, before: null } as const;
  const ours = (world: LaneWorld) => ({
    ...content,
    creationTime: Math.floor(world.clock.now() / 1000) - 80,
    modifiedBy: OURS,
  });
  const creates = anEnding({ effect: { ...anApplied().effect, groupId: 'new', before: null } });
  const left = {
    writes: [{ ...create, write: { ...create.write, applicationIds: ['11'] } }],
    members: [{ ending: creates }],
    lane: KNOWING,
  };

  it('is adopted on a read of the group itself: a listing may leave fields out', async () => {
    const world = laneOf();
    const { ends } = await leave(world, left);
    world.addGroup({ id: '800', ...ours(world) });
    wrapZpa(world, (zpa) => ({
      findGroups: async (...args) => (await zpa.findGroups(...args)).map((one) => ({ ...one, applicationIds: [] })),
    }));
    expect(await ends()).toMatchObject({ kind: 'applied', effect: { groupId: '800' } });
  });

  it('that may be a colleague’s does not teach who we are', async () => {
    const world = laneOf();
    const { ends, lane } = await leave(world, { ...left, lane: {} });
    world.addGroup({ id: '800', ...ours(world), modifiedBy: COLLEAGUE });
    expect((await ends())?.kind).toBe('applied');
    expect(lane().learned).toEqual({});
  });

  it('is not adopted where two bear its name', async () => {
    const world = laneOf();
    const { ends } = await leave(world, left);
    world.addGroup({ id: '800', ...ours(world) });
    world.addGroup({ id: '801', ...ours(world), modifiedBy: COLLEAGUE });
    expect(await ends()).toMatchObject({
      kind: 'rejected',
      code: 'group-exists',
      details: {
        before: null,
        intended: { name: 'Annex', applicationCount: 1 },
        live: { id: '800', modifiedBy: OURS },
      },
    });
    expect(world.tenant.writes).toEqual([]);
  });

  it('may be what was renamed since: said, with what was found', async () => {
    const world = laneOf();
    const { ends } = await leave(world, left);
    world.addGroup({ id: '800', ...ours(world), name: 'Hazel' });
    expect(await ends()).toMatchObject({
      code: 'outcome-unknown',
      details: { writeId: 'write-1', live: { id: '800', name: 'Hazel' } },
    });
  });
});

describe('a single write in doubt', () => {
  it('is not put on top of an edit: whether it took effect is for people to find out', async () => {
    const world = laneOf({ applicationIds: ['10'] });
    const { ends } = await leave(world, { writes: [updating(groupIn(world), { addedApps: ['11'] })] });
    world.tenant.edit(GROUP, { description: 'by hand' });
    const calls = watch(world);
    expect(await ends()).toMatchObject({ code: 'outcome-unknown' });
    expect(calls.map(({ method }) => method)).toEqual(['getGroup']);
  });

  it('was in effect if its application is elsewhere, under our own stamp', async () => {
    const world = laneOf({ applicationIds: ['10'] }, { id: OTHER, name: 'Annex' });
    const { ends } = await leave(world, {
      writes: [updating(groupIn(world), { addedApps: ['11'] })],
      lane: KNOWING,
    });
    wroteAs(world, GROUP, {});
    world.tenant.edit(OTHER, { applicationIds: ['11'] });
    expect(await ends()).toMatchObject({ kind: 'applied', overtaken: [{ field: 'applications' }] });
    expect(world.tenant.writes).toEqual([]);
  });
});
