import { describe, expect, it } from 'vitest';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { newLane } from '../../../../shared/domain/records/lane-record.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { createLaneWorld, GROUP, LANE } from '../lane-world.ts';

const OTHER = '72057594037930002';
const describing = (id: string) => ({ action: 'update', group: { id }, set: { description: 'south' } });
const refused = aFault({ code: 'sign-in-refused', class: 'permanent', scope: 'tenant', effect: 'none' });

/** A tenant that answers all reads and refuses the first writes. */
function refusingWrites(times: number) {
  const world = createLaneWorld();
  world.addGroup();
  world.addGroup({ id: OTHER, name: 'Annex' });
  let left = times;
  world.tenant.interfere = (method) => {
    if (method !== 'write' || left === 0) return undefined;
    left -= 1;
    return { fault: refused };
  };
  return world;
}

describe('a lane that is stopped because its tenant refuses writes', () => {
  it('is alarmed once and probed later and later, although its reads succeed', async () => {
    const world = refusingWrites(8);
    const changes = [await world.accept('T-1', describing(GROUP)), await world.accept('T-2', describing(OTHER))];
    await world.settle(changes);
    const delays = world.deferral.deferred.map(({ delayMs }) => delayMs);
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
    expect(Math.max(...delays)).toBe(world.ports.timing.deferMaxMs);
    expect(world.log.lines.filter(({ message }) => message === 'lane stopped')).toHaveLength(1);
    expect((await world.read('T-2')).outcome).toMatchObject({ kind: 'applied' });
    expect(await world.ledger.readLane(LANE)).not.toHaveProperty('stopped');
  });

  it.each([
    ['a write that is confirmed', [describing(GROUP)]],
    ['several', [describing(GROUP), describing(OTHER)]],
    ['a change that needs no write', [{ action: 'update', group: { id: GROUP }, set: { name: 'Warehouse' } }]],
    ['a change of a group that does not exist', [describing('404')]],
    ['a refusal of the change itself', [{ action: 'update', group: { id: GROUP }, set: { name: 'Refused' } }]],
  ])('is no longer stopped after %s', async (_, requests) => {
    const world = refusingWrites(0);
    const stopped = { code: 'any', sentence: 'any', since: 0, tries: 1, probeAt: 0, alarmed: true };
    await world.ledger.writeLane({ ...newLane(LANE), stopped }, 0);
    world.tenant.interfere = (method, argument) =>
      method === 'write' && JSON.stringify(argument).includes('Refused') ? { fault: aFault() } : undefined;
    const changes: ChangeRecord[] = [];
    for (const [index, request] of requests.entries()) changes.push(await world.accept(`T-${index}`, request));
    await world.settle(changes);
    expect(await world.ledger.readLane(LANE)).not.toHaveProperty('stopped');
  });
});
