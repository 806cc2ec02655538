import { describe, expect, it } from 'vitest';
import type { ZpaFault } from '../../../../shared/domain/group/group.ts';
import { aFault, type Interference } from '../../../fakes/memory-zpa.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../lane-world.ts';

const OTHER = '72057594037930002';
const taking = {
  action: 'update',
  group: { id: GROUP },
  applications: { add: [{ id: '11' }] },
  takeFromOtherGroups: true,
};
const clash = aFault({ code: 'concurrent-change', class: 'transient', status: 409, reason: 'somebody else writes' });
const broken = aFault({ code: 'server-error', class: 'unknown', effect: 'unknown', status: 500 });
const forbidden = aFault({ code: 'forbidden', class: 'unknown', status: 403 });
const limited = aFault({ code: 'rate-limited', class: 'transient', scope: 'tenant', status: 429, retryAfterMs: 4000 });
const second = 1000;

function build(): LaneWorld {
  const world = createLaneWorld();
  world.addGroup({ applicationIds: ['10'] });
  world.addGroup({ id: OTHER, name: 'Annex', applicationIds: ['11', '12'] });
  world.addApplications('10', '11', '12');
  return world;
}

const membersOf = (world: LaneWorld, id: string) => world.tenant.groups.get(id)?.applicationIds;

/** Fails the calls about the group that is joined, after the first write; `times` counts them. */
function failJoining(
  world: LaneWorld,
  method: 'write' | 'getGroup',
  fault: ZpaFault,
  times = Number.POSITIVE_INFINITY,
) {
  let left = times;
  world.tenant.interfere = (called, argument): Interference | undefined => {
    const about = called === 'write' ? (argument as { groupId?: string }).groupId : argument;
    if (world.tenant.writes.length === 0 || called !== method || about !== GROUP || left <= 0) return undefined;
    left -= 1;
    return { fault };
  };
}

/** Works the move and says for how long its application was in no group. */
async function work(world: LaneWorld) {
  const change = await world.accept('T-1', taking);
  const leftAt = world.clock.now();
  await world.settle([change, await world.accept('T-2', { action: 'create', group: { name: 'Next' } })], 200);
  expect((await world.read('T-2')).outcome?.kind).toBe('applied');
  const lane = await world.ledger.readLane(LANE);
  expect(lane).not.toHaveProperty('intent');
  expect(lane).not.toHaveProperty('trouble');
  return { outcome: (await world.read('T-1')).outcome, tookMs: world.clock.now() - leftAt };
}

