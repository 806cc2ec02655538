import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wakeLane } from '../../../functions/ops/commands/lanes/wake-lane.ts';
import { laneName } from '../../../shared/domain/lane/change-ref.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { SmallLane } from './small-lanes.ts';
import { startWorkerWorld, type WorkerWorld } from './worker-world.ts';

/**
 * SQS delivers no message of a lane's group while one of them is hidden, for up to fifteen minutes after a wait and six after
 * a crash. What ends the wait takes effect all the same.
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const SOON = 10 * SECOND;

let world: WorkerWorld;
let lane: SmallLane;
let name: string;

beforeEach(async () => {
  world = await startWorkerWorld({ lanes: 1 });
  const [first] = world.lanes;
  if (first === undefined) throw new Error('there is a lane');
  lane = first;
  const tenant = world.ports().configuration.tenants[lane.tenant];
  if (tenant === undefined) throw new Error('the tenant is configured');
  name = laneName(tenant);
});
afterEach(() => world.close());

const now = () => world.time.worker.now();

async function accept(key: string): Promise<ChangeRecord> {
  const set = { description: key };
  const asked = { idempotencyKey: key, action: 'update', group: { id: lane.alpha }, set };
  const [record] = await world.accept(lane, [asked]);
  if (record === undefined) throw new Error(`${key} is accepted`);
  return record;
}

async function setPaused(paused: { by: string; reason: string; since: number } | undefined): Promise<void> {
  const { ledger } = world.ports();
  const { paused: _, ...record } = await ledger.readLane(name);
  await ledger.writeLane({ ...record, ...(paused && { paused }) }, record.version);
}

/** Until all are settled; answers how long it took. */
async function settledAfter(records: readonly ChangeRecord[], since: number): Promise<number> {
  for (let turns = 0; turns < 200; turns += 1) {
    const found = await Promise.all(records.map(({ ref }) => world.ports().ledger.readChange(ref)));
    if (found.every((one) => one?.state === 'settled')) return now() - since;
    await world.turn();
  }
  throw new Error('the changes are not settled');
}

/** A lane whose only message is hidden for a quarter of an hour, because it was paused when a worker took it up. */
async function pausedFor(ms: number): Promise<ChangeRecord> {
  await setPaused({ by: 'lena', reason: 'maintenance', since: now() });
  const change = await accept('K1');
  await world.turn();
  await world.time.advanceTo(now() + ms);
  return change;
}

describe('a lane whose messages are hidden', () => {
  it('goes on at once when it is resumed, as often as it is paused again', async () => {
    const changes = [await pausedFor(MINUTE)];
    for (const key of ['K2', 'K3']) {
      await setPaused(undefined);
      const resumed = now();
      await wakeLane(world.ports(), name);
      expect(await settledAfter(changes, resumed)).toBeLessThanOrEqual(SOON);
      await setPaused({ by: 'lena', reason: 'again', since: now() });
      changes.push(await accept(key));
      await world.turn();
      await world.time.advanceTo(now() + SECOND);
    }
  });

  it('is woken by a new change where a resumed lane was not woken', async () => {
    const first = await pausedFor(MINUTE);
    await setPaused(undefined);
    const submitted = now();
    const second = await accept('K2');
    expect(await settledAfter([first, second], submitted)).toBeLessThanOrEqual(SOON);
    await world.time.advanceTo(now() + SECOND);
    const next = now();
    expect(await settledAfter([await accept('K3')], next)).toBeLessThanOrEqual(SOON);
  });

  it('is not woken by a new change while it is paused', async () => {
    await pausedFor(MINUTE);
    const before = world.invocations.length;
    await accept('K2');
    await world.settleUntil(now() + MINUTE);
    expect(world.invocations.length).toBe(before);
  });
});

describe('a write whose worker died', () => {
  async function died(): Promise<{ change: ChangeRecord; decidable: number }> {
    const dead = Promise.withResolvers<void>();
    world.dieAt(({ method }) => method === 'PUT', dead.resolve);
    const change = await accept('K1');
    const sent = now();
    await world.turn();
    await dead.promise;
    return { change, decidable: sent + TIMING.sendWithinMs + TIMING.requestTimeoutMs + TIMING.quietPeriodMs };
  }

  it('is looked at when its quiet period is over, as soon as the sweeper finds the lease over', async () => {
    const { change, decidable } = await died();
    for (let sweeps = 0; sweeps < 2; sweeps += 1) {
      await world.time.advanceTo(now() + MINUTE);
      await world.sweep();
    }
    expect(await settledAfter([change], decidable)).toBeLessThanOrEqual(MINUTE + SOON);
  });

  it('is looked at within seconds when a new change comes after its quiet period', async () => {
    const { change, decidable } = await died();
    await world.time.advanceTo(decidable + SECOND);
    const submitted = now();
    const second = await accept('K2');
    expect(await settledAfter([change, second], submitted)).toBeLessThanOrEqual(SOON);
  });
});

describe('a write without an answer', () => {
  it('is looked at within seconds after its quiet period', async () => {
    world.simulator.faults.script({ method: 'PUT' }, { kind: 'error', status: 503 });
    const change = await accept('K1');
    const sent = now();
    const decidable = sent + TIMING.sendWithinMs + TIMING.requestTimeoutMs + TIMING.quietPeriodMs;
    expect(await settledAfter([change], decidable)).toBeLessThanOrEqual(SOON);
  });
});
