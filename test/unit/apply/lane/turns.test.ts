import { describe, expect, it } from 'vitest';
import type { LaneEnd } from '../../../../functions/apply/lane/lane-hold.ts';
import type { ApplyPorts } from '../../../../functions/apply/lane/ports.ts';
import { workLane } from '../../../../functions/apply/work-lane.ts';
import { TIMING } from '../../../../shared/domain/ledger/timing.ts';
import type { LaneRecord } from '../../../../shared/domain/records/lane-record.ts';
import { interrupted } from '../../../fakes/interrupted.ts';
import { aRejected } from '../../../fakes/records.ts';
import { groupIn, type Left, laneOf, leave, updating, watch, wroteAs } from '../intent/found-intent.ts';
import { createLaneWorld, LANE, type LaneWorld } from '../lane-world.ts';
import { CLASH, idOf, OTHER, rename, UNREACHABLE, update, upTo } from '../requests.ts';

const stopped = { code: 'unreachable', sentence: 's', since: 1, tries: 1, alarmed: true };

type Turn = { ports?: ApplyPorts; remainingMs?: number; signal?: AbortSignal };

/** One worker works the lane; randomness adds nothing to its waits. */
function work(world: LaneWorld, { ports = world.ports, remainingMs = 60_000, signal }: Turn = {}): Promise<LaneEnd> {
  const endsAt = world.clock.now() + remainingMs;
  const invocation = {
    remainingMs: () => endsAt - world.clock.now(),
    signal: signal ?? new AbortController().signal,
  };
  const chance = { ...ports.chance, random: () => 0 };
  return workLane({ ...ports, chance }, LANE, invocation, new Set());
}

async function one(over: Partial<LaneRecord> = {}) {
  const world = laneOf({});
  if (Object.keys(over).length > 0) await world.setLane(over);
  const change = await world.accept('T-1', rename);
  return { world, change };
}

describe('work on a lane', () => {
  it('is done when nothing is left in it', async () => {
    const { world } = await one();
    expect(await work(world)).toEqual({ kind: 'done' });
    expect((await world.read('T-1')).outcome?.kind).toBe('applied');
    expect(await world.lane()).not.toHaveProperty('lease');
  });

  it('gives a change its whole retry window, however long the turn of the one before it lasted', async () => {
    const since = createLaneWorld().clock.now() - 2 * TIMING.retryWindowMs;
    const { world } = await one({ turn: { sequence: 0, since } });
    expect(await work(world)).toEqual({ kind: 'done' });
    expect((await world.read('T-1')).outcome?.kind).toBe('applied');
  });

  it('goes on behind settled changes that owe their sends, however many', async () => {
    const world = laneOf({});
    for (let n = 1; n <= 200; n += 1) {
      const record = await world.accept(`S-${n}`, rename);
      await world.ledger.writeChange({ ...record, state: 'settled', outcome: aRejected(), pending: ['sns'] }, 1);
    }
    await world.accept('T-1', rename);
    expect(await work(world)).toEqual({ kind: 'done' });
    expect([(await world.read('T-1')).outcome?.kind, world.outcomes.published.length]).toEqual(['applied', 201]);
  });

  it('waits for another worker’s lease', async () => {
    const { world } = await one({ lease: { owner: 'other', until: Number.MAX_SAFE_INTEGER } });
    expect(await work(world)).toEqual({ kind: 'wait', delayMs: 30_000, reason: 'lease-held' });
    expect(world.tenant.calls).toEqual([]);
  });

  it('is not begun without time for a write', async () => {
    const { world } = await one();
    const asked: string[] = [];
    const ledger = interrupted(world.ledger, 'ledger', ({ method }) => void asked.push(method));
    expect(await work(world, { ports: { ...world.ports, ledger }, remainingMs: 29_999 })).toEqual({ kind: 'again' });
    expect(asked).not.toContain('openChanges');
    expect(await work(world, { remainingMs: 30_000 })).toEqual({ kind: 'done' });
  });

  it('waits while an operator has paused it', async () => {
    const { world } = await one({ paused: { by: 'lena', reason: 'look', since: 1 } });
    expect(await work(world)).toEqual({ kind: 'wait', delayMs: TIMING.deferMaxMs, reason: 'paused' });
    expect(world.tenant.calls).toEqual([]);
  });

  it('waits for the next probe of a stopped one, not less than the shortest deferral, and probes when it is time', async () => {
    for (const [inMs, delayMs] of [
      [90_000, 90_000],
      [1, 30_000],
      [0, 0],
    ] as const) {
      const { world } = await one();
      await world.setLane({ stopped: { ...stopped, probeAt: world.clock.now() + inMs } });
      const waits = { kind: 'wait', delayMs, reason: 'unreachable' };
      expect(await work(world)).toEqual(inMs === 0 ? { kind: 'done' } : waits);
      expect(world.tenant.calls.length > 0).toBe(inMs === 0);
    }
  });

  it('says no longer that the lane stands still once ZPA was read, whatever became of the change', async () => {
    const world = laneOf({ name: 'Depot' });
    const { ref, generation } = await world.accept('T-1', rename);
    const trouble = { ref, generation, tries: 2, since: 1, retryAt: 1 };
    await world.setLane({ stopped: { ...stopped, probeAt: 1 }, trouble });
    await work(world);
    expect((await world.read('T-1')).outcome?.kind).toBe('unchanged');
    for (const field of ['stopped', 'working', 'trouble']) expect(await world.lane()).not.toHaveProperty(field);
  });
});

