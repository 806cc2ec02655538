import { describe, expect, it } from 'vitest';
import type { ApplyPorts } from '../../../functions/apply/lane/ports.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';
import { newLane } from '../../../shared/domain/records/lane-record.ts';
import { interrupted } from '../../fakes/interrupted.ts';
import { watch } from './intent/found-intent.ts';
import { createLaneWorld, LANE, type LaneWorld } from './lane-world.ts';

const idOf = (n: number) => `${72057594037930000n + BigInt(n)}`;
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const described = (n: number, over: Record<string, unknown> = {}) => ({
  ...{ action: 'update', group: { id: idOf(n) }, set: { description: 'south' } },
  ...over,
});
const read = (world: LaneWorld) => world.ledger.readLane(LANE);
const outcomeOf = async (world: LaneWorld, n: number) => (await world.read(`T-${n}`)).outcome;

/** Creates `count` groups and a change of each. */
async function round(count: number, tenant: Record<string, unknown> = {}) {
  const world = createLaneWorld(tenant);
  const changes: ChangeRecord[] = [];
  for (const n of upTo(count)) {
    world.addGroup({ id: idOf(n), name: `Group ${n}` });
    changes.push(await world.accept(`T-${n}`, described(n)));
  }
  return { world, changes };
}

/** A ledger that records its calls; `before` runs before each call. */
function watched(world: LaneWorld, before: (method: string) => void | Promise<void> = () => undefined) {
  const asked: string[] = [];
  const ledger = interrupted(world.ledger, 'ledger', async ({ method, phase }) => {
    if (phase !== 'before') return;
    asked.push(method);
    await before(method);
  });
  return { asked, ports: { ...world.ports, ledger } };
}
const deferred = (world: LaneWorld) => world.log.lines.filter(({ message }) => message === 'deferred');
const withBudget = (world: LaneWorld, budget: Partial<LaneRecord['budget']>) =>
  world.ledger.writeLane({ ...newLane(LANE), budget: { reads: [], writes: [], notBefore: 0, ...budget } }, 0);

