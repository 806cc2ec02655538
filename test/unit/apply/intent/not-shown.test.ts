import { describe, expect, it } from 'vitest';
import { TIMING } from '../../../../shared/domain/ledger/timing.ts';
import { reject } from '../../../../shared/domain/outcome/reject.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { GROUP, type LaneWorld } from '../lane-world.ts';
import { groupIn, type Left, laneOf, leave, OURS, updating, watch, wroteAs } from './found-intent.ts';

const OTHER = '72057594037930002';
const knowing = { learned: { acme: { writer: OURS } } };
const answered = { cursor: 1, sendBefore: 0 };
/** The read-backs began so long ago that the next one decides. */
const decided = (world: LaneWorld, cursor = 1) => ({
  cursor,
  sendBefore: 0,
  lookedAt: world.clock.now() - TIMING.quietPeriodMs,
});

describe('one of several writes that does not show', () => {
  const build = () => laneOf({ applicationIds: ['10'] }, { id: OTHER, name: 'Annex', applicationIds: ['12'] });
  const move = (world: LaneWorld): Left => ({
    writes: [
      updating({ ...groupIn(world, OTHER), applicationIds: ['11', '12'] }, { deletedApps: ['11'] }),
      updating(groupIn(world), { addedApps: ['11'] }),
    ],
    intent: decided(world, 2),
  });

  it('is for people to decide, who are told what is missing', async () => {
    const world = build();
    const { finish, outcome, lane } = await leave(world, { ...move(world), lane: knowing });
    wroteAs(world, OTHER, {});
    await finish();
    expect(await outcome()).toMatchObject({
      kind: 'rejected',
      code: 'outcome-unknown',
      details: { differences: [{ field: `applications of ${GROUP}`, found: '1 members; without 11' }] },
    });
    expect(lane()).not.toHaveProperty('intent');
    expect(world.tenant.writes).toEqual([]);
  });

  it('does not change why a move was taken back', async () => {
    const world = build();
    const takingBack = reject('zpa-refused', 'ZPA refused the update: no');
    const { finish, outcome } = await leave(world, {
      ...move(world),
      intent: { ...decided(world, 2), takingBack, openSince: world.clock.now() - 5000 },
      lane: knowing,
    });
    wroteAs(world, OTHER, {});
    await finish();
    expect(await outcome()).toMatchObject({ code: 'zpa-refused', details: { ungroupedMs: 5000 } });
  });
});

describe('what was taken back', () => {
  const takingBack = reject('zpa-refused', 'ZPA refused the update: no');
  const left = (world: LaneWorld): Left => ({
    writes: [updating({ ...groupIn(world, OTHER), applicationIds: ['12'] }, { addedApps: ['11'] })],
    intent: { ...decided(world), takingBack },
    lane: knowing,
  });

  it('ends with ZPA’s reason, also where it does not show', async () => {
    const world = laneOf({ id: OTHER, name: 'Annex', applicationIds: ['12'] });
    const { finish, outcome, lane } = await leave(world, left(world));
    expect(await finish()).toBeUndefined();
    expect(await outcome()).toMatchObject({ code: 'zpa-refused' });
    expect(lane()).not.toHaveProperty('trouble');
  });

  it('ends with ZPA’s reason, also where somebody edited since', async () => {
    const world = laneOf({ id: OTHER, name: 'Annex', applicationIds: ['12'] });
    const { finish, outcome } = await leave(world, left(world));
    world.tenant.edit(OTHER, { description: 'by hand' });
    await finish();
    expect(await outcome()).toMatchObject({ code: 'zpa-refused' });
  });
});

