import { describe, expect, it } from 'vitest';
import { scaleTiming, TIMING } from '../../../../shared/domain/ledger/timing.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../lane-world.ts';
import { groupIn, laneOf, leave, OURS, updating, watch, wroteAs } from './found-intent.ts';

const knowing = { learned: { acme: { writer: OURS } } };
const rename = { action: 'update', group: { id: GROUP }, set: { name: 'Depot' } };
const answered = { cursor: 1, sendBefore: 0 };
/** The read-backs began so long ago that the next one decides. */
const decided = (world: LaneWorld, cursor = 1) => ({
  cursor,
  sendBefore: 0,
  lookedAt: world.clock.now() - TIMING.quietPeriodMs,
});

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
    const [first, second, third, ...later] = await looks(laneOf({}));
    expect([first, second, third]).toEqual([0, 1000, 4000]);
    // The quiet period begins with the read at four seconds; the first read after its end decides.
    expect(later).toEqual([12, 20, 28, 36, 44, 52, 60, 68].map((seconds) => seconds * 1000));
  });

  it('faster where the world runs faster', async () => {
    const world = laneOf({});
    world.ports.timing = scaleTiming(TIMING, 10);
    expect((await looks(world)).slice(0, 5)).toEqual([0, 100, 400, 1200, 2000]);
  });

  it('to the millisecond until the quiet period is over', async () => {
    for (const [ms, looks] of [
      [TIMING.quietPeriodMs - 1, 2],
      [TIMING.quietPeriodMs, 1],
    ] as const) {
      const world = laneOf({});
      const { finish } = await leave(world, {
        writes: [updating(groupIn(world), { fields: { name: 'Depot' } })],
        intent: { ...answered, lookedAt: world.clock.now() - ms },
      });
      const calls = watch(world);
      expect(await finish()).toMatchObject({ reason: 'without-effect' });
      expect(calls.filter(({ method }) => method === 'getGroup')).toHaveLength(looks);
    }
  });

  it('and what the last look shows counts, not what an earlier one did', async () => {
    const world = laneOf({});
    let reads = 0;
    watch(world, (method) => {
      if (method !== 'getGroup' || world.tenant.writes.length === 0) return;
      reads += 1;
      wroteAs(world, GROUP, { name: 'Depot', description: reads === 1 ? 'a moment ago' : '' });
    });
    await world.settle([await world.accept('T-1', rename)]);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(world.meter.total('Overtaken')).toBe(0);
  });

  it('later where ZPA cannot be read: the yes is kept', async () => {
    const world = laneOf({});
    const unreachable = aFault({ code: 'unreachable', class: 'transient', scope: 'tenant' });
    const { interfere } = world.tenant;
    world.tenant.interfere = () => (world.tenant.writes.length > 0 ? { fault: unreachable } : undefined);
    const change = await world.accept('T-1', rename);
    expect(await world.invoke([change])).toHaveLength(1);
    expect((await world.ledger.readLane(LANE)).intent).toMatchObject({ cursor: 1, sendBefore: 0 });
    world.tenant.interfere = interfere;
    await world.clock.advance(TIMING.deferMinMs * 2);
    await world.settle([change]);
    expect((await world.read('T-1')).outcome?.kind).toBe('applied');
    expect(world.tenant.writes).toHaveLength(1);
  });

  it('by no more than one read where it shows at once', async () => {
    const world = laneOf({ applicationIds: ['10'] });
    const calls = watch(world);
    await world.settle([
      await world.accept('T-1', { action: 'update', group: { id: GROUP }, applications: { add: [{ id: '11' }] } }),
    ]);
    const written = calls.findIndex(({ method }) => method === 'write');
    expect(calls.slice(written + 1).map(({ method }) => method)).toEqual(['getGroup']);
  });
});

describe('a yes that changed nothing', () => {
  it('of a rename counts as a try of its change', async () => {
    const world = laneOf({});
    const { finish, lane } = await leave(world, {
      writes: [updating(groupIn(world), { fields: { name: 'Depot' } })],
      intent: decided(world),
      lane: knowing,
    });
    expect(await finish()).toMatchObject({ kind: 'wait', reason: 'without-effect' });
    expect(lane()).toMatchObject({ trouble: { tries: 1 } });
    expect(lane()).not.toHaveProperty('intent');
  });

  it('of a create says which group ZPA claims to have created', async () => {
    const world = laneOf();
    const content = { name: 'Annex', description: '', enabled: true, configSpace: 'DEFAULT', applicationIds: [] };
    const { finish, outcome } = await leave(world, {
      writes: [{ write: { kind: 'create', microtenantId: '0', ...content }, before: null }],
      intent: { ...decided(world), createdId: '800' },
    });
    await finish();
    expect(await outcome()).toMatchObject({ code: 'outcome-unknown', details: { group: { id: '800' } } });
  });
});

it('a lane that is done has nothing of its intent left', async () => {
  const world = createLaneWorld();
  world.addGroup({});
  const { finish, lane } = await leave(world, {
    writes: [updating(groupIn(world), { fields: { name: 'Depot' } })],
    intent: answered,
    lane: {
      working: { members: [], strikes: 0, since: 0 },
      stopped: { code: 'x', sentence: 's', since: 1, tries: 1, probeAt: 2, alarmed: true },
    },
  });
  wroteAs(world, GROUP, { name: 'Depot' });
  await finish();
  for (const field of ['intent', 'working', 'stopped', 'trouble']) expect(lane()).not.toHaveProperty(field);
});
