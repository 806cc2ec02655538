import { describe, expect, it } from 'vitest';
import type { ApplyPorts } from '../../../../functions/apply/lane/ports.ts';
import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../lane-world.ts';

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
    expect((await world.ledger.readLane(change.ref.lane)).learned.acme?.via).toBeUndefined();
  });

  it('for ever, of memberships, teaches v1 only when the quiet period is over', async () => {
    const world = createLaneWorld();
    world.addGroup({ applicationIds: ['11'] });
    world.addApplications('11', '12');
    world.tenant.ignoresDeltas = true;
    const started = world.clock.now();
    await world.settle([
      await world.accept('T-1', { action: 'update', group: { id: GROUP }, applications: { add: [{ id: '12' }] } }),
    ]);
    expect((await world.read('T-1')).outcome?.kind).toBe('applied');
    expect(world.tenant.writes.map((write) => (write.kind === 'update' ? write.via : ''))).toEqual(['v2', 'v1']);
    expect(world.clock.now() - started).toBeGreaterThanOrEqual(60_000);
  });

  it('of a field and memberships, of which only the field shows, is finished through v1 under the same intent', async () => {
    const world = createLaneWorld();
    world.addGroup({ applicationIds: ['11'] });
    world.addApplications('11', '12');
    world.tenant.ignoresDeltas = true;
    // A first write reveals our id in `modifiedBy`.
    await world.settle([await world.accept('T-0', { action: 'update', group: { id: GROUP }, set: { enabled: true } })]);
    const asked = { set: { description: 'south' }, applications: { add: [{ id: '12' }], remove: [{ id: '11' }] } };
    await world.settle([
      await world.accept('T-1', { action: 'update', group: { id: GROUP }, ...asked, leaveUngrouped: true }),
    ]);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'applied', overtaken: [] });
    expect(world.tenant.groups.get(GROUP)).toMatchObject({ description: 'south', applicationIds: ['12'] });
    expect(world.tenant.writes.map((write) => (write.kind === 'update' ? write.via : ''))).toEqual(['v2', 'v2', 'v1']);
    expect((await world.ledger.readLane(LANE)).learned.acme?.via).toBe('v1');
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
