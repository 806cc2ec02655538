import { describe, expect, it } from 'vitest';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { anApplied, aRejected } from '../../../fakes/records.ts';
import { GROUP, type LaneWorld } from '../lane-world.ts';
import { UNREACHABLE } from '../requests.ts';
import { anEnding, groupIn, type Left, laneOf, leave, updating, watch, wroteAs } from './found-intent.ts';

const overtaken = [{ field: 'name', expected: 'Depot', found: 'By hand' }];
const renaming = (world: LaneWorld) => updating(groupIn(world), { fields: { name: 'Depot' } });
const settledAs = (outcome: ReturnType<typeof anApplied> | ReturnType<typeof aRejected>) => ({
  record: { state: 'settled', outcome } as const,
});

/** A worker has left the rename of the group. */
async function found(left: Partial<Left> = {}, world = laneOf({})) {
  return leave(world, { writes: [renaming(world)], ...left });
}

describe('a successor that finds an open intent', () => {
  it.each<[string, Partial<Left>, object]>([
    [
      'applied, says how far the lane is, and lets go of it',
      { members: [settledAs(anApplied()), settledAs(anApplied())], lane: { through: 1, skipped: [1, 2, 9] } },
      { through: 2, skipped: [9] },
    ],
    ['rejected, lets go of it', { members: [settledAs(aRejected())] }, { through: 1 }],
    [
      'below how far the lane is, does not lower that',
      { members: [settledAs(anApplied())], lane: { through: 7 } },
      { through: 7 },
    ],
  ])('whose changes are all settled, %s; ZPA is asked nothing', async (_, left, ends) => {
    const { world, finish, lane } = await found(left);
    expect(await finish()).toBeUndefined();
    expect(lane()).toMatchObject(ends);
    expect(lane()).not.toHaveProperty('intent');
    expect(world.tenant.calls).toEqual([]);
  });

  it('settles the rest of it as those that the dead worker came to settle', async () => {
    const ours = laneOf({});
    const { world, ends, lane } = await found({
      writes: [updating(groupIn(ours), { fields: { name: 'Depot' }, addedApps: ['11'] })],
      members: [settledAs(anApplied({ writeId: 'write-1', overtaken })), {}],
      intent: { cursor: 1, sendBefore: 0 },
      lane: { stopped: { code: 'x', sentence: 's', since: 1, tries: 1, probeAt: 2, alarmed: true } },
    });
    expect(await ends('T-2')).toMatchObject({ kind: 'applied', writeId: 'write-1', overtaken });
    expect(world.tenant.calls).toEqual([]);
    expect(lane().seen).toMatchObject([{ groupId: GROUP, name: 'Depot', joined: ['11'] }]);
    for (const field of ['intent', 'stopped']) expect(lane()).not.toHaveProperty(field);
  });

  it('settles the rest of a create with the id that the settled ones have', async () => {
    const { effect } = anApplied();
    const first = settledAs(anApplied({ writeId: 'write-1', effect: { ...effect, groupId: '800' } }));
    const content = { name: 'Annex', description: '', enabled: true, configSpace: 'DEFAULT', applicationIds: [] };
    const creates = anEnding({ effect: { ...effect, groupId: 'new', before: null } });
    const { ends } = await found({
      writes: [{ write: { kind: 'create', microtenantId: '0', ...content }, before: null }],
      members: [first, { ending: creates }],
    });
    expect(await ends('T-2')).toMatchObject({ kind: 'applied', effect: { groupId: '800' } });
  });

  it.each([
    ['another write’s outcome', anApplied({ writeId: 'write-0', overtaken })],
    ['a rejection', aRejected()],
  ])('does not take %s for the outcome of the write', async (_, outcome) => {
    const left = { members: [settledAs(outcome), {}], intent: { cursor: 1, sendBefore: 0 } };
    const { world, ends } = await found(left);
    wroteAs(world, GROUP, { name: 'Depot' });
    expect(await ends('T-2')).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(world.tenant.calls.map(({ method }) => method)).toEqual(['getGroup']);
  });

  it('waits until ZPA may act on the write no longer, and says what for', async () => {
    const { world, finish } = await found({ intent: { sendBefore: laneOf().clock.now() - 50_000 } });
    expect(await finish()).toEqual({ kind: 'wait', delayMs: 30_000, reason: 'outcome-unknown' });
    expect(world.tenant.calls).toEqual([]);
  });

  it('stops the lane where ZPA cannot be read, and blames nobody', async () => {
    const { world, finish, lane, outcome } = await found();
    world.tenant.interfere = () => ({ fault: UNREACHABLE });
    expect(await finish()).toMatchObject({ kind: 'wait', reason: 'unreachable' });
    expect(lane()).toMatchObject({ intent: { cursor: 0 }, stopped: { code: 'unreachable' } });
    expect(await outcome()).toBeUndefined();
  });

  it.each([{}, { cursor: 1, sendBefore: 0 }])('does not take an error of ours for one of ZPA: %j', async (intent) => {
    const { world, finish } = await found({ intent });
    world.tenant.interfere = () => {
      throw new TypeError('a bug of ours');
    };
    await expect(finish()).rejects.toThrow('a bug of ours');
  });
});

