import { describe, expect, it } from 'vitest';
import type { SeenGroup } from '../../../../shared/domain/records/seen-groups.ts';
import { groupIn, laneOf, leave, updating } from '../intent/found-intent.ts';
import { createLaneWorld, GROUP } from '../lane-world.ts';
import { describing, LONG_AGO, MINUTE } from '../requests.ts';

/** Records of a worker whose clock is ahead of its successor's. */

describe('a memory by a clock that is half an hour ahead', () => {
  async function meet(seen: Partial<SeenGroup>) {
    const world = createLaneWorld();
    world.addGroup({ modifiedTime: LONG_AGO });
    const from = world.clock.now();
    const entry = { groupId: GROUP, microtenantId: '0', at: from + 30 * MINUTE, name: 'Warehouse', ...seen };
    await world.setLane({ seen: [entry] });
    await world.settle(await world.acceptAll(describing()), 200);
    return { world, outcome: await world.outcome(), ms: world.clock.now() - from };
  }

  it('counts for a quiet period, and is not asked about every second', async () => {
    const { outcome, ms } = await meet({ deleted: true });
    expect(outcome?.kind).toBe('applied');
    expect(ms).toBeLessThan(2 * MINUTE);
    expect(outcome !== undefined && 'attempts' in outcome ? outcome.attempts : Infinity).toBeLessThan(20);
  });

  it('still counts: an older state is not decided on', async () => {
    const { world, outcome } = await meet({ modifiedTime: 1_700_000_001 });
    expect(outcome?.kind).toBe('applied');
    expect(world.log.text()).toContain('older-reading');
  });
});

describe('a look at a write that does not show', () => {
  it('begins now, where an earlier one is still to come by its stamp', async () => {
    const world = laneOf({ applicationIds: ['10'] });
    const lookedAt = world.clock.now() + 30 * MINUTE;
    const writes = [updating(groupIn(world), { addedApps: ['11'] })];
    const left = await leave(world, { writes, intent: { cursor: 1, sendBefore: 0, lookedAt } });
    await left.session.releaseUnfinished();
    const from = world.clock.now();
    while ((await world.lane()).intent?.lookedAt !== undefined && world.clock.now() - from < 40 * MINUTE) {
      await world.invoke([await world.read('T-1')]);
      await world.clock.advance(world.deferral.deferred.at(-1)?.delayMs ?? MINUTE);
    }
    expect(world.clock.now() - from).toBeLessThan(5 * MINUTE);
  });
});
