import { describe, expect, it } from 'vitest';
import { reject } from '../../../../shared/domain/outcome/reject.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { GROUP, type LaneWorld } from '../lane-world.ts';
import { anEnding, COLLEAGUE, groupIn, laneOf, leave, updating, watch } from './found-intent.ts';

const OTHER = '72057594037930002';
const THIRD = '72057594037930003';
const MANY = Array.from({ length: 150 }, (_, index) => `${7000 + index}`);
const summary = { name: 'Warehouse', description: '', enabled: false, applicationCount: 1 };

describe('a write in doubt is told', () => {
  it('with what was there, what was meant, and what is there now', async () => {
    const world = laneOf({ applicationIds: ['10'] });
    const { finish, outcome, lane } = await leave(world, {
      writes: [updating(groupIn(world), { fields: { name: 'Depot' } })],
      lane: { working: { members: [], strikes: 0, since: 0 } },
    });
    world.tenant.edit(GROUP, { name: 'By hand' });
    await finish();
    const said = await outcome();
    expect(said).toMatchObject({
      kind: 'rejected',
      code: 'outcome-unknown',
      sentence: expect.stringContaining('neither as before nor as intended'),
    });
    expect(said).toHaveProperty('details', {
      writeId: 'write-1',
      before: summary,
      intended: { ...summary, name: 'Depot' },
      live: {
        ...{ id: GROUP, ...summary, name: 'By hand' },
        ...{ modifiedBy: COLLEAGUE, modifiedTime: Math.floor(world.clock.now() / 1000) },
      },
    });
    for (const field of ['intent', 'working']) expect(lane()).not.toHaveProperty(field);
    expect(world.meter.counts.filter(({ name }) => name === 'LeftUngrouped')).toEqual([]);
  });

  it('apart from one whose group is as before under a newer stamp', async () => {
    const world = laneOf({ applicationIds: ['10'] });
    const { finish, outcome } = await leave(world, {
      writes: [updating(groupIn(world), { fields: { name: 'Depot' } })],
    });
    world.tenant.edit(GROUP, {});
    await finish();
    expect(await outcome()).toMatchObject({
      code: 'outcome-unknown',
      sentence: expect.stringContaining('as before, but somebody has written it since'),
    });
  });

  it('and a group that is gone is neither as before nor as intended', async () => {
    const world = laneOf({ applicationIds: ['10'] });
    const { finish, outcome } = await leave(world, {
      writes: [updating(groupIn(world), { fields: { name: 'Depot' } })],
    });
    world.tenant.groups.clear();
    await finish();
    expect(await outcome()).toMatchObject({
      sentence: expect.stringContaining('neither as before nor as intended'),
      details: { live: null },
    });
  });

  it('of a delete with nothing meant to be left', async () => {
    const world = laneOf({ applicationIds: ['10'] });
    const { finish, outcome } = await leave(world, {
      writes: [{ write: { kind: 'delete', groupId: GROUP, microtenantId: '0' }, before: groupIn(world) }],
    });
    world.tenant.edit(GROUP, { description: 'still needed' });
    await finish();
    expect(await outcome()).toMatchObject({
      sentence: expect.stringContaining('neither as before nor as intended'),
      details: { before: summary, intended: null, live: { description: 'still needed' } },
    });
    expect(world.tenant.groups.has(GROUP)).toBe(true);
  });

  it('only to the changes that hang on it: before the first effect, and where one is rejected, nothing is in doubt', async () => {
    const world = laneOf({ applicationIds: ['10'] });
    const unchanged = { ending: anEnding({ kind: 'unchanged' }) };
    const rejected = { ending: reject('application-not-found', 'no such application') };
    const { finish, outcome } = await leave(world, {
      writes: [updating(groupIn(world), { addedApps: ['11'] })],
      members: [unchanged, rejected, {}, unchanged, rejected],
    });
    world.tenant.edit(GROUP, { description: 'by hand' });
    await finish();
    const said = await Promise.all([1, 2, 3, 4, 5].map((n) => outcome(`T-${n}`)));
    expect(said.map((one) => (one?.kind === 'rejected' ? one.code : one?.kind))).toEqual([
      ...['unchanged', 'application-not-found', 'outcome-unknown', 'outcome-unknown', 'application-not-found'],
    ]);
  });
});

