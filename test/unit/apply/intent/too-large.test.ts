import { describe, expect, it } from 'vitest';
import { failWrites } from '../interfere.ts';
import { createLaneWorld, GROUP, type LaneWorld } from '../lane-world.ts';
import { LONG_AGO, LOST, OTHER } from '../requests.ts';
import { COLLEAGUE, groupIn, laneOf, leave, updating } from './found-intent.ts';

const idsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => `${72057594038000000n + BigInt(first + index)}`);
const membersOf = (world: LaneWorld, id: string) => world.tenant.groups.get(id)?.applicationIds.length;

describe('a move that nearly fills its ledger item', () => {
  async function play(count: number, pad: number) {
    const world = createLaneWorld();
    const ids = idsFrom(0, count);
    world.addApplications(...ids);
    world.addGroup({ applicationIds: ids, description: 'x'.repeat(pad), modifiedTime: LONG_AGO });
    world.addGroup({ id: OTHER, name: 'Empty', modifiedTime: LONG_AGO });
    const request = { action: 'delete', group: { id: GROUP }, moveApplicationsTo: { id: OTHER } };
    return { world, outcome: await world.play(request), moved: membersOf(world, OTHER) };
  }

  it('is refused before its first write, or is carried out', async () => {
    for (const [count, pad] of [4512, 4513, 4514].flatMap((n) => [0, 20, 40, 60].map((of) => [n, of] as const))) {
      const { world, outcome, moved } = await play(count, pad);
      if (outcome?.kind === 'applied') expect(moved).toBe(count);
      else expect([outcome, world.tenant.writes]).toMatchObject([{ kind: 'rejected', code: 'guarded' }, []]);
    }
    expect((await play(4000, 0)).outcome).toMatchObject({ kind: 'applied' });
  });
});

describe('a half-done move', () => {
  const moved = idsFrom(0, 3000);

  async function half(grown: Parameters<LaneWorld['tenant']['edit']>[1]) {
    const world = laneOf(
      { applicationIds: moved },
      { id: OTHER, name: 'Other', applicationIds: idsFrom(10_000, 5800) },
    );
    const writes = [
      updating(groupIn(world), { deletedApps: moved }),
      updating(groupIn(world, OTHER), { addedApps: moved }),
    ];
    world.tenant.edit(GROUP, { applicationIds: [] });
    const left = await leave(world, { writes, intent: { cursor: 1, sendBefore: 0, openSince: world.clock.now() } });
    world.tenant.edit(OTHER, grown);
    return left;
  }

  it('is finished although its other group has outgrown the ledger item', async () => {
    const { world, finish, outcome } = await half({ applicationIds: idsFrom(10_000, 14_500) });
    await finish();
    expect(membersOf(world, OTHER)).toBe(17_500);
    expect(await outcome()).toMatchObject({ kind: 'applied', overtaken: [{ field: `applications of ${OTHER}` }] });
    expect(world.tenant.writes).toMatchObject([{ groupId: OTHER, addedApps: moved }]);
  });

  it('whose write on top of such growth is not answered is written once', async () => {
    const { world, finish, outcome, lane } = await half({ applicationIds: idsFrom(10_000, 14_500) });
    failWrites(world, 1, LOST, 'after');
    await finish();
    await world.clock.advance(120_000);
    await finish();
    expect(lane().intent).toBeUndefined();
    expect(world.tenant.writes).toHaveLength(1);
    expect(await outcome()).toMatchObject({ code: 'outcome-unknown' });
    expect(world.meter.total('LeftUngrouped')).toBe(0);
  });

  it('that cannot be recorded any more is not sent, and its applications are alarmed', async () => {
    const { world, finish, outcome, lane } = await half({ description: '\u6f22'.repeat(100_000) });
    await finish();
    expect(lane().intent).toBeUndefined();
    expect(world.tenant.writes).toEqual([]);
    expect(await outcome()).toMatchObject({
      code: 'outcome-unknown',
      sentence: expect.stringContaining('too large'),
      details: { mayBeUngrouped: moved.slice(0, 100) },
    });
    expect(world.meter.total('LeftUngrouped')).toBe(3000);
    expect(groupIn(world, OTHER).modifiedBy).toBe(COLLEAGUE);
  });
});
