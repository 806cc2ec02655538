import { describe, expect, it } from 'vitest';
import type { ZpaFault } from '../../../../shared/domain/group/group.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { failWrites } from '../interfere.ts';
import { createLaneWorld, GROUP, type LaneWorld } from '../lane-world.ts';
import { CLASH, describing, HOUR, LOST, MINUTE, OTHER, rename, THIRD, upTo } from '../requests.ts';

/** A fault of a read has no effect. */
const silent = aFault({ ...LOST, effect: 'none' });
const limited = aFault({ code: 'rate-limited', class: 'transient', scope: 'tenant', retryAfterMs: 4000 });
const forbidden = aFault({ code: 'forbidden', class: 'unknown', status: 403, reason: 'not in its role' });

const REFUSALS: [string, ZpaFault][] = [
  ['500', aFault({ code: 'server-error', class: 'transient', scope: 'tenant', status: 500 })],
  ['403', forbidden],
  ['an odd shape', aFault({ code: 'unexpected-answer', class: 'unknown', status: 200 })],
  ['silence', silent],
  ['a refusal of the object', aFault({ code: 'feature-disabled', status: 401 })],
];

/** After the first write that was not refused, reads of its group fail for so long. */
function hiding(fault: ZpaFault, forMs = Number.POSITIVE_INFINITY): LaneWorld {
  const world = createLaneWorld();
  world.addGroup();
  world.addGroup({ id: OTHER, name: 'Annex' });
  world.addGroup({ id: THIRD, name: 'Yard' });
  let from = Number.POSITIVE_INFINITY;
  world.tenant.interfere = (method, argument) => {
    if (world.tenant.writes.length > 0) from = Math.min(from, world.clock.now());
    const isHidden = from <= world.clock.now() && world.clock.now() < from + forMs;
    return isHidden && method === 'getGroup' && argument === GROUP ? { fault } : undefined;
  };
  return world;
}

describe('a group that cannot be read any more after its write', () => {
  it.each(REFUSALS.flatMap(([why, fault]) => [true, false].map((answered) => ({ why, fault, answered }))))(
    'because of $why ends as outcome-unknown, and the lane goes on (answered: $answered)',
    async ({ fault, answered }) => {
      const world = hiding(fault);
      if (!answered) failWrites(world, 1, LOST, 'after');
      const began = world.clock.now();
      expect(await world.play(rename, describing(OTHER))).toMatchObject({
        ...{ kind: 'rejected', code: 'outcome-unknown', attempts: 6, zpaError: { code: fault.code } },
        sentence: expect.stringContaining(`cannot be read: ${fault.reason ?? fault.code}`),
        remedy: expect.stringContaining('find out why ZPA does not answer reads of it'),
        details: { before: { name: 'Warehouse' }, intended: { name: 'Depot' }, live: null, group: { id: GROUP } },
      });
      expect(world.clock.now() - began).toBeLessThan(30 * MINUTE);
      expect(await world.endings('T-2')).toEqual(['applied']);
      for (const field of ['intent', 'answered', 'trouble']) expect(await world.lane()).not.toHaveProperty(field);
      expect(world.written().filter((id) => id === GROUP)).toHaveLength(1);
    },
  );

  it.each([
    ['of a change by itself', rename, true],
    ['without an answer', rename, false],
    ['that is read back with others', describing(), true],
  ])('because of a 429 each time ends as outcome-unknown after a write %s', async (_, change, answered) => {
    const world = hiding(limited);
    if (!answered) failWrites(world, 1, LOST, 'after');
    const began = world.clock.now();
    await world.settle(await world.acceptAll(change, describing(OTHER)), 200);
    expect(await world.outcome()).toMatchObject({ code: 'outcome-unknown', zpaError: { code: 'rate-limited' } });
    expect(world.clock.now() - began).toBeGreaterThan(30 * MINUTE);
    expect(world.clock.now() - began).toBeLessThan(45 * MINUTE);
    // Each wait is longer than the one before.
    expect(world.tenant.calls.filter(({ method }) => method === 'getGroup').length).toBeLessThan(60);
    expect([await world.endings('T-2'), world.tenant.writes.length]).toEqual([['applied'], 2]);
    expect(await world.lane()).not.toHaveProperty('limited');
  });

  it('is applied if it can be read again before the tries are used up', async () => {
    const world = hiding(forbidden, 5 * MINUTE);
    expect((await world.play(rename))?.kind).toBe('applied');
    expect(await world.lane()).not.toHaveProperty('trouble');
  });

  it('is looked at six times, however often its write was refused before', async () => {
    // Two reads fail.
    const world = hiding(silent, 40_000);
    failWrites(world, upTo(5), CLASH);
    expect((await world.play(rename))?.kind).toBe('applied');
  });

  it('is not looked at sooner because another message arrives', async () => {
    const world = hiding(silent);
    const change = await world.accept('T-1', rename);
    for (let message = 0; message < 10; message += 1) await world.invoke([change]);
    expect(await world.lane()).toMatchObject({ intent: { trouble: { looks: 1 } } });
  });

  it.each([
    ['fails', silent],
    ['meets a 429', limited],
  ])('keeps no write of another group from its outcome, also where their listing %s', async (_, fault) => {
    const world = hiding(silent, 0);
    world.tenant.interfere = (method) => (method === 'listGroups' ? { fault } : undefined);
    await world.play(describing(GROUP), describing(OTHER), describing(THIRD));
    expect([await world.endings(), world.tenant.writes.length]).toEqual([['applied', 'applied', 'applied'], 3]);
  });

  it.each([
    ['fail too', LOST, 12, 1],
    ['meet a 429 too', limited, 2, 0],
  ])('is the fault of a tenant whose other reads %s: nothing is settled until it answers', async (...row) => {
    const [, fault, hours, stops] = row;
    const world = hiding(silent, 0);
    const answersAt = world.clock.now() + hours * HOUR;
    const isDown = () => world.tenant.writes.length > 0 && world.clock.now() < answersAt;
    world.tenant.interfere = (method) => (method !== 'write' && isDown() ? { fault } : undefined);
    await world.settle(await world.acceptAll(rename), 1000);
    expect(world.clock.now()).toBeGreaterThanOrEqual(answersAt);
    expect([await world.endings(), world.failures.sent]).toEqual([['applied'], []]);
    expect(world.log.lines.filter(({ message }) => message === 'lane stopped')).toHaveLength(stops);
  });
});
