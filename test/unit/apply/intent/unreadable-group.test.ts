import { describe, expect, it } from 'vitest';
import type { ZpaFault } from '../../../../shared/domain/group/group.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../lane-world.ts';

const OTHER = '72057594037930002';
const THIRD = '72057594037930003';
const rename = { action: 'update', group: { id: GROUP }, set: { name: 'Depot' } };
const describing = (id: string) => ({ action: 'update', group: { id }, set: { description: 'south' } });
const lost = aFault({ code: 'timeout', class: 'transient', scope: 'tenant', effect: 'unknown' });

/** A fault of a read has no effect. */
const silent = aFault({ ...lost, effect: 'none' });
const limited = aFault({ code: 'rate-limited', class: 'transient', scope: 'tenant', retryAfterMs: 4000 });

const REFUSALS: [string, ZpaFault][] = [
  ['500', aFault({ code: 'server-error', class: 'transient', scope: 'tenant', status: 500 })],
  ['403', aFault({ code: 'forbidden', class: 'unknown', status: 403 })],
  ['an odd shape', aFault({ code: 'unexpected-answer', class: 'unknown', status: 200 })],
  ['silence', silent],
  ['a refusal of the object', aFault({ code: 'feature-disabled', status: 401 })],
];

function build(): LaneWorld {
  const world = createLaneWorld();
  world.addGroup();
  world.addGroup({ id: OTHER, name: 'Annex' });
  world.addGroup({ id: THIRD, name: 'Yard' });
  return world;
}

/** After the first write, reads of the group fail; that write itself gets no answer if `unanswered`. */
function hideGroup(world: LaneWorld, fault: ZpaFault, { unanswered = false, until = Number.POSITIVE_INFINITY } = {}) {
  let writes = 0;
  world.tenant.interfere = (method, argument) => {
    if (method === 'write') writes += 1;
    if (method === 'write' && writes === 1 && unanswered) return { fault: lost, effect: 'after' };
    const isHidden = writes > 0 && world.clock.now() < until && method === 'getGroup' && argument === GROUP;
    return isHidden ? { fault } : undefined;
  };
}

describe('a group that cannot be read any more after its write', () => {
  describe.each(REFUSALS)('because of %s', (_, fault) => {
    it.each([false, true])('ends as outcome-unknown, and the lane goes on (unanswered: %s)', async (unanswered) => {
      const world = build();
      hideGroup(world, fault, { unanswered });
      const began = world.clock.now();
      await world.settle([await world.accept('T-1', rename), await world.accept('T-2', describing(OTHER))]);
      expect((await world.read('T-1')).outcome).toMatchObject({
        kind: 'rejected',
        code: 'outcome-unknown',
        attempts: 6,
        sentence: expect.stringContaining('cannot be read'),
        zpaError: { code: fault.code },
        details: { before: { name: 'Warehouse' }, intended: { name: 'Depot' }, live: null, group: { id: GROUP } },
      });
      expect(world.clock.now() - began).toBeLessThan(30 * 60_000);
      expect((await world.read('T-2')).outcome?.kind).toBe('applied');
      const lane = await world.ledger.readLane(LANE);
      expect(lane).not.toHaveProperty('intent');
      expect(lane).not.toHaveProperty('answered');
      expect(lane).not.toHaveProperty('trouble');
      expect(world.tenant.writes.filter((write) => write.kind === 'update' && write.groupId === GROUP)).toHaveLength(1);
    });
  });

  it.each([
    ['of a change by itself', rename, false],
    ['without an answer', rename, true],
    ['that is read back with others', describing(GROUP), false],
  ])('because of a 429 each time ends as outcome-unknown after a write %s', async (_, change, unanswered) => {
    const world = build();
    hideGroup(world, limited, { unanswered });
    const began = world.clock.now();
    const first = await world.accept('T-1', change);
    await world.settle([first, await world.accept('T-2', describing(OTHER))], 200);
    expect((await world.read('T-1')).outcome).toMatchObject({
      code: 'outcome-unknown',
      zpaError: { code: 'rate-limited' },
    });
    expect(world.clock.now() - began).toBeGreaterThan(30 * 60_000);
    expect(world.clock.now() - began).toBeLessThan(45 * 60_000);
    expect((await world.read('T-2')).outcome?.kind).toBe('applied');
    expect(await world.ledger.readLane(LANE)).not.toHaveProperty('limited');
    expect(world.tenant.writes).toHaveLength(2);
  });

  it('is applied if it can be read again before the tries are used up', async () => {
    const world = build();
    const [, [, fault] = ['', lost]] = REFUSALS;
    hideGroup(world, fault, { until: world.clock.now() + 5 * 60_000 });
    await world.settle([await world.accept('T-1', rename)]);
    expect((await world.read('T-1')).outcome?.kind).toBe('applied');
    expect(await world.ledger.readLane(LANE)).not.toHaveProperty('trouble');
  });

  it('is looked at six times, however often its write was refused before', async () => {
    const world = build();
    const clash = aFault({ code: 'concurrent-change', class: 'transient', status: 409 });
    let clashes = 5;
    hideGroup(world, silent, { until: world.clock.now() + 20 * 3_600_000 });
    const { interfere } = world.tenant;
    let writtenAt = 0;
    world.tenant.interfere = (method, argument) => {
      if (method === 'write' && clashes > 0) {
        clashes -= 1;
        return { fault: clash };
      }
      if (method === 'write') writtenAt = world.clock.now();
      // Two reads fail.
      return writtenAt > 0 && world.clock.now() < writtenAt + 40_000 ? interfere(method, argument) : undefined;
    };
    await world.settle([await world.accept('T-1', rename)]);
    expect((await world.read('T-1')).outcome?.kind).toBe('applied');
  });

  it('is not looked at sooner because another message arrives', async () => {
    const world = build();
    hideGroup(world, silent);
    const change = await world.accept('T-1', rename);
    for (let message = 0; message < 10; message += 1) await world.invoke([change]);
    expect(await world.ledger.readLane(LANE)).toMatchObject({ intent: { trouble: { looks: 1 } } });
  });

  it.each([
    ['fails', silent],
    ['meets a 429', limited],
  ])('keeps no write of another group from its outcome, also where their listing %s', async (_, fault) => {
    const world = build();
    world.tenant.interfere = (method) => (method === 'listGroups' ? { fault } : undefined);
    const groups = [GROUP, OTHER, THIRD];
    const changes = await Promise.all(groups.map((id, index) => world.accept(`T-${index}`, describing(id))));
    await world.settle(changes);
    for (const { ref } of changes) expect((await world.read(ref.idempotencyKey)).outcome?.kind).toBe('applied');
    expect(world.tenant.writes).toHaveLength(3);
  });

  it('is the fault of a tenant whose other reads fail too: nothing is settled until it answers', async () => {
    const world = build();
    const answersAt = world.clock.now() + 12 * 3_600_000;
    world.tenant.interfere = (method) =>
      method !== 'write' && world.tenant.writes.length > 0 && world.clock.now() < answersAt
        ? { fault: lost }
        : undefined;
    await world.settle([await world.accept('T-1', rename)], 100);
    expect(world.clock.now()).toBeGreaterThanOrEqual(answersAt);
    expect((await world.read('T-1')).outcome?.kind).toBe('applied');
    expect(world.failures.sent).toEqual([]);
    expect(world.log.lines.filter(({ message }) => message === 'lane stopped')).toHaveLength(1);
  });
});
