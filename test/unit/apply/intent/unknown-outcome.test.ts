import { describe, expect, it } from 'vitest';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../lane-world.ts';

const lost = aFault({ code: 'timeout', class: 'transient', scope: 'tenant', effect: 'unknown' });
const rename = { action: 'update', group: { id: GROUP }, set: { name: 'Depot' } };
const create = { action: 'create', group: { name: 'Annex' }, enabled: true };

/** The first write gets no answer, with or without effect. `meanwhile` runs before the next read. */
function loseFirstWrite(world: LaneWorld, effect: 'before' | 'after', meanwhile: () => void = () => undefined): void {
  let writes = 0;
  world.tenant.interfere = (method) => {
    if (method === 'write') {
      writes += 1;
      return writes === 1 ? { fault: lost, effect } : undefined;
    }
    if (writes === 1) {
      writes += 1;
      meanwhile();
    }
    return undefined;
  };
}

describe('a write without a definite answer', () => {
  it('that took effect is applied, and never sent again', async () => {
    for (const change of [rename, create, { action: 'delete', group: { id: GROUP } }]) {
      const world = createLaneWorld();
      world.addGroup();
      loseFirstWrite(world, 'after');
      await world.settle([await world.accept('T-1', change)]);
      expect((await world.read('T-1')).outcome?.kind).toBe('applied');
      expect(world.tenant.writes).toHaveLength(1);
    }
  });

  it('that took no effect is sent again', async () => {
    for (const change of [rename, create, { action: 'delete', group: { id: GROUP } }]) {
      const world = createLaneWorld();
      world.addGroup();
      loseFirstWrite(world, 'before');
      await world.settle([await world.accept('T-1', change)]);
      expect((await world.read('T-1')).outcome?.kind).toBe('applied');
      expect(world.tenant.writes).toHaveLength(1);
    }
  });

  it('is not looked at before request timeout and quiet period have passed since it could be sent', async () => {
    const world = createLaneWorld();
    world.addGroup();
    loseFirstWrite(world, 'after');
    const change = await world.accept('T-1', rename);
    await world.invoke([change]);
    await world.clock.advance(40_000);
    await world.settle([change]);
    const write = world.tenant.calls.findIndex((c) => c.method === 'write');
    const [sent, next] = world.tenant.calls.slice(write);
    expect((next?.at ?? 0) - (sent?.at ?? 0)).toBeGreaterThanOrEqual(80_000);
  });

  it.each([
    [1, 85],
    [2, 170],
    [3, 310],
  ])(
    '%i times, and took no effect, is sent again at the look, or when the pause since the write is over',
    async (times, withinSeconds) => {
      const world = createLaneWorld();
      world.addGroup();
      const sentAt: number[] = [];
      const busy = aFault({ ...lost, code: 'gateway-error', status: 503 });
      world.tenant.interfere = (method) => {
        if (method === 'write') sentAt.push(world.clock.now());
        return method === 'write' && sentAt.length <= times ? { fault: busy } : undefined;
      };
      await world.settle([await world.accept('T-1', rename)]);
      expect((await world.read('T-1')).outcome?.kind).toBe('applied');
      expect(sentAt).toHaveLength(times + 1);
      expect((sentAt.at(-1) ?? 0) - (sentAt[0] ?? 0)).toBeLessThanOrEqual(withinSeconds * 1000);
    },
  );

  it('is outcome-unknown when the group is neither as before nor as intended, and stays untouched', async () => {
    const world = createLaneWorld();
    world.addGroup();
    loseFirstWrite(world, 'before', () => world.tenant.edit(GROUP, { name: 'By hand' }));
    await world.settle([await world.accept('T-1', rename)]);
    expect((await world.read('T-1')).outcome).toMatchObject({
      kind: 'rejected',
      code: 'outcome-unknown',
      details: { before: { name: 'Warehouse' }, intended: { name: 'Depot' }, live: { name: 'By hand' } },
    });
    expect(world.tenant.writes).toHaveLength(0);
    expect(world.tenant.groups.get(GROUP)?.name).toBe('By hand');
  });

  it('never adopts a group that somebody else created', async () => {
    const world = createLaneWorld();
    world.addGroup({ id: '1', name: 'First' });
    await world.settle([await world.accept('T-0', { ...rename, group: { id: '1' } })]);
    world.tenant.writes.length = 0;
    loseFirstWrite(world, 'before', () => {
      const creationTime = Math.floor(world.clock.now() / 1000);
      world.addGroup({ id: '800', name: 'Annex', enabled: true, creationTime, modifiedBy: '216196257331300001' });
    });
    await world.settle([await world.accept('T-1', create)]);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'rejected', code: 'group-exists' });
    expect(world.tenant.writes).toHaveLength(0);
  });
});

