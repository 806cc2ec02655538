import { describe, expect, it } from 'vitest';
import { applyBatch } from '../../../functions/apply/apply-batch.ts';
import { messageFor } from '../../../shared/domain/ledger/message.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';
import { interrupted } from '../../fakes/interrupted.ts';
import { watch } from './intent/found-intent.ts';
import { configure, slow } from './interfere.ts';
import { createLaneWorld, type LaneWorld, toQueueRecord } from './lane-world.ts';
import { describing, HOUR, idOf, iso, update, upTo } from './requests.ts';

const rewording = (n: number, more: object = {}) => update(idOf(n), { set: { description: 'south' }, ...more });

/** Creates `count` groups and a change of each. */
async function round(count: number, tenant: Record<string, unknown> = {}) {
  const world = createLaneWorld(tenant);
  for (const n of upTo(count)) world.addGroup({ id: idOf(n), name: `Group ${n}` });
  return { world, changes: await world.acceptAll(...upTo(count).map((n) => describing(idOf(n)))) };
}

/** The ledger tells of its calls before they are made. */
function watchLedger(world: LaneWorld, before: (method: string) => void | Promise<void>) {
  world.ports.ledger = interrupted(world.ledger, 'ledger', ({ method, phase }) =>
    phase === 'before' ? before(method) : undefined,
  );
}
const deferred = (world: LaneWorld) => world.log.lines.filter(({ message }) => message === 'deferred');
const setBudget = (world: LaneWorld, budget: Partial<LaneRecord['budget']>) =>
  world.setLane({ budget: { reads: [], writes: [], notBefore: 0, ...budget } });

describe('a lane says until when its messages may be hidden', () => {
  const MIXED = [undefined, 1];
  const APART = [1, 1];
  const minute = (world: LaneWorld) => world.clock.now() + 2 * world.ports.timing.deferMinMs;
  const asDeferred = (world: LaneWorld) => world.clock.now() + (world.deferral.deferred.at(-1)?.delayMs ?? 0) + 1000;

  it.each([
    ['as they are deferred, if one is of its own group', MIXED, HOUR, asDeferred],
    ['as another invocation may have deferred them, if none is', APART, 0, minute],
    ['as it was known, if that is later and none is', APART, HOUR, (world: LaneWorld) => world.clock.now() + HOUR],
  ])('%s', async (_, apart, knownMs, hiddenUntil) => {
    const { world, changes } = await round(2);
    await world.setLane({
      paused: { by: 'lena', reason: 'look', since: 1 },
      ...(knownMs > 0 && { hiddenUntil: world.clock.now() + knownMs }),
    });
    const records = changes.map((change, index) => ({
      ...toQueueRecord(change),
      body: JSON.stringify({ ...messageFor(change, 'accept'), apartAt: apart[index] }),
    }));
    expect(await world.work(...records)).toHaveLength(2);
    expect((await world.lane()).hiddenUntil).toBe(hiddenUntil(world));
  });

  it.each([
    ['for the shortest time after an error of a port', false, 31_000],
    ['not at all where the time was up', true, undefined],
  ])('%s', async (_, isOver, ms) => {
    const { world, changes } = await round(1);
    const over = new AbortController();
    watchLedger(world, (method) => {
      if (method !== 'openChanges') return;
      if (isOver) over.abort();
      throw Object.assign(new Error('the table is away'), { scope: 'platform' });
    });
    const invocation = { remainingMs: () => world.ports.timing.functionTimeoutMs, signal: over.signal };
    expect(await applyBatch(world.ports, changes.map(toQueueRecord), invocation)).toHaveLength(1);
    const { hiddenUntil, lease } = await world.lane();
    expect([hiddenUntil, lease]).toEqual([ms && world.clock.now() + ms, undefined]);
  });
});

describe('a round of steps', () => {
  it('asks the ledger for open changes once, and once more for what came since', async () => {
    const { world, changes } = await round(8);
    const asked: string[] = [];
    watchLedger(world, (method) => void asked.push(method));
    expect(await world.invoke(changes)).toEqual([]);
    expect(asked.filter((method) => method === 'openChanges')).toHaveLength(1);
    expect(world.tenant.writes).toHaveLength(8);
  });

  it('names at most twenty changes ahead', async () => {
    const { world, changes } = await round(30);
    const named: number[] = [];
    watchLedger(world, async (method) => {
      if (method === 'writeLane') named.push((await world.lane()).working?.members.length ?? 0);
    });
    await world.invoke(changes);
    expect(Math.max(...named)).toBe(20);
  });

  it('ends when an operator pauses the lane', async () => {
    const { world, changes } = await round(6);
    watch(world, (method) => {
      if (method === 'write' && world.tenant.writes.length === 1)
        void world.setLane({ paused: { by: 'lena', reason: 'look', since: 1 } });
    });
    expect(await world.invoke(changes)).toHaveLength(3);
    // Only the change whose intent was stored before the pause is still carried out.
    expect(world.tenant.writes).toHaveLength(3);
    expect(await world.lane()).toMatchObject({ paused: { by: 'lena' } });
    expect(await world.lane()).not.toHaveProperty('answered');
    expect(await world.endings()).toEqual([...['applied', 'applied', 'applied'], ...['open', 'open', 'open']]);
    expect(deferred(world).at(-1)?.fields).toMatchObject({ reason: 'paused' });
  });

  it('reads nothing for what a freeze holds back that began in the middle of it', async () => {
    const { world, changes } = await round(3);
    const now = world.clock.now();
    configure(world, { freezes: [{ from: iso(now + 3000), until: iso(now + HOUR) }] });
    slow(world, 'write', 4000);
    const calls = watch(world);
    expect(await world.invoke(changes)).toEqual([]);
    expect(await world.endings('T-1')).toEqual(['applied']);
    for (const n of [2, 3]) expect((await world.read(`T-${n}`)).state).toBe('scheduled');
    const touched = calls.filter(({ method }) => method === 'getGroup').map(({ argument }) => argument);
    expect(new Set(touched)).toEqual(new Set([idOf(1)]));
  });

  it('waits while the configuration pauses its tenant', async () => {
    const { world, changes } = await round(1, { mode: 'paused' });
    expect(await world.invoke(changes)).toHaveLength(1);
    expect(deferred(world)).toMatchObject([{ fields: { reason: 'tenant-paused' } }]);
    expect(world.deferral.deferred[0]?.delayMs).toBe(world.ports.timing.deferMaxMs);
  });
});

