import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { laneName } from '../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Acknowledgement, OutcomeTopic, ZpaFor } from '../../../shared/ports/ports.ts';
import { interrupted } from '../../fakes/interrupted.ts';
import { createMemoryTenant } from '../../fakes/memory-zpa.ts';
import { aRejected } from '../../fakes/records.ts';
import { createLaneWorld, messageIdOf } from './lane-world.ts';
import { MINUTE } from './requests.ts';

const TENANTS = ['slow', 'fast'] as const;
type TenantName = (typeof TENANTS)[number];

const configuration = configurationSchema.parse({
  name: 'unit',
  tenants: {
    slow: { customerId: '1', vanity: 'slow', reach: 'deletes' },
    fast: { customerId: '2', vanity: 'fast', reach: 'deletes' },
  },
  sources: {
    desk: {
      system: 'Desk',
      grants: [{ tenants: [...TENANTS], actions: ['update'], groups: ['*'], applications: ['*'] }],
    },
  },
});
const laneOf = (tenant: TenantName) => laneName({ cloud: 'PRODUCTION', customerId: tenant === 'slow' ? '1' : '2' });

/** Two lanes; every call for the tenant `slow` takes `slowMs`. */
function createLanesWorld(slowMs: number) {
  const world = createLaneWorld();
  const calls: string[] = [];
  const tenants = { slow: createMemoryTenant(world.clock), fast: createMemoryTenant(world.clock) };
  const group = world.addGroup();
  for (const name of TENANTS) tenants[name].groups.set(group.id, { ...group });
  const zpaFor: ZpaFor = (name, limiter) => {
    const tenant = name as TenantName;
    return interrupted(tenants[tenant].client(limiter), tenant, async ({ phase }) => {
      if (phase === 'after') return;
      calls.push(tenant);
      await world.clock.sleep(tenant === 'slow' ? slowMs : 1);
    });
  };
  const ports = { ...world.ports, configuration, zpaFor };
  async function accept(tenant: TenantName): Promise<ChangeRecord> {
    const change = { action: 'update', tenant, group: { name: 'Warehouse' }, set: { enabled: true } };
    const record = await world.accept(`T-${tenant}`, change);
    const moved = { ...record, ref: { ...record.ref, lane: laneOf(tenant) }, sequence: 1 };
    await world.ledger.writeChange(moved, 0);
    return moved;
  }
  return { ...world, ports, calls, accept };
}

