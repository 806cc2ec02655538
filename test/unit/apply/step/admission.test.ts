import { describe, expect, it } from 'vitest';
import type { ApplyPorts } from '../../../../functions/apply/lane/ports.ts';
import type { LaneRecord } from '../../../../shared/domain/records/lane-record.ts';
import { createLaneWorld, GROUP, type LaneWorld } from '../lane-world.ts';

const adding = (...ids: string[]) => ({
  action: 'update',
  group: { id: GROUP },
  applications: { add: ids.map((id) => ({ id })) },
});
const kindOf = async (world: LaneWorld, key: string) => (await world.read(key)).outcome;

describe('changes that are rejected before ZPA is asked', () => {
  it('ask for something a newer version accepted and this one does not know', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const first = await world.accept('T-1', adding('11'));
    const strange = await world.accept('T-2', adding('12'));
    const change = Object.assign({}, strange.change, { onlyIfQuiet: true });
    await world.ledger.writeChange({ ...strange, change }, 1);
    world.addApplications('11', '12');
    await world.settle([first, strange]).catch(() => undefined);
    expect(await kindOf(world, 'T-1')).toMatchObject({ kind: 'applied' });
    expect(await kindOf(world, 'T-2')).toMatchObject({ kind: 'rejected', code: 'invalid-change', path: 'onlyIfQuiet' });
    expect(world.tenant.groups.get(GROUP)?.applicationIds).toEqual(['11']);
  });

  it('have a window that closed before their turn, to the millisecond', async () => {
    const world = createLaneWorld();
    world.addGroup();
    world.addApplications('11', '12');
    const at = (ms: number) => new Date(world.clock.now() + ms).toISOString();
    const late = await world.accept('T-1', { ...adding('11'), notAfter: at(0) });
    const early = await world.accept('T-2', { ...adding('12'), notAfter: at(60_000) });
    await world.settle([late, early]);
    expect(await kindOf(world, 'T-1')).toMatchObject({ kind: 'rejected', code: 'window-closed', path: 'notAfter' });
    expect(await kindOf(world, 'T-2')).toMatchObject({ kind: 'applied' });
    expect(world.tenant.groups.get(GROUP)?.applicationIds).toEqual(['12']);
  });

  it('belong to a tenant that is configured no more', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const change = await world.accept('T-1', { ...adding('11'), microtenant: 'gone' });
    await world.settle([change]);
    expect(await kindOf(world, 'T-1')).toMatchObject({ kind: 'rejected', code: 'not-permitted' });
    expect(world.tenant.calls).toHaveLength(0);
  });
});

describe('an intent that does not fit one ledger item', () => {
  /** A table that stores intents of at most `most` members. */
  function tightPorts(world: LaneWorld, most: number): ApplyPorts {
    const writeLane = (record: LaneRecord, expected: number) => {
      const members = record.intent?.members.length ?? 0;
      if (members <= most) return world.ledger.writeLane(record, expected);
      return Promise.reject(Object.assign(new Error('too large'), { code: 'record-too-large', scope: 'platform' }));
    };
    return { ...world.ports, ledger: { ...world.ledger, writeLane } };
  }

  it('is taken in smaller steps', async () => {
    const world = createLaneWorld();
    world.addGroup();
    world.addApplications('11', '12');
    const changes = [await world.accept('T-1', adding('11')), await world.accept('T-2', adding('12'))];
    expect(await world.invoke(changes, tightPorts(world, 1))).toEqual([]);
    expect(world.tenant.writes).toHaveLength(2);
  });

  it('of one change alone rejects it, and the lane goes on', async () => {
    const world = createLaneWorld();
    world.addGroup();
    world.addApplications('11');
    const change = await world.accept('T-1', adding('11'));
    expect(await world.invoke([change], tightPorts(world, 0))).toEqual([]);
    expect(await kindOf(world, 'T-1')).toMatchObject({
      kind: 'rejected',
      code: 'guarded',
      remedy: expect.stringContaining('Split it'),
    });
    expect(world.tenant.writes).toHaveLength(0);
  });
});