describe('a move in doubt tells which applications may be in no group', () => {
  const moveOf = (world: LaneWorld, ids: string[]) => ({
    writes: [
      updating({ ...groupIn(world, OTHER), applicationIds: ids }, { deletedApps: ids }),
      updating(groupIn(world), { addedApps: ids, fields: { name: 'Depot' } }),
    ],
    intent: { cursor: 1 },
  });

  it('without those that its group shows', async () => {
    const world = laneOf({ applicationIds: ['10'] }, { id: OTHER, name: 'Annex' });
    const { finish, outcome } = await leave(world, moveOf(world, ['11', '12']));
    world.tenant.edit(GROUP, { applicationIds: ['10', '12'] });
    await finish();
    expect(await outcome()).toMatchObject({ details: { move: 'write 2 of 2', mayBeUngrouped: ['11'] } });
    expect(world.meter.total('LeftUngrouped')).toBe(1);
  });

  it('up to a hundred of them, and counts all', async () => {
    const world = laneOf({ applicationIds: ['10'] }, { id: OTHER, name: 'Annex' });
    const { finish, outcome } = await leave(world, moveOf(world, MANY));
    world.tenant.edit(GROUP, { description: 'by hand' });
    await finish();
    expect(await outcome()).toMatchObject({ details: { mayBeUngrouped: MANY.slice(0, 100) } });
    expect(world.meter.total('LeftUngrouped')).toBe(150);
  });

  it.each([
    ['with those that its first write may have taken out', [], ['11']],
    ['without those that its first write has left where they were', ['11'], undefined],
  ])('%s', async (_, applicationIds, named) => {
    const world = laneOf({}, { id: OTHER, name: 'Annex' });
    const { finish, outcome } = await leave(world, { ...moveOf(world, ['11']), intent: {} });
    world.tenant.edit(OTHER, { description: 'by hand', applicationIds });
    await finish();
    const said = await outcome();
    expect(said?.kind === 'rejected' && said.details?.mayBeUngrouped).toEqual(named);
    expect(world.meter.total('LeftUngrouped')).toBe(named?.length ?? 0);
  });

  it('none where every one is in its group', async () => {
    const world = laneOf({ applicationIds: ['10'] }, { id: OTHER, name: 'Annex' });
    const { finish, outcome } = await leave(world, moveOf(world, ['11']));
    world.tenant.edit(GROUP, { applicationIds: ['10', '11'] });
    await finish();
    expect(await outcome()).toMatchObject({ code: 'outcome-unknown' });
    expect(await outcome()).not.toHaveProperty('details.mayBeUngrouped');
    expect(world.meter.counts.filter(({ name }) => name === 'LeftUngrouped')).toEqual([]);
  });
});

