import { describe, expect, it } from 'vitest';
import { scaleTiming, TIMING } from '../../../../shared/domain/ledger/timing.ts';
import { createLaneWorld, GROUP, type LaneWorld } from '../lane-world.ts';
import { adding, rename, UNREACHABLE } from '../requests.ts';
import { groupIn, KNOWING, laneOf, leave, updating, watch, wroteAs } from './found-intent.ts';

const answered = { cursor: 1, sendBefore: 0 };
/** The read-backs began so long ago that the next one decides. */
const decided = (world: LaneWorld) => ({ ...answered, lookedAt: world.clock.now() - TIMING.quietPeriodMs });
const renaming = (world: LaneWorld) => updating(groupIn(world), { fields: { name: 'Depot' } });

describe('a yes is looked for', () => {
  /** The times of the reads after the write, in ms; the write never shows. */
  async function looks(world: LaneWorld): Promise<number[]> {
    const before = groupIn(world);
    let writtenAt = 0;
    const reads: number[] = [];
    world.tenant.interfere = (method) => {
      if (method === 'write') writtenAt = world.clock.now();
      if (method !== 'getGroup' || writtenAt === 0) return undefined;
      reads.push(world.clock.now() - writtenAt);
      world.tenant.groups.set(GROUP, structuredClone(before));
      return undefined;
    };
    const change = await world.accept('T-1', rename);
    for (let round = 0; round < 4; round += 1) await world.invoke([change]);
    return [...new Set(reads)];
  }

  it('three times in four seconds, then every eight, until the quiet period is over', async () => {
    // The quiet period begins with the read at four seconds; the first read after its end decides.
    const seconds = [0, 1, 4, 12, 20, 28, 36, 44, 52, 60, 68];
    expect(await looks(laneOf({}))).toEqual(seconds.map((one) => one * 1000));
  });

  it('faster where the world runs faster', async () => {
    const world = laneOf({});
    world.ports.timing = scaleTiming(TIMING, 10);
    expect((await looks(world)).slice(0, 5)).toEqual([0, 100, 400, 1200, 2000]);
  });

  it.each([
    [TIMING.quietPeriodMs - 1, 2],
    [TIMING.quietPeriodMs, 1],
  ])('to the millisecond until the quiet period is over: after %i ms by %i reads', async (ms, reads) => {
    const world = laneOf({});
    const intent = { ...answered, lookedAt: world.clock.now() - ms };
    const { finish } = await leave(world, { writes: [renaming(world)], intent });
    const calls = watch(world);
    expect(await finish()).toMatchObject({ reason: 'without-effect' });
    expect(calls.filter(({ method }) => method === 'getGroup')).toHaveLength(reads);
  });

  it('and what the last look shows counts, not what an earlier one did', async () => {
    const world = laneOf({});
    let reads = 0;
    watch(world, (method) => {
      if (method !== 'getGroup' || world.tenant.writes.length === 0) return;
      reads += 1;
      wroteAs(world, GROUP, { name: 'Depot', description: reads === 1 ? 'a moment ago' : '' });
    });
    expect(await world.play(rename)).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(world.meter.total('Overtaken')).toBe(0);
  });

  it('later where ZPA cannot be read: the yes is kept', async () => {
    const world = laneOf({});
    const { interfere } = world.tenant;
    world.tenant.interfere = () => (world.tenant.writes.length > 0 ? { fault: UNREACHABLE } : undefined);
    const change = await world.accept('T-1', rename);
    expect(await world.invoke([change])).toHaveLength(1);
    expect((await world.lane()).intent).toMatchObject(answered);
    world.tenant.interfere = interfere;
    await world.clock.advance(TIMING.deferMinMs * 2);
    await world.settle([change]);
    expect([await world.endings(), world.tenant.writes.length]).toEqual([['applied'], 1]);
  });

  it('by no more than one read where it shows at once', async () => {
    const world = laneOf({ applicationIds: ['10'] });
    const calls = watch(world);
    await world.play(adding('11'));
    const written = calls.findIndex(({ method }) => method === 'write');
    expect(calls.slice(written + 1).map(({ method }) => method)).toEqual(['getGroup']);
  });

  it.each([1, 3, 8])('and written once although %i reads show the state before', async (reads) => {
    const world = laneOf({});
    const before = groupIn(world);
    let left = reads;
    world.tenant.interfere = (method) => {
      if (method !== 'getGroup' || world.tenant.writes.length === 0 || left < 0) return undefined;
      left -= 1;
      if (left < 0) wroteAs(world, GROUP, { name: 'Depot' });
      else world.tenant.groups.set(GROUP, structuredClone(before));
      return undefined;
    };
    expect(await world.play(rename)).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(world.tenant.writes).toHaveLength(1);
  });
});

describe('a yes that changed nothing', () => {
  it('of a rename counts as a try of its change', async () => {
    const world = laneOf({});
    const left = { writes: [renaming(world)], intent: decided(world), lane: KNOWING };
    const { finish, lane } = await leave(world, left);
    expect(await finish()).toMatchObject({ kind: 'wait', reason: 'without-effect' });
    expect(lane()).toMatchObject({ trouble: { tries: 1 } });
    expect(lane()).not.toHaveProperty('intent');
  });

  it('of a create says which group ZPA claims to have created', async () => {
    const world = createLaneWorld();
    world.tenant.interfere = (method) => {
      if (method === 'getGroup') world.tenant.groups.clear();
      return undefined;
    };
    const details = { group: { id: expect.any(String) } };
    const asked = { action: 'create', group: { name: 'Annex' } };
    const outcome = await world.play(asked);
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'outcome-unknown', details });
    expect(outcome).not.toHaveProperty('details.ungroupedMs');
    expect(world.tenant.writes).toHaveLength(1);
  });
});

it('a lane that is done has nothing of its intent left', async () => {
  const world = laneOf({});
  const { finish, lane } = await leave(world, {
    ...{ writes: [renaming(world)], intent: answered },
    lane: {
      working: { members: [], strikes: 0, since: 0 },
      stopped: { code: 'x', sentence: 's', since: 1, tries: 1, probeAt: 2, alarmed: true },
    },
  });
  wroteAs(world, GROUP, { name: 'Depot' });
  await finish();
  for (const field of ['intent', 'working', 'stopped', 'trouble']) expect(lane()).not.toHaveProperty(field);
});
