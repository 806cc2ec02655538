import { describe, expect, it } from 'vitest';
import { TIMING } from '../../../../shared/domain/ledger/timing.ts';
import { reject } from '../../../../shared/domain/outcome/reject.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { wrapZpa } from '../interfere.ts';
import { GROUP, type LaneWorld } from '../lane-world.ts';
import { OTHER, UNREACHABLE } from '../requests.ts';
import {
  groupIn,
  KNOWING,
  type Left,
  laneOf,
  leave,
  moveOf,
  OURS,
  setMembership,
  updating,
  watch,
  wroteAs,
} from './found-intent.ts';

/** The read-backs began so long ago that the next one decides. */
const decided = (world: LaneWorld, cursor = 1) => ({
  ...{ cursor, sendBefore: 0, lookedAt: world.clock.now() - TIMING.quietPeriodMs },
});
const takingBack = reject('zpa-refused', 'ZPA refused the update: no');
const annex = { id: OTHER, name: 'Annex', applicationIds: ['12'] };

describe('one of several writes that does not show', () => {
  async function move(over: object = {}) {
    const world = laneOf({ applicationIds: ['10'] }, annex);
    const intent = { ...decided(world, 2), ...over };
    const left = await leave(world, { writes: moveOf(world, ['11']), intent, lane: KNOWING });
    wroteAs(world, OTHER, {});
    return left;
  }

  it('is for people to decide, who are told what is missing', async () => {
    const { world, ends, lane } = await move();
    expect(await ends()).toMatchObject({
      ...{ kind: 'rejected', code: 'outcome-unknown' },
      details: { differences: [{ field: `applications of ${GROUP}`, found: '1 members; without 11' }] },
    });
    expect([lane().intent, world.tenant.writes]).toEqual([undefined, []]);
  });

  it('does not change why a move was taken back', async () => {
    const { ends } = await move({ takingBack, openSince: laneOf().clock.now() - 5000 });
    expect(await ends()).toMatchObject({ code: 'zpa-refused', details: { ungroupedMs: 5000 } });
  });

  it('was undone by the colleague whose stamp is on the other group: a tenant that honours deltas does not stop', async () => {
    const world = laneOf({ applicationIds: ['11'] }, { id: OTHER, name: 'Annex' });
    const writes = [
      updating(groupIn(world), { deletedApps: ['11'] }),
      updating(groupIn(world, OTHER), { addedApps: ['11'] }),
    ];
    const { ends, lane } = await leave(world, { writes, intent: decided(world, 2), lane: KNOWING });
    world.tenant.edit(GROUP, {});
    wroteAs(world, OTHER, {});
    expect(await ends()).toMatchObject({ kind: 'applied' });
    expect(lane()).not.toHaveProperty('stopped');
  });
});

it.each([
  ['where it does not show', () => undefined],
  ['where somebody edited since', ({ tenant }: LaneWorld) => tenant.edit(OTHER, { description: 'by hand' })],
])('what was taken back ends with ZPA’s reason, also %s', async (_, meanwhile) => {
  const world = laneOf(annex);
  const { ends, lane } = await leave(world, {
    writes: [updating(groupIn(world, OTHER), { addedApps: ['11'] })],
    ...{ intent: { ...decided(world), takingBack }, lane: KNOWING },
  });
  meanwhile(world);
  expect(await ends()).toMatchObject({ code: 'zpa-refused' });
  expect(lane()).not.toHaveProperty('trouble');
});