describe('where there is no room for a write', () => {
  it.each([
    [40_000, 40_000],
    [25_000, 30_000],
  ])('for long, the lane waits for it, and reads nothing before: %i', async (inMs, delayMs) => {
    const { world, changes } = await round(1);
    await setBudget(world, { notBefore: world.clock.now() + inMs });
    expect(await world.invoke(changes)).toHaveLength(1);
    expect(world.tenant.calls).toEqual([]);
    expect(deferred(world)).toMatchObject([{ fields: { reason: 'rate-limited', delayMs } }]);
  });

  it('for a short while, it is waited for in place', async () => {
    const { world, changes } = await round(1);
    const began = world.clock.now();
    await setBudget(world, { notBefore: began + 24_999 });
    expect(await world.invoke(changes)).toEqual([]);
    expect(world.tenant.calls[0]?.at).toBe(began + 24_999);
  });

  it.each([
    [39_999, 'again'],
    [40_000, undefined],
  ])('until there is no time left for it, the next invocation goes on: %i, %s', async (lastsMs, reason) => {
    const { world, changes } = await round(1);
    await setBudget(world, { notBefore: world.clock.now() + 10_000 });
    await world.invoke(changes, world.ports, lastsMs);
    expect(deferred(world)[0]?.fields.reason).toBe(reason);
    expect(world.tenant.calls.length === 0).toBe(reason === 'again');
  });

  it('a write starts on the dot, however long its group takes to be read', async () => {
    const { world, changes } = await round(6, { budget: { reads: 20, writes: 2 } });
    slow(world, 'getGroup', 400);
    const calls = watch(world);
    await world.settle(changes);
    const at = calls.filter(({ method }) => method === 'write').map((call) => call.at);
    expect((at[4] ?? 0) - (at[2] ?? 0)).toBe(10_001);
  });

  it.each([
    [2001, 0],
    [2002, 7999],
  ])('what lies aside is looked at first, if it would wait for most of a window: %i', async (age, waits) => {
    const { world, changes } = await round(2);
    const began = world.clock.now();
    await setBudget(world, { writes: Array.from({ length: 9 }, () => began - age) });
    await world.invoke(changes);
    expect(((await world.outcome())?.at ?? 0) - began).toBe(waits);
    expect(await world.endings('T-2')).toEqual(['applied']);
  });
});

describe('before the next step is taken up, what lies aside is looked at', () => {
  /** Counts the changes that are settled when the n-th is written. */
  async function settledAtWrite(requests: Record<string, unknown>[], nth: number, tenant = {}) {
    const world = createLaneWorld(tenant);
    for (const n of upTo(requests.length)) world.addGroup({ id: idOf(n), name: `Group ${n}` });
    let settled: Promise<number> | undefined;
    watch(world, (method) => {
      if (method !== 'write' || world.tenant.writes.length !== nth - 1) return;
      settled = world.endings().then((endings) => endings.filter((one) => one !== 'open').length);
    });
    await world.play(...requests);
    return settled;
  }
  const set = (index: number) => ({ changeSet: { id: 'S', index, size: 2, onReject: 'stop' } });

  it('if it is one of a set that stops, or a delete', async () => {
    const plain = [rewording(1, set(1)), rewording(2)];
    expect(await settledAtWrite([...plain, rewording(3)], 3)).toBe(0);
    expect(await settledAtWrite([...plain, rewording(3, set(2))], 3)).toBe(2);
    expect(await settledAtWrite([...plain, { action: 'delete', group: { id: idOf(3) } }], 3)).toBe(2);
  });

  it('if ten lie aside', async () => {
    const budget = { reads: 60, writes: 30 };
    const twelve = upTo(12).map((n) => rewording(n));
    expect(await settledAtWrite(twelve, 10, { budget })).toBe(0);
    expect(await settledAtWrite(twelve, 11, { budget })).toBe(10);
  });
});