it.each<[string, Left['intent'], string[]]>([
  // The next try is at once: the write was sent long ago.
  ['as a try of its change if it got no definite answer', { unanswered: 'timeout' }, ['getGroup', 'probe']],
  ['for nothing if the worker died before it was sent', {}, ['getGroup']],
])('a write found not done counts %s', async (_, intent = {}, asked) => {
  const { world, finish, lane } = await found({ intent });
  const calls = watch(world);
  expect(await finish()).toBeUndefined();
  expect(lane().trouble?.tries).toBe('unanswered' in intent ? 1 : undefined);
  expect(lane()).not.toHaveProperty('intent');
  expect(calls.map(({ method }) => method)).toEqual(asked);
});

it('a write found done is settled at once, and does not teach who we are: somebody may have done the same', async () => {
  const { world, ends, lane } = await found();
  wroteAs(world, GROUP, { name: 'Depot' });
  expect(await ends()).toMatchObject({ kind: 'applied', overtaken: [] });
  expect(lane().learned).toEqual({});
  expect(lane()).not.toHaveProperty('answered');
});

it('a delete found done is remembered: a read that still finds the group is older', async () => {
  const { effect } = anApplied();
  const { ends, lane } = await leave(laneOf(), {
    writes: [{ write: { kind: 'delete', groupId: GROUP, microtenantId: '0' }, before: groupIn(laneOf({})) }],
    members: [{ ending: anEnding({ effect: { ...effect, groupId: GROUP, after: null } }) }],
  });
  expect(await ends()).toMatchObject({ kind: 'applied' });
  expect(lane().seen).toMatchObject([{ groupId: GROUP, deleted: true }]);
});

describe('an intent whose change was settled and redriven before it was let go', () => {
  const redriven: Partial<ChangeRecord> = {
    ...{ generation: 2, state: 'queued', history: [aRejected({ generation: 1 })] },
  };

  it('says nothing of the new generation', async () => {
    const { world, finish, lane } = await found({ members: [{ record: redriven }], intent: { unanswered: 'timeout' } });
    const calls = watch(world);
    world.tenant.edit(GROUP, { description: 'by hand' });
    await finish();
    expect([lane().intent, calls]).toEqual([undefined, []]);
    expect(await world.read('T-1')).toMatchObject({ generation: 2, state: 'queued' });
    expect(await world.read('T-1')).not.toHaveProperty('outcome');
  });

  it('does not count its new place as settled: whatever stands before it keeps its turn', async () => {
    const members = [{ record: { ...redriven, sequence: 9 } }, {}];
    const { world, ends, lane } = await found({ members, intent: { cursor: 1, sendBefore: 0 } });
    wroteAs(world, GROUP, { name: 'Depot' });
    expect(await ends('T-2')).toMatchObject({ kind: 'applied' });
    expect(await world.read('T-1')).toMatchObject({ generation: 2, state: 'queued', sequence: 9 });
    expect(lane().through).toBe(2);
  });
});
