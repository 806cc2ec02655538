import { describe, expect, it } from 'vitest';
import { TIMING } from '../../../../shared/domain/ledger/timing.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { cancelChange } from '../../../../shared/ledger/cancel-change.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { configure, failWrites } from '../interfere.ts';
import { GROUP, type LaneWorld } from '../lane-world.ts';
import { adding, HOUR, iso, LOST, OTHER, refs, rename, taking, update } from '../requests.ts';
import { laneOf, setMembership } from './found-intent.ts';

const set = { description: 'x' };
const moving = { applications: { remove: refs('11') }, moveTo: { id: OTHER } };

/** A tenant whose v2 ignores deltas: 11 is in one group, 12 in another, 13 and 14 in none. `isKnown`: our stamp is. */
async function ignoring(isKnown = true): Promise<LaneWorld> {
  const world = laneOf({ applicationIds: ['11'] }, { id: OTHER, name: 'Annex', applicationIds: ['12'] });
  world.tenant.ignoresDeltas = true;
  world.tenant.interfere = refuseAsZpa(world);
  if (isKnown) await world.settle([await world.accept('T-0', update(GROUP, { set: { enabled: true } }))]);
  await world.clock.advance(5000);
  return world;
}

/** ZPA deletes no group that has applications, and takes none that is in another group. */
const refuseAsZpa =
  ({ tenant }: LaneWorld): LaneWorld['tenant']['interfere'] =>
  (method, argument) => {
    if (method !== 'write') return undefined;
    const write = argument as LaneWorld['tenant']['writes'][number];
    const others = [...tenant.groups.values()].filter((group) => write.kind === 'create' || group.id !== write.groupId);
    const taken = others.flatMap((group) => group.applicationIds);
    const isFull = write.kind === 'delete' && (tenant.groups.get(write.groupId)?.applicationIds.length ?? 0) > 0;
    const isTaken = write.kind === 'update' && write.addedApps.some((id) => taken.includes(id));
    return isFull || isTaken ? { fault: aFault({ code: 'referenced', params: ['Application'] }) } : undefined;
  };

/** Invocations with these changes until none is retried, or the lane is stopped, or it was probed `probes` times. */
async function work(world: LaneWorld, changes: readonly ChangeRecord[], probes = 0): Promise<void> {
  for (let left = probes, round = 0; round < 60; round += 1) {
    if ((await world.invoke(changes)).length === 0) return;
    if ((await world.lane()).stopped !== undefined) left -= 1;
    if (left < 0) return;
    await world.clock.advance(world.deferral.deferred.at(-1)?.delayMs ?? TIMING.visibilityTimeoutMs);
  }
}

/** The lane stands still with this change, and is probed in vain. */
async function stopped(asked: object, isKnown = true, probes = 1) {
  const world = await ignoring(isKnown);
  const change = await world.accept('T-1', { ...asked });
  await work(world, [change], probes);
  return { world, change };
}

const viaOf = ({ tenant }: LaneWorld) => tenant.writes.map((one) => (one.kind === 'update' ? one.via : one.kind));
const membersOf = (world: LaneWorld) => [GROUP, OTHER].map((id) => world.group(id)?.applicationIds);
const stopsOf = ({ log }: LaneWorld) => log.lines.filter(({ message }) => message === 'lane stopped').length;

const CHANGES: [string, object, (string[] | undefined)[]][] = [
  ['joins', adding('13'), [['11', '13'], ['12']]],
  ['leaves', update(GROUP, { applications: { remove: refs('11') }, leaveUngrouped: true }), [[], ['12']]],
  ['is taken', taking('12'), [['11', '12'], []]],
  ['is moved', update(GROUP, moving), [[], ['11', '12']]],
  ['joins with a field', adding('13', { set }), [['11', '13'], ['12']]],
  ['is moved with a field', update(GROUP, { ...moving, set }), [[], ['11', '12']]],
  [
    'is moved before a delete',
    { action: 'delete', group: { id: GROUP }, moveApplicationsTo: { id: OTHER } },
    [undefined, ['11', '12']],
  ],
];
const WAYS = CHANGES.flatMap(([name, asked, members]) =>
  [true, false].map((isKnown) => ({ name, asked, members, isKnown })),
);