describe('whose fault', () => {
  it('a tenant that refuses the sign-in stops the lane, rejects nothing, and everything settles afterwards', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const refused = aFault({ code: 'sign-in-refused', class: 'transient', scope: 'tenant' });
    const recovers = world.clock.now() + 5 * 60_000;
    world.tenant.interfere = () => (world.clock.now() < recovers ? { fault: refused } : undefined);
    const changes = [await world.accept('T-1', rename), await world.accept('T-2', create)];
    await world.invoke(changes);
    expect((await world.ledger.readLane(LANE)).stopped).toMatchObject({ code: 'sign-in-refused', tries: 1 });
    await world.settle(changes);
    expect(world.failures.sent).toHaveLength(0);
    expect((await world.read('T-1')).outcome?.kind).toBe('applied');
    expect((await world.read('T-2')).outcome?.kind).toBe('applied');
    expect((await world.ledger.readLane(LANE)).stopped).toBeUndefined();
    expect(world.log.lines.filter((l) => l.message === 'lane stopped')).toHaveLength(1);
  });

  it('an unknown error of one change, while the tenant is well, is unclassified after six tries; the lane goes on', async () => {
    const world = createLaneWorld();
    world.addGroup();
    world.addGroup({ id: '900', name: 'Cursed' });
    const odd = aFault({ code: 'refused', class: 'unknown', status: 400, zpaId: 'never.heard.of' });
    world.tenant.interfere = (method, id) => (method === 'getGroup' && id === '900' ? { fault: odd } : undefined);
    const started = world.clock.now();
    const cursed = await world.accept('T-1', { ...rename, group: { id: '900' } });
    const behind = await world.accept('T-2', rename);
    await world.settle([cursed, behind]);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'rejected', code: 'unclassified', attempts: 6 });
    expect(world.clock.now() - started).toBeLessThan(30 * 60_000);
    expect((await world.read('T-2')).outcome?.kind).toBe('applied');
  });

  it('five unclassified rejections in a row pause the lane', async () => {
    const world = createLaneWorld();
    const odd = aFault({ code: 'refused', class: 'unknown', status: 400 });
    world.tenant.interfere = (method) => (method === 'getGroup' ? { fault: odd } : undefined);
    const changes = [];
    for (let n = 1; n <= 6; n += 1) changes.push(await world.accept(`T-${n}`, { ...rename, group: { id: `90${n}` } }));
    await expect(world.settle(changes, 80)).rejects.toThrow('m-T-6');
    expect(await world.ledger.readLane(LANE)).toMatchObject({ paused: { by: 'worker' } });
    expect((await world.read('T-6')).state).toBe('queued');
  });

  it('obeys a 429 to the second and goes on in place', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const full = aFault({ code: 'rate-limited', class: 'transient', scope: 'tenant', status: 429, retryAfterMs: 4000 });
    let refusedAt = 0;
    world.tenant.interfere = (method) => {
      if (method !== 'write' || refusedAt > 0) return undefined;
      refusedAt = world.clock.now();
      return { fault: full };
    };
    expect(await world.invoke([await world.accept('T-1', rename)])).toEqual([]);
    const after = world.tenant.calls.filter((c) => c.at > refusedAt).map((c) => c.at);
    expect(Math.min(...after)).toBeGreaterThanOrEqual(refusedAt + 4000);
    expect((await world.read('T-1')).outcome?.kind).toBe('applied');
  });

  it('a change that ends the worker three times while in hand alone is worker-crashed; the lane goes on', async () => {
    const world = createLaneWorld();
    world.addGroup();
    world.addGroup({ id: '900', name: 'Deadly' });
    let deaths = 0;
    world.tenant.interfere = (method, id) => {
      if (method !== 'getGroup' || id !== '900') return undefined;
      deaths += 1;
      throw new TypeError('a bug of ours');
    };
    const deadly = await world.accept('T-1', { ...rename, group: { id: '900' } });
    const behind = await world.accept('T-2', rename);
    await world.settle([deadly, behind]);
    // The first time the worker had named both changes.
    expect(deaths).toBe(4);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'rejected', code: 'worker-crashed' });
    expect((await world.read('T-2')).outcome?.kind).toBe('applied');
  });
});

