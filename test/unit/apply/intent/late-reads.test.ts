import { describe, expect, it } from 'vitest';
import type { ApplyPorts } from '../../../../functions/apply/lane/ports.ts';
import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import { createLaneWorld, type LaneWorld } from '../lane-world.ts';

/** A ZPA whose first `reads` reads of a group still show the state before the first write. */
function lagging(world: LaneWorld, reads: number): ApplyPorts {
  let left = reads;
  const before = new Map<string, SegmentGroup | undefined>();
  return {
    ...world.ports,
    zpaFor: (tenant, limiter) => {
      const zpa = world.ports.zpaFor(tenant, limiter);
      return {
        ...zpa,
        async write(write, group, options) {
          for (const [id, one] of world.tenant.groups) if (!before.has(id)) before.set(id, structuredClone(one));
          return zpa.write(write, group, options);
        },
        async getGroup(id, options) {
          const now = await zpa.getGroup(id, options).catch((error: unknown) => error as Error);
          if (world.tenant.writes.length > 0 && left > 0) {
            left -= 1;
            const then = before.get(id);
            if (then !== undefined) return then;
          }
          if (now instanceof Error) throw now;
          return now;
        },
      };
    },
  };
}

describe('a yes that does not show yet', () => {
  it.each([1, 3, 8])('for %i reads is looked for again, never written again', async (reads) => {
    const world = createLaneWorld();
    world.addGroup();
    world.addApplications('11');
    const ports = lagging(world, reads);
    const asked = { action: 'update', group: { name: 'Warehouse' }, set: { name: 'Depot' } };
    const change = await world.accept('T-1', asked);
    for (let round = 0; round < 10 && (await world.invoke([change], ports)).length > 0; round += 1) {
      await world.clock.advance(world.deferral.deferred.at(-1)?.delayMs ?? 0);
    }
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(world.tenant.writes).toHaveLength(1);
  });

  it('of a create that never shows is outcome-unknown', async () => {
    const world = createLaneWorld();
    world.tenant.interfere = (method) => {
      if (method === 'getGroup') world.tenant.groups.clear();
      return undefined;
    };
    await world.settle([await world.accept('T-1', { action: 'create', group: { name: 'Annex' } })]);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'rejected', code: 'outcome-unknown' });
    expect(world.tenant.writes).toHaveLength(1);
  });
});