describe('a field and memberships of which only the field shows', () => {
  const asked = { fields: { description: 'south' }, addedApps: ['12'], deletedApps: ['11'] };
  async function shown(over: Partial<Left> = {}) {
    const world = laneOf({ applicationIds: ['11'] }, { id: OTHER, name: 'Annex' });
    const writes = [updating(groupIn(world), asked)];
    const left = await leave(world, { writes, intent: decided(world), lane: KNOWING, ...over });
    wroteAs(world, GROUP, { description: 'south' });
    return left;
  }

  it('is looked for until the quiet period is over', async () => {
    const { world, finish, outcome, lane } = await shown({ intent: { cursor: 1, sendBefore: 0 } });
    const began = world.clock.now();
    const calls = watch(world);
    // This invocation is too short for the wait.
    expect(await finish()).toEqual({ kind: 'again' });
    expect([world.tenant.writes, await outcome()]).toEqual([[], undefined]);
    expect(lane()).toMatchObject({ intent: { lookedAt: calls[2]?.at } });
    expect(world.clock.now() - began).toBeGreaterThan(20_000);
  });

  it.each<[string, (world: LaneWorld) => void]>([
    ['was undone by somebody whose stamp it has', ({ tenant }) => tenant.edit(GROUP, {})],
    [
      'was moved on by somebody where the application is in another group',
      ({ tenant }) => tenant.edit(OTHER, { applicationIds: ['12'] }),
    ],
  ])('%s', async (_, edit) => {
    const { world, ends, lane } = await shown();
    edit(world);
    expect(await ends()).toMatchObject({ kind: 'applied', overtaken: [{ field: 'applications' }] });
    expect(lane()).not.toHaveProperty('stopped');
    expect([world.meter.total('Overtaken'), world.tenant.writes]).toEqual([1, []]);
  });

  it.each([
    ['shows the application in the very group that does not list it', GROUP],
    ['no longer knows the application', undefined],
  ])('is not moved on because ZPA %s', async (_, segmentGroupId) => {
    const { world, finish, lane } = await shown();
    if (segmentGroupId === undefined) world.tenant.applications.delete('12');
    wrapZpa(world, (zpa) => ({
      getApplication: async (...args) => ({ ...(await zpa.getApplication(...args)), segmentGroupId }),
    }));
    expect(await finish()).toMatchObject({ kind: 'wait', reason: 'membership-ignored' });
    expect(lane()).toMatchObject({ stopped: { code: 'membership-ignored' } });
  });

  it.each([UNREACHABLE, aFault({ code: 'not-licensed' })])(
    'waits for its look where the application cannot be read: $code',
    async (fault) => {
      const { world, finish, outcome } = await shown();
      world.tenant.interfere = (method) => (method === 'getApplication' ? { fault } : undefined);
      expect(await finish()).toMatchObject({ kind: 'wait', reason: fault.code });
      expect([await outcome(), world.tenant.writes]).toEqual([undefined, []]);
    },
  );
});

it('coalesced changes whose write is in doubt keep what they were rejected for by themselves', async () => {
  const world = laneOf({ applicationIds: ['10'] });
  const { ends, outcome } = await leave(world, {
    writes: [updating(groupIn(world), { addedApps: ['11', '12'], via: 'v1' })],
    members: [{}, { ending: reject('application-not-found', 'no such application') }, {}],
    intent: decided(world),
  });
  world.tenant.edit(GROUP, {});
  const differences = [{ field: 'applications' }];
  for (const said of [await ends(), await outcome('T-3')])
    expect(said).toMatchObject({ code: 'outcome-unknown', details: { differences } });
  expect(await outcome('T-2')).toMatchObject({ code: 'application-not-found' });
});

it('writes stored by an earlier version go on by the way they name: memberships that v1 has carried out after v2', async () => {
  const world = laneOf({ applicationIds: ['11'] });
  const planned = updating(groupIn(world), { addedApps: ['13'] });
  const { ends } = await leave(world, {
    writes: [planned, { ...planned, write: { ...planned.write, via: 'v1' } as typeof planned.write }],
    intent: { cursor: 1, sendBefore: 0 },
    lane: { learned: JSON.parse(`{"acme":{"writer":"${OURS}","via":"v1"}}`) },
  });
  wroteAs(world, GROUP, {});
  setMembership(world, 'v1');
  expect(await ends()).toMatchObject({ kind: 'applied', overtaken: [] });
  expect(world.tenant.writes).toMatchObject([{ via: 'v1' }]);
});
