import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { laneName } from '../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { ZpaFor } from '../../../shared/ports/ports.ts';
import { interrupted } from '../../fakes/interrupted.ts';
import { createMemoryTenant } from '../../fakes/memory-zpa.ts';
import { createLaneWorld } from './lane-world.ts';
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

  it('are worked one after the other while one of them may have crashed the worker, so that no other gets its strike', async () => {
    const world = createLanesWorld(100);
    const records = [await world.accept('slow'), await world.accept('fast')];
    for (const { ref } of records) {
      const lane = await world.ledger.readLane(ref.lane);
      const until = world.clock.now() - 1;
      const working = { members: [{ ref, generation: 1, sequence: 1 }], strikes: 0, since: until - MINUTE };
      await world.ledger.writeLane({ ...lane, lease: { owner: 'dead', until }, working }, lane.version);
    }
    expect(await world.invoke(records, world.ports)).toEqual([]);
    const turns = world.calls.filter((tenant, index) => tenant !== world.calls[index - 1]);
    expect(turns).toEqual(['slow', 'fast']);
  });
});
