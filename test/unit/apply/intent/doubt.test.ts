import { describe, expect, it } from 'vitest';
import { reject } from '../../../../shared/domain/outcome/reject.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { GROUP, type LaneWorld } from '../lane-world.ts';
import { emptying, idOf, OTHER, THIRD, upTo } from '../requests.ts';
import { anEnding, COLLEAGUE, groupIn, laneOf, leave, moveOf, updating, watch } from './found-intent.ts';

const MANY = upTo(150).map((n) => `${7000 + n}`);
const summary = { name: 'Warehouse', description: '', enabled: false, applicationCount: 1 };
const NEITHER = expect.stringContaining('neither as before nor as intended');
const annex = { id: OTHER, name: 'Annex' };

describe('a write in doubt is told', () => {
  it('with what was there, what was meant, and what is there now', async () => {
    const world = laneOf({ applicationIds: ['10'] });
    const { ends, lane } = await leave(world, {
      writes: [updating(groupIn(world), { fields: { name: 'Depot' } })],
      lane: { working: { members: [], strikes: 0, since: 0 } },
    });
    world.tenant.edit(GROUP, { name: 'By hand' });
    const said = await ends();
    expect(said).toMatchObject({ kind: 'rejected', code: 'outcome-unknown', sentence: NEITHER });
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

  const deletion = { kind: 'delete', groupId: GROUP, microtenantId: '0' } as const;
  it.each<[string, (world: LaneWorld) => void, object, boolean?]>([
    [
      'as before under a newer stamp',
      ({ tenant }) => tenant.edit(GROUP, {}),
      { sentence: expect.stringContaining('as before, but somebody has edited it since') },
    ],
    ['gone', ({ tenant }) => tenant.groups.clear(), { sentence: NEITHER, details: { live: null } }],
    [
      'there still, though it was to be deleted, and edited',
      ({ tenant }) => tenant.edit(GROUP, { description: 'still needed' }),
      { sentence: NEITHER, details: { before: summary, intended: null, live: { description: 'still needed' } } },
      true,
    ],
  ])('where the group is %s', async (_, meanwhile, said, isDelete = false) => {
    const world = laneOf({ applicationIds: ['10'] });
    const before = groupIn(world);
    const write = isDelete ? { write: deletion, before } : updating(before, { fields: { name: 'Depot' } });
    const { ends } = await leave(world, { writes: [write] });
    meanwhile(world);
    expect(await ends()).toMatchObject({ code: 'outcome-unknown', ...said });
    expect(world.tenant.writes).toEqual([]);
  });

  it('only to the changes that hang on it: before the first effect, and where one is rejected, nothing is in doubt', async () => {
    const world = laneOf({ applicationIds: ['10'] });
    const unchanged = { ending: anEnding({ kind: 'unchanged' }) };
    const rejected = { ending: reject('application-not-found', 'no such application') };
    const { finish } = await leave(world, {
      writes: [updating(groupIn(world), { addedApps: ['11'] })],
      members: [unchanged, rejected, {}, unchanged, rejected],
    });
    world.tenant.edit(GROUP, { description: 'by hand' });
    await finish();
    expect(await world.endings()).toEqual([
      ...['unchanged', 'application-not-found', 'outcome-unknown', 'outcome-unknown', 'application-not-found'],
    ]);
  });
});

describe('a move in doubt tells which applications may be in no group', () => {
  /** The end of a move of these ids whose write at this place was in doubt. */
  async function doubted(ids: string[], edit: (world: LaneWorld) => void, cursor = 1) {
    const world = laneOf({ applicationIds: ['10'] }, annex);
    const { ends } = await leave(world, { writes: moveOf(world, ids, { name: 'Depot' }), intent: { cursor } });
    edit(world);
    const said = await ends();
    const { details } = said?.kind === 'rejected' ? said : {};
    const left = world.meter.counts.filter(({ name }) => name === 'LeftUngrouped').map(({ value }) => value);
    return { move: details?.move, named: details?.mayBeUngrouped, left };
  }

  it.each<[string, string[], object, string[] | undefined]>([
    ['without those that its group shows', ['11', '12'], { applicationIds: ['10', '12'] }, ['11']],
    ['up to a hundred of them, and counts all', MANY, { description: 'by hand' }, MANY],
    ['none where every one is in its group', ['11'], { applicationIds: ['10', '11'] }, undefined],
  ])('%s', async (_, ids, edit, named) => {
    expect(await doubted(ids, ({ tenant }) => tenant.edit(GROUP, edit))).toEqual({
      ...{ move: 'write 2 of 2', named: named?.slice(0, 100), left: named === undefined ? [] : [named.length] },
    });
  });

  it.each([
    ['with those that its first write may have taken out', [], ['11']],
    ['without those that its first write has left where they were', ['11'], undefined],
  ])('%s', async (_, applicationIds, named) => {
    const edit = ({ tenant }: LaneWorld) => tenant.edit(OTHER, { description: 'by hand', applicationIds });
    expect(await doubted(['11'], edit, 0)).toMatchObject({ named, left: named === undefined ? [] : [1] });
  });
});

describe('a move of which a write is refused', () => {
  /**
   * Two groups give applications to a third, whose write is refused permanently; compensating writes are refused after
   * `takenBack` of them.
   */
  async function refused(annexed: string[], takenBack: number) {
    const world = laneOf(
      { applicationIds: ['10'] },
      { ...annex, applicationIds: annexed },
      { id: THIRD, name: 'Yard', applicationIds: ['12'] },
    );
    const scene = await leave(world, {
      writes: [
        updating(groupIn(world, OTHER), { deletedApps: annexed }),
        updating(groupIn(world, THIRD), { deletedApps: ['12'] }),
        updating(groupIn(world), { addedApps: [...annexed, '12'] }),
      ],
      intent: { cursor: 1 },
    });
    world.addGroup({ ...groupIn(world, OTHER), applicationIds: [] });
    let left = takenBack + 1;
    const calls = watch(world);
    const { interfere } = world.tenant;
    const isJoining = (argument: unknown) => JSON.stringify(argument)?.includes(`"groupId":"${GROUP}"`);
    world.tenant.interfere = (method, argument) => {
      interfere(method, argument);
      if (method !== 'write') return undefined;
      left -= 1;
      return left < 0 || isJoining(argument) ? { fault: aFault({ reason: 'not today' }) } : undefined;
    };
    // The second write is not sent yet; ZPA refuses the third.
    const said = await scene.ends();
    const refusal = calls.findLastIndex(({ argument }) => isJoining(argument));
    const reads = calls.slice(refusal).filter(({ method }) => method === 'getGroup');
    return { world, said, reads: reads.map(({ argument }) => argument), ungrouped: world.meter.total('LeftUngrouped') };
  }

  it('reads again only the groups that it takes back', async () => {
    const { world, said, reads } = await refused(['11'], 3);
    expect(said).toMatchObject({ code: 'zpa-refused', zpaError: { reason: 'not today' } });
    expect([OTHER, THIRD].map((id) => groupIn(world, id).applicationIds)).toEqual([['11'], ['12']]);
    expect(reads).toEqual([OTHER, THIRD, OTHER, THIRD, OTHER]);
  });

  it('and cannot be taken back as a whole names what is in no group, and nothing else', async () => {
    const { said, ungrouped } = await refused(['11'], 2);
    expect(said).toMatchObject({
      code: 'zpa-refused',
      sentence: expect.stringMatching(/, 1 application segment is in no group$/),
      details: { applications: ['11'], takingBack: { reason: 'not today' } },
    });
    expect(said).not.toHaveProperty('details.staying');
    expect(ungrouped).toBe(1);
  });

  it('names a hundred of them at most', async () => {
    const { said, ungrouped } = await refused(MANY, 2);
    expect(said).toMatchObject({ details: { applications: MANY.slice(0, 100) } });
    expect(ungrouped).toBe(150);
  });
});

describe('a delete that cannot be done after its applications were moved, nor they be moved back,', () => {
  it.each([[['11']], [MANY]])(
    'says where they stay, a hundred at most, and that none is without a group',
    async (ids) => {
      const world = laneOf({ applicationIds: ids }, annex);
      const emptied = groupIn(world, OTHER);
      const { ends } = await leave(world, {
        writes: [
          updating({ ...emptied, applicationIds: ids }, { deletedApps: ids }),
          updating({ ...groupIn(world), applicationIds: [] }, { addedApps: ids }),
          { write: { kind: 'delete', groupId: OTHER, microtenantId: '0' }, before: emptied },
        ],
        members: [{ request: emptying(GROUP) }],
        intent: { cursor: 1 },
      });
      world.tenant.interfere = (method) =>
        method === 'write' ? { fault: aFault({ reason: 'not today' }) } : undefined;
      const said = await ends();
      expect(said).toMatchObject({
        sentence: expect.stringMatching(
          /the delete: not today; undoing it was refused too, \d+ application segments? stays? where/,
        ),
      });
      expect(said).not.toMatchObject({ sentence: expect.stringContaining('in no group') });
      expect(said).toHaveProperty('details.staying', { [idOf(1)]: ids.slice(0, 100) });
      expect(said).not.toHaveProperty('details.applications');
      expect(world.meter.counts.filter(({ name }) => name === 'LeftUngrouped')).toEqual([]);
    },
  );
});