describe('order', () => {
  it('gives a change that was entered late a new place instead of an effect out of order', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const early = await world.accept('T-1', { action: 'update', group: { id: GROUP }, set: { name: 'One' } });
    const late = await world.ledger.takeSequences(LANE, 1);
    const third = await world.accept('T-3', { action: 'update', group: { id: GROUP }, set: { name: 'Three' } });
    await world.settle([early, third]);
    const second = { ...early, ref: { ...early.ref, idempotencyKey: 'T-2' }, sequence: late };
    const change = { ...early.change, idempotencyKey: 'T-2' };
    const { fingerprint } = await import('../../../../shared/domain/change/fingerprint.ts');
    const record = { ...second, change, fingerprint: fingerprint(change), version: 0 };
    await world.ledger.writeChange(record, 0);
    await world.settle([{ ...record, version: 1 }]);
    expect(await world.read('T-2')).toMatchObject({ sequence: 4, outcome: { kind: 'applied' } });
  });

  it('does so too when the worker died before it could say how far it was', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const late = await world.ledger.takeSequences(LANE, 1);
    const second = await world.accept('T-2', { action: 'update', group: { id: GROUP }, set: { name: 'Two' } });
    const dying = { publish: () => Promise.reject(new TypeError('the process ends')) };
    await world.invoke([second], { ...world.ports, outcomes: dying });
    const change = { ...second.change, idempotencyKey: 'T-1' };
    const { fingerprint } = await import('../../../../shared/domain/change/fingerprint.ts');
    const first = { ...second, ref: { ...second.ref, idempotencyKey: 'T-1' }, change, sequence: late };
    const record = { ...first, fingerprint: fingerprint(change), version: 0 };
    await world.ledger.writeChange(record, 0);
    await world.clock.advance(world.ports.timing.visibilityTimeoutMs);
    await world.settle([{ ...record, version: 1 }, second]);
    expect(await world.read('T-1')).toMatchObject({ sequence: 3, outcome: { kind: 'unchanged' } });
  });
});

describe('a create without an answer whose group somebody renamed', () => {
  const rename = (world: LaneWorld) => {
    const created = [...world.tenant.groups.values()].find(({ name }) => name === 'Annex');
    if (created !== undefined) world.tenant.edit(created.id, { name: 'Hazel' });
  };

  it('is outcome-unknown, and not created a second time', async () => {
    const world = createLaneWorld();
    world.addGroup();
    loseFirstWrite(world, 'after', () => rename(world));
    await world.settle([await world.accept('T-1', create)]);
    expect((await world.read('T-1')).outcome).toMatchObject({
      kind: 'rejected',
      code: 'outcome-unknown',
      sentence: expect.stringContaining('"Hazel"'),
    });
    expect(world.tenant.writes).toHaveLength(1);
  });

  it('is created again where the only new groups are those of other changes', async () => {
    const world = createLaneWorld();
    const first = await world.accept('T-1', { ...create, group: { name: 'Birch' } });
    await world.settle([first]);
    loseFirstWrite(world, 'before');
    await world.settle([await world.accept('T-2', create)]);
    expect((await world.read('T-2')).outcome?.kind).toBe('applied');
    expect(world.tenant.writes).toHaveLength(2);
  });

  it('is in doubt where somebody else’s group came about in the same minutes: it may be ours, filled and renamed', async () => {
    const world = createLaneWorld();
    loseFirstWrite(world, 'before', () => {
      const stamps = { modifiedBy: '1', creationTime: Math.floor(world.clock.now() / 1000) };
      world.addGroup({
        id: '901',
        name: 'Larch',
        description: 'a colleague made it',
        applicationIds: ['11'],
        ...stamps,
      });
    });
    await world.settle([await world.accept('T-1', create)]);
    expect((await world.read('T-1')).outcome).toMatchObject({ code: 'outcome-unknown' });
    expect(world.tenant.writes).toHaveLength(0);
  });
});

describe('ZPA stamps', () => {
  it('tell a write that was undone by somebody from one that never happened', async () => {
    const world = createLaneWorld();
    world.addGroup({ modifiedBy: '216196257331300001', modifiedTime: 1_700_000_000 });
    loseFirstWrite(world, 'after');
    const change = await world.accept('T-1', rename);
    await world.invoke([change]);
    world.tenant.edit(GROUP, { name: 'Warehouse' });
    await world.clock.advance(120_000);
    await world.settle([change]);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'rejected', code: 'outcome-unknown' });
    expect(world.tenant.writes).toHaveLength(1);
  });

  it('tell a tenant that ignores a write from somebody who undid it at once', async () => {
    const world = createLaneWorld();
    world.addGroup({ id: '1', name: 'First' });
    await world.settle([await world.accept('T-0', { ...rename, group: { id: '1' }, set: { enabled: true } })]);
    world.addGroup({ modifiedBy: '216196257331300001', modifiedTime: 1_700_000_000 });
    let written = false;
    world.tenant.interfere = (method) => {
      if (written && method === 'getGroup') world.tenant.edit(GROUP, { name: 'Warehouse' });
      written ||= method === 'write';
      return undefined;
    };
    await world.settle([await world.accept('T-1', rename)]);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'applied', overtaken: [{ field: 'name' }] });
    expect(world.tenant.writes).toHaveLength(2);
  });
});