describe('the lanes of one batch', () => {
  it('do not wait for each other', async () => {
    const world = createLanesWorld(10 * MINUTE);
    const start = world.clock.now();
    const [slow, fast] = [await world.accept('slow'), await world.accept('fast')];
    await world.invoke([slow, fast], world.ports);
    const settled = await world.ledger.readChange(fast.ref);
    expect(settled).toMatchObject({ state: 'settled', outcome: { kind: 'applied' } });
    expect((settled?.outcome?.at ?? 0) - start).toBeLessThan(MINUTE);
  });

  it('are each acknowledged at their end, while others are still worked', async () => {
    const world = createLanesWorld(10 * MINUTE);
    const start = world.clock.now();
    const [slow, fast] = [await world.accept('slow'), await world.accept('fast')];
    const acknowledged: { ids: string[]; at: number }[] = [];
    const acknowledgement: Acknowledgement = {
      async acknowledge(receipts) {
        acknowledged.push({ ids: receipts.map((one) => one.messageId), at: world.clock.now() - start });
        return [];
      },
    };
    const retried = await world.invoke([slow, fast], { ...world.ports, acknowledgement });
    expect(acknowledged).toEqual([{ ids: [messageIdOf(fast)], at: expect.any(Number) }]);
    expect(acknowledged[0]?.at).toBeLessThan(MINUTE);
    // The records of the last lane are acknowledged by the answer.
    expect(retried).not.toContain(messageIdOf(fast));
  });

  it('keep the answer right where a record cannot be acknowledged at once', async () => {
    const world = createLanesWorld(100);
    const records = [await world.accept('slow'), await world.accept('fast')];
    const acknowledgement = { acknowledge: () => Promise.reject(new Error('throttled')) };
    expect(await world.invoke(records, { ...world.ports, acknowledgement })).toEqual([]);
  });

  it('do not wait for the owed sends of another lane, nor fail with them', async () => {
    const world = createLanesWorld(1);
    const start = world.clock.now();
    const [slow, fast] = [await world.accept('slow'), await world.accept('fast')];
    await world.ledger.writeChange({ ...slow, state: 'settled', outcome: aRejected(), pending: ['sns'] }, 1);
    const outcomes: OutcomeTopic = {
      async publish(notice) {
        if (notice.ref.tenant !== 'slow') return;
        await world.clock.sleep(10 * MINUTE);
        throw new Error('SNS does not answer');
      },
    };
    const queue = { send: () => Promise.reject(new Error('SQS does not answer')) };
    expect(await world.invoke([slow, fast], { ...world.ports, outcomes, queue })).toEqual([messageIdOf(slow)]);
    const settled = await world.ledger.readChange(fast.ref);
    expect((settled?.outcome?.at ?? Number.NaN) - start).toBeLessThan(MINUTE);
  });

  it('are worked although the lane item of one cannot be read', async () => {
    const world = createLanesWorld(1);
    const [slow, fast] = [await world.accept('slow'), await world.accept('fast')];
    const readLane: typeof world.ledger.readLane = (lane) =>
      lane === laneOf('slow') ? Promise.reject(new Error('throttled')) : world.ledger.readLane(lane);
    const ports = { ...world.ports, ledger: { ...world.ledger, readLane } };
    expect(await world.invoke([slow, fast], ports)).toEqual([messageIdOf(slow)]);
    expect((await world.ledger.readChange(fast.ref))?.outcome?.kind).toBe('applied');
  });

  describe('while one of them may have crashed the worker', () => {
    /** A worker has named the change; `leaseMs`: its lease, if it holds one, is over then. */
    const name = async (
      world: ReturnType<typeof createLanesWorld>,
      { ref }: ChangeRecord,
      leaseMs = 0,
      strikes = 0,
    ) => {
      const { lease: _lease, ...lane } = await world.ledger.readLane(ref.lane);
      const until = world.clock.now() + leaseMs;
      const working = { members: [{ ref, generation: 1, sequence: 1 }], strikes, since: until - MINUTE };
      const lease = leaseMs === 0 ? {} : { lease: { owner: 'other', until } };
      await world.ledger.writeLane({ ...lane, ...lease, working }, lane.version);
    };

    it.each([
      ['whose lease ran out', -1, 0],
      ['that was left after a strike', 0, 1],
    ])(
      'one %s is worked alone, so that no other gets its strike, and the others return at once',
      async (_, ...left) => {
        const world = createLanesWorld(100);
        const records = [await world.accept('slow'), await world.accept('fast')];
        for (const record of records) await name(world, record, ...left);
        const [slow, fast] = records.map(messageIdOf);
        expect(await world.invoke(records, world.ports)).toEqual([fast]);
        expect(world.deferral.deferred).toEqual([{ messageIds: [fast], delayMs: 0 }]);
        expect(new Set(world.calls)).toEqual(new Set(['slow']));
        expect(slow).toBeDefined();
        expect(await world.invoke(records.slice(1), world.ports)).toEqual([]);
      },
    );

    it('the others return when their visibility ends if they cannot be given back', async () => {
      const world = createLanesWorld(100);
      const records = [await world.accept('slow'), await world.accept('fast')];
      for (const record of records) await name(world, record, -1);
      const deferral = { defer: () => Promise.reject(new Error('SQS does not answer')) };
      expect(await world.invoke(records, { ...world.ports, deferral })).toEqual(records.slice(1).map(messageIdOf));
    });

    it.each<[string, number, readonly ('slow' | 'fast')[]]>([
      ['that another worker holds', MINUTE, ['slow']],
      ['that was left without a strike', 0, []],
    ])('one %s is no such lane', async (_, leaseMs, retried) => {
      const world = createLanesWorld(100);
      const records = { slow: await world.accept('slow'), fast: await world.accept('fast') };
      await name(world, records.slow, leaseMs);
      const ids = retried.map((tenant) => messageIdOf(records[tenant]));
      expect(await world.invoke(Object.values(records), world.ports)).toEqual(ids);
      expect(world.calls).toContain('fast');
    });
  });
});
