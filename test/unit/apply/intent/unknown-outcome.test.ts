import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../../../shared/domain/change/fingerprint.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { spoilDesired } from '../../../fakes/unreadable.ts';
import { failWrites } from '../interfere.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../lane-world.ts';
import { LONG_AGO, LOST, rename, update } from '../requests.ts';
import { COLLEAGUE, laneOf } from './found-intent.ts';

const create = { action: 'create', group: { name: 'Annex' }, enabled: true };

/** The first write gets no answer, with or without effect. `meanwhile` runs before the next read. */
function loseFirstWrite(world: LaneWorld, effect: 'before' | 'after', meanwhile: () => void = () => undefined): void {
  let due = false;
  failWrites(world, 1, LOST, effect, () => {
    due = true;
  });
  const { interfere } = world.tenant;
  world.tenant.interfere = (method, argument) => {
    if (due && method !== 'write') meanwhile();
    if (method !== 'write') due = false;
    return interfere(method, argument);
  };
}

describe('a write without a definite answer', () => {
  it.each([rename, create, { action: 'delete', group: { id: GROUP } }])(
    'is applied once, whether it took effect or not: %j',
    async (change) => {
      for (const effect of ['before', 'after'] as const) {
        const world = createLaneWorld();
        world.addGroup();
        loseFirstWrite(world, effect);
        expect((await world.play(change))?.kind).toBe('applied');
        expect(world.tenant.writes).toHaveLength(1);
      }
    },
  );

  it.each([
    [1, 85],
    [2, 170],
    [3, 310],
  ])(
    '%i times, and took no effect, is sent again at the look, or when the pause since the write is over',
    async (times, withinSeconds) => {
      const world = laneOf({});
      const sentAt: number[] = [];
      const busy = aFault({ ...LOST, code: 'gateway-error', status: 503 });
      world.tenant.interfere = (method) => {
        if (method === 'write') sentAt.push(world.clock.now());
        return method === 'write' && sentAt.length <= times ? { fault: busy } : undefined;
      };
      expect((await world.play(rename))?.kind).toBe('applied');
      expect(sentAt).toHaveLength(times + 1);
      expect((sentAt.at(-1) ?? 0) - (sentAt[0] ?? 0)).toBeLessThanOrEqual(withinSeconds * 1000);
    },
  );
});

describe('order', () => {
  /** A change as it was accepted, under another key and at this place. */
  async function enter(world: LaneWorld, like: ChangeRecord, idempotencyKey: string, sequence: number) {
    const change = { ...like.change, idempotencyKey };
    const ref = { ...like.ref, idempotencyKey };
    const record = { ...like, ref, change, sequence, fingerprint: fingerprint(change), version: 0 };
    await world.ledger.writeChange(record, 0);
    return { ...record, version: 1 };
  }

  it('gives a change that was entered late a new place instead of an effect out of order', async () => {
    const world = laneOf({});
    const early = await world.accept('T-1', rename);
    const late = await world.ledger.takeSequences(LANE, 1);
    await world.settle([early, await world.accept('T-3', update(GROUP, { set: { name: 'Three' } }))]);
    await world.settle([await enter(world, early, 'T-2', late)]);
    expect(await world.read('T-2')).toMatchObject({ sequence: 4, outcome: { kind: 'applied' } });
  });

  it('does so too when the worker died before it could say how far it was', async () => {
    const world = laneOf({});
    const late = await world.ledger.takeSequences(LANE, 1);
    const second = await world.accept('T-2', rename);
    const dying = { publish: () => Promise.reject(new TypeError('the process ends')) };
    await world.invoke([second], { ...world.ports, outcomes: dying });
    const first = await enter(world, second, 'T-1', late);
    await world.clock.advance(world.ports.timing.visibilityTimeoutMs);
    await world.settle([first, second]);
    expect(await world.read('T-1')).toMatchObject({ sequence: 3, outcome: { kind: 'unchanged' } });
  });
});

describe('a create without an answer', () => {
  it('is not created a second time where somebody renamed its group', async () => {
    const world = createLaneWorld();
    loseFirstWrite(world, 'after', () => {
      for (const { id } of world.tenant.groups.values()) world.tenant.edit(id, { name: 'Hazel' });
    });
    const sentence = expect.stringContaining('"Hazel"');
    expect(await world.play(create)).toMatchObject({ kind: 'rejected', code: 'outcome-unknown', sentence });
    expect(world.tenant.writes).toHaveLength(1);
  });

  it('is created again where the only new groups are those of other changes', async () => {
    const world = createLaneWorld();
    await world.play({ ...create, group: { name: 'Birch' } });
    loseFirstWrite(world, 'before');
    expect((await world.play(create))?.kind).toBe('applied');
    expect(world.tenant.writes).toHaveLength(2);
  });

  it('nor where the record of such a group cannot be read: there is one', async () => {
    const world = createLaneWorld();
    await world.play({ ...create, group: { name: 'Birch' } });
    spoilDesired(world.ledger, [...world.tenant.groups.keys()][0] ?? '');
    loseFirstWrite(world, 'before');
    expect((await world.play(create))?.kind).toBe('applied');
    expect(world.tenant.writes).toHaveLength(2);
  });

  it('is in doubt where somebody else’s group came about in the same minutes: it may be ours, filled and renamed', async () => {
    const world = createLaneWorld();
    loseFirstWrite(world, 'before', () => {
      const stamps = { modifiedBy: '1', creationTime: Math.floor(world.clock.now() / 1000) };
      world.addGroup({ id: '901', name: 'Larch', description: 'a colleague’s', applicationIds: ['11'], ...stamps });
    });
    expect(await world.play(create)).toMatchObject({ code: 'outcome-unknown' });
    expect(world.tenant.writes).toHaveLength(0);
  });
});

it('ZPA’s stamps tell a tenant that ignores a write from somebody who undid it at once', async () => {
  const world = createLaneWorld();
  world.addGroup({ id: '1', name: 'First' });
  await world.play(update('1', { set: { enabled: true } }));
  world.addGroup({ modifiedBy: COLLEAGUE, modifiedTime: LONG_AGO });
  let written = false;
  world.tenant.interfere = (method) => {
    if (written && method === 'getGroup') world.tenant.edit(GROUP, { name: 'Warehouse' });
    written ||= method === 'write';
    return undefined;
  };
  expect(await world.play(rename)).toMatchObject({ kind: 'applied', overtaken: [{ field: 'name' }] });
  expect(world.tenant.writes).toHaveLength(2);
});