describe('a tenant that ignores the deltas of v2', () => {
  it.each(WAYS)(
    'stops once until it is set to v1, where an application $name (our stamp known: $isKnown)',
    async (way) => {
      const world = await ignoring(way.isKnown);
      const before = membersOf(world);
      const change = await world.accept('T-1', { ...way.asked });
      const startedAt = world.clock.now();
      await work(world, [change], 5);
      const { stopped: stop, intent } = await world.lane();
      expect(stop).toMatchObject({ code: 'membership-ignored', tries: 6 });
      expect(stop?.sentence).toMatch(/^tenants\.acme\.membership is "v2", but .*; set it to "v1"$/);
      expect((stop?.since ?? 0) - startedAt).toBeGreaterThanOrEqual(TIMING.quietPeriodMs);
      expect([stopsOf(world), membersOf(world), await world.outcome()]).toEqual([1, before, undefined]);
      const written = world.tenant.writes.length;
      const editedAt = world.clock.now();
      setMembership(world, 'v1');
      await world.settle([change]);
      // The lane does not wait for its next probe, and no application was without a group while it stood still.
      expect(world.clock.now() - editedAt).toBeLessThan(TIMING.deferMinMs);
      const outcome = await world.outcome();
      if (outcome?.kind !== 'applied') throw new Error(`T-1 is ${outcome?.kind}`);
      expect([outcome.overtaken, membersOf(world)]).toEqual([[], way.members]);
      const { ungroupedMs } = outcome.effect;
      expect(ungroupedMs ?? 0).toBeLessThan(TIMING.deferMinMs);
      expect(ungroupedMs !== undefined).toBe(/taken|moved/.test(way.name));
      // A field that is in effect keeps the change under its intent.
      expect(outcome.writeId === intent?.writeId).toBe(way.name.includes('field'));
      const sent = viaOf(world).slice(written);
      expect(sent).not.toContain('v2');
      expect(sent.filter((via) => via === 'v1')).toHaveLength(/taken|moved/.test(way.name) ? 2 : 1);
      expect(await world.lane()).not.toHaveProperty('stopped');
    },
  );

  it.each(CHANGES)('is written through v1 alone where it is set so: an application %s', async (_, asked, members) => {
    const world = await ignoring(false);
    setMembership(world, 'v1');
    expect(await world.play({ ...asked })).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(membersOf(world)).toEqual(members);
    expect(viaOf(world)).not.toContain('v2');
    expect(world.meter.total('LaneStopped')).toBe(0);
  });

  it('keeps a field that is in effect, also where ZPA takes no offence at the rest of a move', async () => {
    const world = await ignoring();
    world.tenant.interfere = () => undefined;
    const change = await world.accept('T-1', update(GROUP, { ...moving, set }));
    await work(world, [change]);
    const { intent } = await world.lane();
    setMembership(world, 'v1');
    await world.clock.advance(TIMING.deferMaxMs);
    await world.settle([change]);
    expect(membersOf(world)).toEqual([[], ['11', '12']]);
    expect(await world.outcome()).toMatchObject({ kind: 'applied', writeId: intent?.writeId, overtaken: [] });
  });

  it('ends each of several writes that await their read-back, once it is set to v1', async () => {
    const world = await ignoring();
    const changes = await world.acceptAll(adding('13'), update(OTHER, { applications: { add: refs('14') } }));
    await work(world, changes);
    expect(viaOf(world).slice(1)).toEqual(['v2', 'v2']);
    setMembership(world, 'v1');
    await world.clock.advance(TIMING.deferMaxMs);
    await world.settle(changes);
    expect(membersOf(world)).toEqual([
      ['11', '13'],
      ['12', '14'],
    ]);
    expect(viaOf(world).slice(3)).toEqual(['v1', 'v1']);
  });

  it('stops for a write whose answer is lost, too', async () => {
    const world = await ignoring();
    failWrites(world, 1, LOST, 'after');
    const change = await world.accept('T-1', adding('13'));
    await world.invoke([change]);
    await world.clock.advance(TIMING.quietPeriodMs * 2);
    await work(world, [change]);
    expect(await world.lane()).toMatchObject({ stopped: { code: 'membership-ignored' } });
    setMembership(world, 'v1');
    await world.clock.advance(TIMING.deferMaxMs);
    await world.settle([change]);
    expect((await world.outcome())?.kind).toBe('applied');
    expect(viaOf(world).slice(1)).toEqual(['v2', 'v1']);
  });

  it('goes on without v1 if the memberships come about by hand', async () => {
    const { world, change } = await stopped(adding('13'));
    world.tenant.edit(GROUP, { applicationIds: ['11', '13'] });
    await world.settle([change]);
    expect((await world.outcome())?.kind).toBe('applied');
    expect(await world.lane()).not.toHaveProperty('stopped');
  });

  it('ends where the group is named otherwise by the time it is set to v1', async () => {
    const { world, change } = await stopped({ ...adding('13'), group: { name: 'Warehouse' } }, false);
    world.tenant.edit(GROUP, { name: 'Depot' });
    setMembership(world, 'v1');
    await work(world, [change]);
    expect(await world.endings()).toEqual(['group-not-found']);
    expect([viaOf(world), membersOf(world)]).toEqual([['v2'], [['11'], ['12']]]);
    expect(await world.lane()).not.toHaveProperty('intent');
  });

  it.each([
    ['is cancelled, because nothing is in effect', true, adding('13'), { kind: 'cancelled' }],
    ['is in doubt while nobody knows our stamp', false, adding('13'), { code: 'outcome-unknown' }],
    ['is in doubt with a field in effect', true, adding('13', { set }), { code: 'outcome-unknown' }],
  ])('asked back, %s', async (_, isKnown, asked, ending) => {
    const { world, change } = await stopped(asked, isKnown);
    const { kind } = await cancelChange(world.ports, change.ref, { by: 'desk', reason: '' });
    expect(kind).toBe('under-way');
    await world.settle([change]);
    expect(await world.outcome()).toMatchObject(ending);
    expect(viaOf(world)).not.toContain('v1');
  });

  it('lets the one that is asked back go, and not the one that was written with it', async () => {
    const world = await ignoring();
    const changes = [await world.accept('T-1', adding('13')), await world.accept('T-2', adding('14'))];
    await work(world, changes);
    await cancelChange(world.ports, (await world.read('T-1')).ref, { by: 'desk', reason: '' });
    await world.clock.advance(TIMING.deferMaxMs);
    await work(world, changes);
    expect(await world.endings('T-1', 'T-2')).toEqual(['cancelled', 'open']);
    setMembership(world, 'v1');
    await world.clock.advance(TIMING.deferMaxMs);
    await world.settle(changes);
    expect([await world.endings('T-2'), membersOf(world)[0]]).toEqual([['applied'], ['11', '14']]);
  });

  it('is written in no freeze that has begun meanwhile', async () => {
    const { world, change } = await stopped(adding('13'));
    const now = world.clock.now();
    configure(world, { membership: 'v1', freezes: [{ from: iso(now), until: iso(now + 24 * HOUR) }] });
    await world.clock.advance(TIMING.deferMaxMs);
    await world.settle([change]);
    expect((await world.read('T-1')).state).toBe('scheduled');
    expect(viaOf(world)).not.toContain('v1');
  });
});

it.each([rename, adding('13')])('a tenant without v2 stops once until it is set to v1: %j', async (asked) => {
  const world = laneOf({});
  const fault = aFault({ code: 'no-such-route', class: 'unknown', status: 404 });
  world.tenant.interfere = (method, write) =>
    method === 'write' && JSON.stringify(write).includes('"v2"') ? { fault } : undefined;
  const change = await world.accept('T-1', asked);
  await work(world, [change], 8);
  const sentence = 'tenants.acme.membership is "v2", but ZPA has no v2 for this tenant; set it to "v1"';
  expect((await world.lane()).stopped).toMatchObject({ code: 'no-such-route', sentence });
  expect(stopsOf(world)).toBe(1);
  setMembership(world, 'v1');
  await world.clock.advance(TIMING.deferMaxMs * 2);
  await world.settle([change]);
  expect([await world.endings(), viaOf(world)]).toEqual([['applied'], ['v1']]);
});