describe('a field and memberships of which only the field shows', () => {
  const asked = { fields: { description: 'south' }, addedApps: ['12'], deletedApps: ['11'] };
  const left = (world: LaneWorld): Left => ({ writes: [updating(groupIn(world), asked)], intent: answered });
  const showField = (world: LaneWorld) => wroteAs(world, GROUP, { description: 'south' });

  it('is looked for until the quiet period is over', async () => {
    const world = laneOf({ applicationIds: ['11'] });
    const { finish, outcome, lane } = await leave(world, { ...left(world), lane: knowing });
    showField(world);
    const began = world.clock.now();
    const calls = watch(world);
    // This invocation is too short for the wait.
    expect(await finish()).toEqual({ kind: 'again' });
    expect(world.tenant.writes).toEqual([]);
    expect(await outcome()).toBeUndefined();
    expect(lane()).toMatchObject({ intent: { lookedAt: calls[2]?.at } });
    expect(world.clock.now() - began).toBeGreaterThan(20_000);
  });

  it('was undone by somebody whose stamp it has', async () => {
    const world = laneOf({ applicationIds: ['11'] });
    const { finish, outcome, lane } = await leave(world, { ...left(world), intent: decided(world), lane: knowing });
    showField(world);
    world.tenant.edit(GROUP, {});
    await finish();
    expect(await outcome()).toMatchObject({ kind: 'applied', overtaken: [{ field: 'applications' }] });
    expect(lane()).not.toHaveProperty('stopped');
    expect(world.meter.total('Overtaken')).toBe(1);
  });

  it('was moved on by somebody where the application is in another group', async () => {
    const world = laneOf({ applicationIds: ['11'] }, { id: OTHER, name: 'Annex' });
    const { finish, outcome } = await leave(world, { ...left(world), intent: decided(world), lane: knowing });
    showField(world);
    world.tenant.edit(OTHER, { applicationIds: ['12'] });
    await finish();
    expect(await outcome()).toMatchObject({ kind: 'applied', overtaken: [{ field: 'applications' }] });
    expect(world.tenant.writes).toEqual([]);
    expect(world.tenant.groups.get(OTHER)?.applicationIds).toEqual(['12']);
  });

  it.each([
    ['shows the application in the very group that does not list it', GROUP],
    ['no longer knows the application', undefined],
  ])('is not moved on because ZPA %s', async (_, segmentGroupId) => {
    const world = laneOf({ applicationIds: ['11'] });
    const { finish, lane } = await leave(world, { ...left(world), intent: decided(world), lane: knowing });
    showField(world);
    if (segmentGroupId === undefined) world.tenant.applications.delete('12');
    const { zpaFor } = world.ports;
    world.ports.zpaFor = (tenant, limiter) => {
      const zpa = zpaFor(tenant, limiter);
      const getApplication: typeof zpa.getApplication = async (...args) => ({
        ...(await zpa.getApplication(...args)),
        segmentGroupId,
      });
      return { ...zpa, getApplication };
    };
    expect(await finish()).toMatchObject({ kind: 'wait', reason: 'membership-ignored' });
    expect(lane()).toMatchObject({ stopped: { code: 'membership-ignored' } });
  });

  it('waits for its look where the application cannot be read', async () => {
    for (const [failing, expected] of [
      [{ fault: aFault({ code: 'unreachable', class: 'transient', scope: 'tenant' }) }, 'unreachable'],
      [{ fault: aFault({ code: 'not-licensed' }) }, 'not-licensed'],
    ] as const) {
      const world = laneOf({ applicationIds: ['11'] });
      const { finish, outcome } = await leave(world, { ...left(world), intent: decided(world), lane: knowing });
      showField(world);
      world.tenant.interfere = (method) => (method === 'getApplication' ? failing : undefined);
      expect(await finish()).toMatchObject({ kind: 'wait', reason: expected });
      expect(await outcome()).toBeUndefined();
      expect(world.tenant.writes).toEqual([]);
    }
  });
});

describe('coalesced changes whose write is in doubt', () => {
  it('keep what they were rejected for by themselves', async () => {
    const world = laneOf({ applicationIds: ['10'] });
    const { finish, outcome } = await leave(world, {
      writes: [updating(groupIn(world), { addedApps: ['11', '12'], via: 'v1' })],
      members: [{}, { ending: reject('application-not-found', 'no such application') }, {}],
      intent: decided(world),
    });
    world.tenant.edit(GROUP, {});
    await finish();
    for (const key of ['T-1', 'T-3']) {
      expect(await outcome(key)).toMatchObject({
        code: 'outcome-unknown',
        details: { differences: [{ field: 'applications' }] },
      });
    }
    expect(await outcome('T-2')).toMatchObject({ code: 'application-not-found' });
  });
});