describe('a worker that loses its lease', () => {
  it('ends as if another held the lane, and touches nothing more', async () => {
    const { world, change } = await one();
    const ledger = interrupted(world.ledger, 'ledger', async ({ method, phase }) => {
      if (method !== 'writeLane' || phase !== 'before') return;
      const lane = await world.lane();
      if (lane.intent === undefined && lane.fence === 1 && lane.working !== undefined) {
        await world.ledger.writeLane({ ...lane, fence: 2, lease: { owner: 'other', until: 1e15 } }, lane.version);
      }
    });
    expect(await work(world, { ports: { ...world.ports, ledger } })).toEqual({
      ...{ kind: 'wait', delayMs: 30_000, reason: 'lease-lost' },
    });
    expect(world.tenant.writes).toEqual([]);
    expect((await world.read(change.ref.idempotencyKey)).state).toBe('queued');
    expect(await world.lane()).toMatchObject({ fence: 2, lease: { owner: 'other' } });
  });
});

describe('an error in the middle of the work', () => {
  /** Ports on which the mark that nothing is owed any more cannot be written. */
  const failing = (world: LaneWorld, error: Error, onFail = () => {}): ApplyPorts => {
    const writeChange: LaneWorld['ledger']['writeChange'] = async (record, expected) => {
      if (record.state !== 'settled' || record.pending.length > 0) return world.ledger.writeChange(record, expected);
      onFail();
      throw error;
    };
    return { ...world.ports, ledger: { ...world.ledger, writeChange } };
  };
  const platform = () => Object.assign(new Error('DynamoDB is slow'), { scope: 'platform' });

  it('of a service gives the lane back, and is no strike against the change', async () => {
    const { world } = await one();
    await expect(work(world, { ports: failing(world, platform()) })).rejects.toThrow('is slow');
    const lane = await world.lane();
    expect(lane).toMatchObject({ working: { strikes: 0 } });
    expect(lane).not.toHaveProperty('lease');
    expect(await work(world)).toEqual({ kind: 'done' });
  });

  it('of ours keeps the lease: it ends as a crash does', async () => {
    const { world } = await one();
    await expect(work(world, { ports: failing(world, new TypeError('a bug of ours')) })).rejects.toThrow('a bug');
    expect(await world.lane()).toMatchObject({ lease: {}, working: { strikes: 0 } });
  });

  it('is told although the lane cannot be given back', async () => {
    const { world } = await one();
    let dead = false;
    const ports = failing(world, platform(), () => {
      dead = true;
    });
    const ledger = interrupted(ports.ledger, 'ledger', ({ method }) => {
      if (dead && method === 'writeLane') throw new Error('DynamoDB is down');
    });
    await expect(work(world, { ports: { ...ports, ledger } })).rejects.toThrow('is slow');
  });

  it('that is the end of our own time is none: the lane is given back and goes on in the next invocation', async () => {
    const { world } = await one();
    const ending = new AbortController();
    watch(world, (method) => {
      if (method !== 'getGroup') return;
      ending.abort();
      throw ending.signal.reason;
    });
    expect(await work(world, { signal: ending.signal })).toEqual({ kind: 'again' });
    expect(await world.lane()).not.toHaveProperty('lease');
  });
});