describe('a round of steps', () => {
  it('asks the ledger for open changes once, and once more for what came since', async () => {
    const { world, changes } = await round(8);
    const { asked, ports } = watched(world);
    expect(await world.invoke(changes, ports)).toEqual([]);
    expect(asked.filter((method) => method === 'openChanges')).toHaveLength(1);
    expect(world.tenant.writes).toHaveLength(8);
  });

  it('names at most twenty changes ahead', async () => {
    const { world, changes } = await round(30);
    const named: number[] = [];
    const { ports } = watched(world, async (method) => {
      if (method === 'writeLane') named.push((await read(world)).working?.members.length ?? 0);
    });
    await world.invoke(changes, ports);
    expect(Math.max(...named)).toBe(20);
  });

  it('ends when an operator pauses the lane', async () => {
    const { world, changes } = await round(6);
    watch(world, (method) => {
      if (method !== 'write' || world.tenant.writes.length !== 1) return;
      void read(world).then((lane) => {
        const paused = { by: 'lena', reason: 'look', since: 1 };
        return world.ledger.writeLane({ ...lane, paused }, lane.version);
      });
    });
    expect(await world.invoke(changes)).toHaveLength(3);
    // Only the change whose intent was stored before the pause is still carried out.
    expect(world.tenant.writes).toHaveLength(3);
    expect(await read(world)).toMatchObject({ paused: { by: 'lena' } });
    expect(await read(world)).not.toHaveProperty('answered');
    for (const n of [1, 2, 3]) expect(await outcomeOf(world, n)).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(deferred(world).at(-1)?.fields).toMatchObject({ reason: 'paused' });
  });

  it('reads nothing for what a freeze holds back that began in the middle of it', async () => {
    const { world, changes } = await round(3);
    const { acme } = world.ports.configuration.tenants;
    if (acme === undefined) throw new Error('acme is configured');
    const iso = (ms: number) => new Date(world.clock.now() + ms).toISOString();
    const tenants = { acme: { ...acme, freezes: [{ from: iso(3000), until: iso(3_600_000) }] } };
    const { zpaFor } = world.ports;
    const ports: ApplyPorts = {
      ...world.ports,
      configuration: { ...world.ports.configuration, tenants },
      zpaFor: (tenant, limiter) => {
        const zpa = zpaFor(tenant, limiter);
        const write: typeof zpa.write = async (...args) => {
          const answer = await zpa.write(...args);
          await world.clock.sleep(4000);
          return answer;
        };
        return { ...zpa, write };
      },
    };
    const calls = watch(world);
    expect(await world.invoke(changes, ports)).toEqual([]);
    expect(await outcomeOf(world, 1)).toMatchObject({ kind: 'applied' });
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
  it('for long, the lane waits for it, and reads nothing before', async () => {
    for (const [inMs, delayMs] of [
      [40_000, 40_000],
      [25_000, 30_000],
    ] as const) {
      const { world, changes } = await round(1);
      await withBudget(world, { notBefore: world.clock.now() + inMs });
      expect(await world.invoke(changes)).toHaveLength(1);
      expect(world.tenant.calls).toEqual([]);
      expect(deferred(world)).toMatchObject([{ fields: { reason: 'rate-limited', delayMs } }]);
    }
  });

  it('for a short while, it is waited for in place', async () => {
    const { world, changes } = await round(1);
    const began = world.clock.now();
    await withBudget(world, { notBefore: began + 24_999 });
    expect(await world.invoke(changes)).toEqual([]);
    expect(world.tenant.calls[0]?.at).toBe(began + 24_999);
  });

  it('until there is no time left for it, the next invocation goes on', async () => {
    for (const [lastsMs, reason] of [
      [39_999, 'again'],
      [40_000, undefined],
    ] as const) {
      const { world, changes } = await round(1);
      await withBudget(world, { notBefore: world.clock.now() + 10_000 });
      await world.invoke(changes, world.ports, lastsMs);
      expect(deferred(world)[0]?.fields.reason).toBe(reason);
      expect(world.tenant.calls.length === 0).toBe(reason === 'again');
    }
  });

  it('a write starts on the dot, however long its group takes to be read', async () => {
    const { world, changes } = await round(6, { budget: { reads: 20, writes: 2 } });
    const { zpaFor } = world.ports;
    world.ports.zpaFor = (tenant, limiter) => {
      const zpa = zpaFor(tenant, limiter);
      const getGroup: typeof zpa.getGroup = async (...args) => {
        const group = await zpa.getGroup(...args);
        await world.clock.sleep(400);
        return group;
      };
      return { ...zpa, getGroup };
    };
    const calls = watch(world);
    await world.settle(changes);
    const at = calls.filter(({ method }) => method === 'write').map((call) => call.at);
    expect((at[4] ?? 0) - (at[2] ?? 0)).toBe(10_001);
  });

  it('what lies aside is looked at first, if it would wait for most of a window', async () => {
    for (const [age, waits] of [
      [2001, 0],
      [2002, 7999],
    ] as const) {
      const { world, changes } = await round(2);
      const began = world.clock.now();
      await withBudget(world, { writes: Array.from({ length: 9 }, () => began - age) });
      await world.invoke(changes);
      expect(((await outcomeOf(world, 1))?.at ?? 0) - began).toBe(waits);
      expect((await outcomeOf(world, 2))?.kind).toBe('applied');
    }
  });
});

describe('before the next step is taken up, what lies aside is looked at', () => {
  /** Counts the changes that are settled when the n-th is written. */
  async function settledAtWrite(requests: Record<string, unknown>[], nth: number, tenant = {}) {
    const world = createLaneWorld(tenant);
    for (const n of upTo(requests.length)) world.addGroup({ id: idOf(n), name: `Group ${n}` });
    const changes: ChangeRecord[] = [];
    for (const [index, request] of requests.entries()) changes.push(await world.accept(`T-${index + 1}`, request));
    let settled: Promise<number> | undefined;
    watch(world, (method) => {
      if (method !== 'write' || world.tenant.writes.length !== nth - 1) return;
      settled = Promise.all(changes.map(({ ref }) => world.ledger.readChange(ref))).then(
        (records) => records.filter((record) => record?.state === 'settled').length,
      );
    });
    await world.settle(changes);
    return settled;
  }
  const set = (index: number) => ({ changeSet: { id: 'S', index, size: 2, onReject: 'stop' } });

  it('if it is one of a set that stops, or a delete', async () => {
    const plain = [described(1, set(1)), described(2)];
    expect(await settledAtWrite([...plain, described(3)], 3)).toBe(0);
    expect(await settledAtWrite([...plain, described(3, set(2))], 3)).toBe(2);
    expect(await settledAtWrite([...plain, { action: 'delete', group: { id: idOf(3) } }], 3)).toBe(2);
  });

  it('if ten lie aside', async () => {
    const budget = { reads: 60, writes: 30 };
    const twelve = upTo(12).map((n) => described(n));
    expect(await settledAtWrite(twelve, 10, { budget })).toBe(0);
    expect(await settledAtWrite(twelve, 11, { budget })).toBe(10);
  });
});
