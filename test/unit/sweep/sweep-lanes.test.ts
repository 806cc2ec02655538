import { describe, expect, it } from 'vitest';
import { sweepLanes } from '../../../functions/sweep/sweep-lanes.ts';
import { createMemoryQueue } from '../../fakes/memory-queues.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../apply/lane-world.ts';

const MINUTE = 60_000;
const rename = { action: 'update', group: { id: GROUP }, set: { name: 'Depot' } };
const forever = new AbortController().signal;

function sweeper(world: LaneWorld) {
  const queue = createMemoryQueue();
  return { queue, sweep: () => sweepLanes({ ...world.ports, queue }, forever) };
}

describe('the sweeper', () => {
  it('sends what was accepted and never sent, once it is a minute old, and marks it', async () => {
    const world = createLaneWorld();
    const { queue, sweep } = sweeper(world);
    const record = await world.accept('T-1', rename);
    await world.ledger.writeChange({ ...record, state: 'accepted', sentAt: 0 }, 1);
    expect(await sweep()).toMatchObject({ open: 1, sent: 0 });
    await world.clock.advance(MINUTE);
    expect(await sweep()).toMatchObject({ sent: 1 });
    expect(queue.sent).toMatchObject([{ ref: record.ref, generation: 1, reason: 'sweep' }]);
    expect(await world.read('T-1')).toMatchObject({ state: 'queued', sentAt: world.clock.now() });
    expect(await sweep()).toMatchObject({ sent: 0 });
  });

  it('rings for the head of a lane where nothing moved for half an hour, not for the thousands behind', async () => {
    const world = createLaneWorld();
    const { sweep } = sweeper(world);
    for (let n = 1; n <= 30; n += 1) await world.accept(`T-${n}`, rename);
    await world.clock.advance(29 * MINUTE);
    expect(await sweep()).toMatchObject({ sent: 0 });
    await world.clock.advance(2 * MINUTE);
    expect(await sweep()).toMatchObject({ open: 30, sent: 10 });
    expect(await sweep()).toMatchObject({ sent: 0 });
  });

  it('renews every message before the queue forgets it', async () => {
    const world = createLaneWorld();
    const { sweep } = sweeper(world);
    for (let n = 1; n <= 15; n += 1) await world.accept(`T-${n}`, rename);
    await world.clock.advance(13 * 24 * 60 * MINUTE + 1);
    expect(await sweep()).toMatchObject({ sent: 15 });
  });

  it('finishes the sends that a settled change owes, after the worker had its minute', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const { sweep } = sweeper(world);
    const change = await world.accept('T-1', rename);
    const failing = { publish: () => Promise.reject(new Error('topic is away')) };
    expect(await world.invoke([change], { ...world.ports, outcomes: failing })).toEqual([]);
    expect(await world.read('T-1')).toMatchObject({ state: 'settled', pending: ['sns'] });
    expect(await sweep()).toMatchObject({ finished: 0 });
    await world.clock.advance(MINUTE);
    expect(await sweep()).toMatchObject({ finished: 1 });
    expect((await world.read('T-1')).pending).toEqual([]);
    expect(world.outcomes.published).toHaveLength(1);
    expect(world.tenant.writes).toHaveLength(1);
  });

  it('settles nothing, and a lane it cannot read leaves no trace but the alarm', async () => {
    const world = createLaneWorld();
    const ledger = { ...world.ledger, openChanges: () => Promise.reject(new Error('table is away')) };
    const summary = await sweepLanes({ ...world.ports, ledger, queue: createMemoryQueue() }, forever);
    expect(summary).toMatchObject({ lanes: 1, failed: 1 });
    expect(world.meter.total('SweepFailed')).toBe(1);
  });

  it('sweeps what is configured although it cannot tell what was before, and says so', async () => {
    const world = createLaneWorld();
    const record = await world.accept('T-1', rename);
    await world.ledger.writeChange({ ...record, state: 'accepted', sentAt: 0 }, 1);
    await world.clock.advance(MINUTE);
    const { knownLanes } = world.ports;
    const read = () => Promise.reject(new Error('table is away'));
    const summary = await sweepLanes({ ...world.ports, knownLanes: { ...knownLanes, read } }, forever);
    expect(summary).toMatchObject({ lanes: 1, sent: 1, failed: 1 });
    expect(world.meter.total('SweepFailed')).toBe(1);
  });

  it('goes to the lanes in which changes were ever accepted, then to the other configured ones, and keeps no list itself', async () => {
    const { ports, ledger } = createLaneWorld();
    const swept: string[] = [];
    const openChanges: typeof ledger.openChanges = async (lane) => {
      swept.push(lane);
      return [];
    };
    await ports.knownLanes.write({ version: 0, lanes: [{ tenant: 'acme', lane: 'BETA:1' }] }, 0);
    expect(await sweepLanes({ ...ports, ledger: { ...ledger, openChanges } }, forever)).toMatchObject({ lanes: 2 });
    expect(swept).toEqual(['BETA:1', LANE]);
    expect(await ports.knownLanes.read()).toMatchObject({ version: 1 });
  });
});