describe('what lies aside', () => {
  const shown = (world: LaneWorld, id: string): Left => {
    const before = groupIn(world, id);
    wroteAs(world, id, { enabled: true });
    const writes = [updating(before, { fields: { enabled: true } })];
    return { writes, awaitingReadBack: true, intent: { cursor: 1, sendBefore: 0, answeredAt: world.clock.now() } };
  };
  const open = (world: LaneWorld): Left => ({
    writes: [updating(groupIn(world), { fields: { name: 'Depot' } })],
    intent: { sendBefore: world.clock.now() },
  });
  async function left(...scenes: ((world: LaneWorld) => Left)[]) {
    const world = laneOf({}, { id: OTHER, name: 'Annex' });
    const { session } = await leave(world, ...scenes.map((scene) => scene(world)));
    await session.release();
    return world;
  }

  it('is looked at before the lane waits for a write without an answer', async () => {
    const world = await left((w) => shown(w, OTHER), open);
    expect(await work(world)).toEqual({ kind: 'wait', delayMs: 80_000, reason: 'outcome-unknown' });
    expect((await world.read('T-1')).outcome?.kind).toBe('applied');
    expect(world.tenant.calls).toHaveLength(1);
  });

  it('and does not show waits behind it, without the lane being looked at again and again', async () => {
    const world = await left((w) => shown(w, OTHER), open);
    world.addGroup({ id: OTHER, name: 'Annex' });
    expect(await work(world)).toEqual({ kind: 'wait', delayMs: 80_000, reason: 'outcome-unknown' });
    expect(world.tenant.calls).toHaveLength(1);
    expect(await world.lane()).toMatchObject({ intent: { writeId: 'write-2' }, answered: [{ writeId: 'write-1' }] });
  });

  it('is not looked at while ZPA is known to be out of reach', async () => {
    const world = await left((w) => shown(w, OTHER), open);
    world.tenant.interfere = () => ({ fault: UNREACHABLE });
    expect(await work(world)).toEqual({ kind: 'wait', delayMs: 30_000, reason: 'unreachable' });
    expect(await work(world)).toEqual({ kind: 'wait', delayMs: 80_000, reason: 'outcome-unknown' });
    expect(world.tenant.calls).toHaveLength(1);
    expect((await world.lane()).answered).toHaveLength(1);
  });

  it('is looked at before the worker ends for want of time', async () => {
    const world = await left((w) => shown(w, OTHER));
    await world.accept('T-9', rename);
    expect(await work(world, { remainingMs: 29_000 })).toEqual({ kind: 'again' });
    expect((await world.read('T-1')).outcome?.kind).toBe('applied');
    expect((await world.read('T-9')).state).toBe('queued');
  });
});

it('a lane asks the ledger once for all that is open, then only for what came since', async () => {
  const world = createLaneWorld();
  for (const n of upTo(4)) world.addGroup({ id: idOf(n), name: `Group ${n}` });
  const after: unknown[] = [];
  const ledger = {
    ...world.ledger,
    openChanges: (lane: string, limit: number, place?: number) => {
      after.push(place);
      return world.ledger.openChanges(lane, limit, place);
    },
  };
  await world.acceptAll(...upTo(4).map((n) => ({ action: 'delete', group: { id: idOf(n) } })));
  expect(await work(world, { ports: { ...world.ports, ledger } })).toEqual({ kind: 'done' });
  expect(after[0]).toBeUndefined();
  expect(after.slice(1).every((place) => typeof place === 'number')).toBe(true);
});

it('a change that arrives while the worker leaves a lane to wait is looked at before its messages are hidden', async () => {
  const { world, change } = await one();
  world.tenant.interfere = (method) => (method === 'write' ? { fault: CLASH } : undefined);
  const { writeLane } = world.ledger;
  let late = 0;
  world.ledger.writeLane = async (record, expected) => {
    if (record.lease === undefined && late === 0) {
      late += 1;
      await world.accept('T-2', update('500', { set: { name: 'Room' } }));
    }
    return writeLane(record, expected);
  };
  await world.invoke([change]);
  await world.invoke([change]);
  const [first, second] = world.deferral.deferred.map(({ delayMs }) => delayMs);
  expect([late, first]).toEqual([1, 0]);
  expect(second).toBeGreaterThanOrEqual(25_000);
});