describe('the second write of a move', () => {
  it('that never gets an answer is compensated, also where one look at it fails in between', async () => {
    const world = build();
    const lost = aFault({ code: 'timeout', class: 'transient', scope: 'tenant', effect: 'unknown' });
    let [sent, hidden] = [0, false];
    world.tenant.interfere = (called, argument): Interference | undefined => {
      const about = called === 'write' ? (argument as { groupId?: string }).groupId : argument;
      if (world.tenant.writes.length === 0 || about !== GROUP || sent === 6) return undefined;
      if (called === 'write') sent += 1;
      if (called === 'write') return { fault: lost };
      if (called !== 'getGroup' || sent !== 5 || hidden) return undefined;
      hidden = true;
      return { fault: aFault({ ...lost, effect: 'none' }) };
    };
    const { outcome } = await work(world);
    expect([sent, hidden]).toEqual([6, true]);
    expect(outcome).toMatchObject({ code: 'zpa-refused', sentence: expect.stringContaining('no definite answer') });
    expect(membersOf(world, OTHER)).toEqual(['11', '12']);
  });

  it('that clashes five times is repeated within seconds', async () => {
    const world = build();
    failJoining(world, 'write', clash, 5);
    const { outcome } = await work(world);
    expect(outcome).toMatchObject({ kind: 'applied', effect: { added: ['11'] } });
    expect(outcome?.kind === 'applied' && outcome.effect.ungroupedMs).toBeLessThan(60 * second);
    expect(membersOf(world, GROUP)).toEqual(['10', '11']);
  });

  it('does not count the tries before the first write', async () => {
    const world = build();
    let clashes = 5;
    failJoining(world, 'write', clash, 5);
    const { interfere } = world.tenant;
    world.tenant.interfere = (method, argument) => {
      if (method !== 'write' || clashes === 0) return interfere(method, argument);
      clashes -= 1;
      return { fault: clash };
    };
    expect((await work(world)).outcome).toMatchObject({ kind: 'applied', attempts: expect.any(Number) });
  });

  it.each([
    ['clashes', 'write', clash, 60 * second],
    ['gets no definite answer and has no effect,', 'write', broken, 15 * 60 * second],
    ['cannot be prepared because its group cannot be read,', 'getGroup', forbidden, 60 * second],
  ] as const)('that %s for ever is taken back', async (_, method, fault, withinMs) => {
    const world = build();
    failJoining(world, method, fault);
    const { outcome, tookMs } = await work(world);
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'zpa-refused', attempts: 6 });
    expect(membersOf(world, OTHER)).toEqual(['11', '12']);
    expect(membersOf(world, GROUP)).toEqual(['10']);
    expect(world.meter.total('LeftUngrouped')).toBe(0);
    expect(tookMs).toBeLessThan(withinMs);
  });

  it.each(['write', 'getGroup'] as const)(
    'that meets a 429 at each %s for half an hour is taken back',
    async (method) => {
      const world = build();
      failJoining(world, method, limited);
      const { outcome, tookMs } = await work(world);
      const remedy = expect.stringContaining('redrive');
      expect(outcome).toMatchObject({
        kind: 'rejected',
        code: 'zpa-refused',
        remedy,
        zpaError: { code: 'rate-limited' },
      });
      expect(membersOf(world, OTHER)).toEqual(['11', '12']);
      expect(tookMs).toBeLessThan(45 * 60 * second);
    },
  );

  it.each([
    ['clashes', clash],
    ['gets no definite answer', broken],
    ['meets a 429', limited],
  ])('that %s for ever, as its compensation does, is alarmed and named in the failure', async (_, fault) => {
    const world = build();
    world.tenant.interfere = (method, argument) =>
      method === 'write' && world.tenant.writes.length > 0 && (argument as { kind: string }).kind === 'update'
        ? { fault }
        : undefined;
    const { outcome } = await work(world);
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'zpa-refused', details: { applications: ['11'] } });
    expect(world.meter.total('LeftUngrouped')).toBe(1);
    expect(world.failures.sent).toHaveLength(1);
  });

  it('that clashes for ever is taken back, although the compensation clashes five times as well', async () => {
    const world = build();
    let clashes = 11;
    world.tenant.interfere = (method) => {
      if (method !== 'write' || world.tenant.writes.length !== 1 || clashes === 0) return undefined;
      clashes -= 1;
      return { fault: clash };
    };
    const { outcome } = await work(world);
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'zpa-refused' });
    expect(membersOf(world, OTHER)).toEqual(['11', '12']);
    expect(world.meter.total('LeftUngrouped')).toBe(0);
  });

  it('that clashes five times may be looked at five times in vain', async () => {
    const world = build();
    failJoining(world, 'write', clash, 5);
    const { interfere } = world.tenant;
    let looks = 5;
    world.tenant.interfere = (method, argument) => {
      if (method !== 'getGroup' || world.tenant.writes.length < 2 || looks === 0) return interfere(method, argument);
      looks -= 1;
      return { fault: forbidden };
    };
    expect((await work(world)).outcome).toMatchObject({ kind: 'applied' });
    expect(looks).toBe(0);
  });

  it('waits for its tenant where other reads fail too: nothing is taken back', async () => {
    const world = build();
    const answersAt = world.clock.now() + 3_600_000;
    const isDown = () => world.tenant.writes.length > 0 && world.clock.now() < answersAt;
    world.tenant.interfere = (method) => (isDown() ? { fault: method === 'write' ? clash : broken } : undefined);
    const { outcome } = await work(world);
    expect(outcome).toMatchObject({ kind: 'applied', effect: { added: ['11'] } });
  });
});
