import { describe, expect, it } from 'vitest';
import { noteClient } from '../../../../functions/apply/lane/note-client.ts';
import type { LaneWorld } from '../lane-world.ts';
import { adding, describing } from '../requests.ts';
import { KNOWING, laneOf, OURS, succeed } from './found-intent.ts';

const SUCCESSOR = '216196257331388888';

async function run(world: LaneWorld, key: string, change: Record<string, unknown>) {
  await world.settle([await world.accept(key, change)], 8).catch(() => undefined);
  return world.outcome(key);
}
const learned = async (world: LaneWorld) => (await world.lane()).learned;
function replaceClient(world: LaneWorld): void {
  world.tenant.ourClient = SUCCESSOR;
  world.tenant.clientKey = 'second';
}

/** The lane has learned the stamp of the first API client. */
async function learnedWorld(): Promise<LaneWorld> {
  const world = laneOf({});
  world.tenant.clientKey = 'first';
  await run(world, 'T-1', describing());
  expect(await learned(world)).toEqual({ acme: { writer: OURS, client: 'first' } });
  await world.clock.advance(600_000);
  return world;
}

describe('an API client that replaces another one', () => {
  it('does not make its own stamp foreign: memberships that v2 ignored are no success', async () => {
    const world = await learnedWorld();
    replaceClient(world);
    world.tenant.ignoresDeltas = true;
    expect(await run(world, 'T-2', adding('11'))).toBeUndefined();
    expect((await world.lane()).stopped?.code).toBe('membership-ignored');
  });

  it('is learned anew from its first write', async () => {
    const world = await learnedWorld();
    replaceClient(world);
    expect(await run(world, 'T-2', adding('11'))).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(await learned(world)).toEqual({ acme: { writer: SUCCESSOR, client: 'second' } });
  });

  it('does not take over what the one before it has written', async () => {
    const world = await learnedWorld();
    world.tenant.clientKey = 'second';
    world.tenant.interfere = (method) => {
      if (method === 'getGroup' && world.tenant.writes.length === 2) world.tenant.clientKey = 'third';
      return undefined;
    };
    expect(await run(world, 'T-2', adding('11'))).toMatchObject({ kind: 'applied' });
    expect(await learned(world)).toEqual({ acme: { writer: OURS, client: 'second' } });
  });

  it('is recognised where an earlier version has not stored whose stamp it learned', async () => {
    const world = laneOf({});
    await world.setLane(KNOWING);
    replaceClient(world);
    world.tenant.ignoresDeltas = true;
    expect(await run(world, 'T-1', adding('11'))).toBeUndefined();
    expect((await world.lane()).stopped?.code).toBe('membership-ignored');
  });
});

it.each([
  ['is forgotten as another client writes', 'second', { client: 'second' }],
  ['stays as the same client writes', 'first', { writer: OURS, client: 'first' }],
  ['stays where nobody knows which client writes', undefined, { writer: OURS, client: 'first' }],
])('the stamp that was learned %s', async (_, client, acme) => {
  const { session } = await succeed(await learnedWorld());
  noteClient(session, { clientKey: () => client }, 'acme');
  expect(session.lane().learned).toEqual({ acme });
});