describe('a move of which a write is refused', () => {
  /**
   * Two groups give applications to a third, whose write is refused permanently; compensating writes are refused after
   * `takenBack` of them.
   */
  async function refused(ids: { annex: string[]; yard: string[] }, takenBack: number) {
    const world = laneOf(
      { applicationIds: ['10'] },
      { id: OTHER, name: 'Annex', applicationIds: ids.annex },
      { id: THIRD, name: 'Yard', applicationIds: ids.yard },
    );
    const scene = await leave(world, {
      writes: [
        updating(groupIn(world, OTHER), { deletedApps: ids.annex }),
        updating(groupIn(world, THIRD), { deletedApps: ids.yard }),
        updating(groupIn(world), { addedApps: [...ids.annex, ...ids.yard] }),
      ],
      intent: { cursor: 1 },
    });
    world.addGroup({ ...groupIn(world, OTHER), applicationIds: [] });
    let left = takenBack + 1;
    const calls = watch(world);
    const { interfere } = world.tenant;
    world.tenant.interfere = (method, argument) => {
      interfere(method, argument);
      if (method !== 'write') return undefined;
      left -= 1;
      return left < 0 || JSON.stringify(argument).includes(`"groupId":"${GROUP}"`)
        ? { fault: aFault({ reason: 'not today' }) }
        : undefined;
    };
    // The second write is not sent yet; ZPA refuses the third.
    await scene.finish();
    return { ...scene, calls };
  }

  it('reads again only the groups that it takes back', async () => {
    const { world, outcome, calls } = await refused({ annex: ['11'], yard: ['12'] }, 3);
    expect(await outcome()).toMatchObject({ code: 'zpa-refused', zpaError: { reason: 'not today' } });
    expect(groupIn(world, OTHER).applicationIds).toEqual(['11']);
    expect(groupIn(world, THIRD).applicationIds).toEqual(['12']);
    const refusal = calls.findLastIndex(({ argument }) => JSON.stringify(argument)?.includes(`"groupId":"${GROUP}"`));
    const read = calls.slice(refusal).filter(({ method }) => method === 'getGroup');
    expect(read.map(({ argument }) => argument)).toEqual([OTHER, THIRD, OTHER, THIRD, OTHER]);
  });

  it('and cannot be taken back as a whole names what is in no group, and nothing else', async () => {
    const { world, outcome } = await refused({ annex: ['11'], yard: ['12'] }, 2);
    const said = await outcome();
    expect(said).toMatchObject({
      code: 'zpa-refused',
      sentence: expect.stringMatching(/, 1 application segments are in no group$/),
      details: { applications: ['11'], takingBack: { reason: 'not today' } },
    });
    expect(said).not.toHaveProperty('details.staying');
    expect(world.meter.total('LeftUngrouped')).toBe(1);
  });

  it('names a hundred of them at most', async () => {
    const { world, outcome } = await refused({ annex: MANY, yard: ['12'] }, 2);
    expect(await outcome()).toMatchObject({ details: { applications: MANY.slice(0, 100) } });
    expect(world.meter.total('LeftUngrouped')).toBe(150);
  });
});

describe('a delete that cannot be done after its applications were moved, nor they be moved back,', () => {
  async function stuck(ids: string[]) {
    const world = laneOf({ applicationIds: ids }, { id: OTHER, name: 'Annex' });
    const emptied = groupIn(world, OTHER);
    const scene = await leave(world, {
      writes: [
        updating({ ...emptied, applicationIds: ids }, { deletedApps: ids }),
        updating({ ...groupIn(world), applicationIds: [] }, { addedApps: ids }),
        { write: { kind: 'delete', groupId: OTHER, microtenantId: '0' }, before: emptied },
      ],
      members: [{ request: { action: 'delete', group: { id: OTHER }, moveApplicationsTo: { id: GROUP } } }],
      intent: { cursor: 1 },
    });
    world.tenant.interfere = (method) => (method === 'write' ? { fault: aFault({ reason: 'not today' }) } : undefined);
    await scene.finish();
    return { world, said: await scene.outcome() };
  }

  it('says where they stay, and that none is without a group', async () => {
    const { world, said } = await stuck(['11']);
    expect(said).toMatchObject({
      sentence: expect.stringMatching(
        /the delete: not today; taking it back was refused too, 1 application segments stay where/,
      ),
      details: { staying: { [GROUP]: ['11'] } },
    });
    expect(said).not.toHaveProperty('details.applications');
    expect(world.meter.counts.filter(({ name }) => name === 'LeftUngrouped')).toEqual([]);
  });

  it('names a hundred of them at most', async () => {
    const { said } = await stuck(MANY);
    expect(said).toMatchObject({ details: { staying: { [GROUP]: MANY.slice(0, 100) } } });
  });
});
