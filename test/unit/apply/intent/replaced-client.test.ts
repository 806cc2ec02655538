import { describe, expect, it } from 'vitest';
import { GROUP, LANE, type LaneWorld } from '../lane-world.ts';
import { laneOf, OURS } from './found-intent.ts';

const SUCCESSOR = '216196257331388888';
const describing = (description: string) => ({ action: 'update', group: { id: GROUP }, set: { description } });
const adding = { action: 'update', group: { id: GROUP }, applications: { add: [{ id: '11' }] } };

async function run(world: LaneWorld, key: string, change: Record<string, unknown>) {
  await world.settle([await world.accept(key, change)], 8).catch(() => undefined);
  return (await world.read(key)).outcome;
}
const learned = async (world: LaneWorld) => (await world.ledger.readLane(LANE)).learned;
function replaceClient(world: LaneWorld): void {
  world.tenant.ourClient = SUCCESSOR;
  world.tenant.clientKey = 'second';
}

/** The lane has learned the stamp of the first API client. */
async function learnedWorld(): Promise<LaneWorld> {
  const world = laneOf({});
  world.tenant.clientKey = 'first';
  await run(world, 'T-1', describing('south'));
  expect(await learned(world)).toEqual({ acme: { writer: OURS, client: 'first' } });
  await world.clock.advance(600_000);
  return world;
}

describe('an API client that replaces another one', () => {
  it('does not make its own stamp foreign: memberships that v2 ignored are no success', async () => {
    const world = await learnedWorld();
    replaceClient(world);
    world.tenant.ignoresDeltas = true;
    expect(await run(world, 'T-2', adding)).toBeUndefined();
    expect((await world.ledger.readLane(LANE)).stopped?.code).toBe('membership-ignored');
  });

  it('is learned anew from its first write', async () => {
    const world = await learnedWorld();
    replaceClient(world);
    expect(await run(world, 'T-2', adding)).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(await learned(world)).toEqual({ acme: { writer: SUCCESSOR, client: 'second' } });
  });

  it('does not take over what the one before it has written', async () => {
    const world = await learnedWorld();
    world.tenant.clientKey = 'second';
    world.tenant.interfere = (method) => {
      if (method === 'getGroup' && world.tenant.writes.length === 2) world.tenant.clientKey = 'third';
      return undefined;
    };
    expect(await run(world, 'T-2', adding)).toMatchObject({ kind: 'applied' });
    expect(await learned(world)).toEqual({ acme: { writer: OURS, client: 'second' } });
  });

  it('is recognised where an earlier version has not stored whose stamp it learned', async () => {
    const world = laneOf({});
    const lane = await world.ledger.readLane(LANE);
    await world.ledger.writeLane({ ...lane, learned: { acme: { writer: OURS } } }, lane.version);
    replaceClient(world);
    world.tenant.ignoresDeltas = true;
    expect(await run(world, 'T-1', adding)).toBeUndefined();
    expect((await world.ledger.readLane(LANE)).stopped?.code).toBe('membership-ignored');
  });
});
