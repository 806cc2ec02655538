import { describe, expect, it } from 'vitest';
import { applyBatch } from '../../../../functions/apply/apply-batch.ts';
import type { ApplyPorts } from '../../../../functions/apply/lane/ports.ts';
import { TIMING } from '../../../../shared/domain/ledger/timing.ts';
import type { RuleReadings } from '../../../../shared/reading/read-rules.ts';
import { createLaneWorld, GROUP, type LaneWorld, toQueueRecord } from '../lane-world.ts';

/** Fourteen reads fetch the rules of a microtenant: most of a window of sixteen. */
const SCAN_MS = 9_000;

/** A customer with many microtenants; counts how often the rules of each were read. */
function withMicrotenants(world: LaneWorld, count: number) {
  const scans = new Map<string, number>();
  const ports: ApplyPorts = {
    ...world.ports,
    zpaFor: (tenant, limiter) => {
      const zpa = world.ports.zpaFor(tenant, limiter);
      return {
        ...zpa,
        listMicrotenants: async () =>
          Array.from({ length: count }, (_, index) => ({ id: `${index}`, name: `M${index}`, enabled: true })),
        async listRules(options) {
          await world.clock.sleep(SCAN_MS, options?.signal);
          const id = options?.microtenantId ?? '';
          scans.set(id, (scans.get(id) ?? 0) + 1);
          return zpa.listRules(options);
        },
      };
    },
  };
  return { ports, scans };
}

/** Runs invocations that the platform ends, until the change is settled; returns their number. */
async function workThrough(world: LaneWorld, ports: ApplyPorts, key: string): Promise<number> {
  for (let rounds = 1; rounds <= 20; rounds += 1) {
    const endsAt = world.clock.now() + TIMING.functionTimeoutMs;
    const end = new AbortController();
    void world.clock.sleep(TIMING.functionTimeoutMs - TIMING.closingMs).then(() => end.abort());
    const invocation = { remainingMs: () => endsAt - world.clock.now(), signal: end.signal };
    const retried = await applyBatch(ports, [toQueueRecord(await world.read(key))], invocation);
    if (retried.length === 0) return rounds;
  }
  return Number.POSITIVE_INFINITY;
}

describe('a delete whose scan takes longer than an invocation', () => {
  it('goes on where it was, and reads each microtenant once', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const { ports, scans } = withMicrotenants(world, 12);
    await world.accept('T-1', { action: 'delete', group: { id: GROUP } });
    expect(await workThrough(world, ports, 'T-1')).toBeLessThanOrEqual(4);
    expect((await world.read('T-1')).outcome?.kind).toBe('applied');
    expect([...scans.values()]).toEqual(Array.from({ length: 12 }, () => 1));
  });

  it('rests on no reading made for another change, and on none older than a quarter of an hour', async () => {
    const world = createLaneWorld();
    world.addGroup();
    world.addGroup({ id: '900', name: 'Another' });
    const { ports, scans } = withMicrotenants(world, 2);
    await world.accept('T-1', { action: 'delete', group: { id: GROUP } });
    await world.accept('T-2', { action: 'delete', group: { id: '900' } });
    await workThrough(world, ports, 'T-1');
    await workThrough(world, ports, 'T-2');
    expect([...scans.values()]).toEqual([2, 2]);
    const { readAll }: RuleReadings = ports.ruleReadings;
    const zpa = ports.zpaFor('acme', { take: async () => () => undefined, obey: () => undefined });
    const scope = { microtenantIds: ['0', '1'], signal: new AbortController().signal };
    await readAll(zpa, 'T-3', scope);
    await world.clock.advance(15 * 60_000);
    await readAll(zpa, 'T-3', scope);
    expect([...scans.values()]).toEqual([4, 4]);
  });
});
