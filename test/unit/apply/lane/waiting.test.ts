import { describe, expect, it } from 'vitest';
import { sweepLanes } from '../../../../functions/sweep/sweep-lanes.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { createLaneWorld, GROUP, type LaneWorld } from '../lane-world.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const iso = (ms: number) => new Date(ms).toISOString();
const rename = (name: string) => ({ action: 'update', group: { id: GROUP }, set: { name } });
const namesWritten = (world: LaneWorld) =>
  world.tenant.writes.map((write) => write.kind === 'update' && write.fields.name);

async function waitFor(world: LaneWorld, key: string): Promise<ChangeRecord> {
  const record = await world.accept(key, rename(key));
  const waiting: ChangeRecord = {
    ...record,
    state: 'scheduled',
    scheduledFor: world.clock.now() + HOUR,
  };
  await world.ledger.writeChange(waiting, record.version);
  return { ...waiting, version: record.version + 1 };
}

describe('what waits in the ledger', () => {
  it('is no work: its message is acknowledged, and hundreds of it are in nobody’s way', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const waiting: ChangeRecord[] = [];
    for (let n = 0; n < 250; n += 1) waiting.push(await waitFor(world, `W-${n}`));
    expect(await world.invoke(waiting.slice(0, 5))).toEqual([]);
    const change = await world.accept('T-1', rename('Depot'));
    expect(await world.invoke([change])).toEqual([]);
    expect(namesWritten(world)).toEqual(['Depot']);
    expect(await world.read('W-0')).toMatchObject({ state: 'scheduled', version: waiting[0]?.version });
  });

  it('ends the turn of a worker that meets nothing else', async () => {
    const world = createLaneWorld();
    for (let n = 0; n < 250; n += 1) await waitFor(world, `W-${n}`);
    const change = await world.accept('T-1', { ...rename('Depot'), notBefore: iso(world.clock.now() + HOUR) });
    const started = world.clock.now();
    expect(await world.invoke([change])).toEqual([]);
    expect(world.clock.now() - started).toBeLessThan(MINUTE);
  });
});

describe('a freeze that begins after a change was sent', () => {
  function frozen(world: LaneWorld, from: number, until: number) {
    const { acme } = world.ports.configuration.tenants;
    if (acme === undefined) throw new Error('acme is configured');
    const tenants = { acme: { ...acme, freezes: [{ from: iso(from), until: iso(until) }] } };
    return { ...world.ports, configuration: { ...world.ports.configuration, tenants } };
  }

  it('holds it back, and the sweeper releases it at its end, in the order of acceptance', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const now = world.clock.now();
    const ports = frozen(world, now, now + HOUR);
    const changes = [await world.accept('T-1', rename('First')), await world.accept('T-2', rename('Second'))];
    expect(await world.invoke(changes, ports)).toEqual([]);
    expect(world.tenant.calls).toEqual([]);
    expect(await world.read('T-1')).toMatchObject({ state: 'scheduled', scheduledFor: now + HOUR });
    await world.clock.advance(HOUR);
    expect(await sweepLanes(ports, new AbortController().signal)).toMatchObject({ released: 2 });
    await world.settle(changes);
    expect(namesWritten(world)).toEqual(['First', 'Second']);
  });

  it('while it is being read holds it back all the same', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const now = world.clock.now();
    const ports = slowReads(world, frozen(world, now + 10_000, now + HOUR), 15_000);
    expect(await world.invoke([await world.accept('T-1', rename('First'))], ports)).toEqual([]);
    expect(await world.read('T-1')).toMatchObject({ state: 'scheduled', scheduledFor: now + HOUR });
    expect(world.tenant.writes).toEqual([]);
  });
});

/** A ZPA that answers reads of a group slowly. */
function slowReads(world: LaneWorld, ports: LaneWorld['ports'], ms: number): LaneWorld['ports'] {
  return {
    ...ports,
    zpaFor: (tenant, limiter) => {
      const zpa = ports.zpaFor(tenant, limiter);
      return {
        ...zpa,
        async getGroup(id, options) {
          const group = await zpa.getGroup(id, options);
          await world.clock.sleep(ms);
          return group;
        },
      };
    },
  };
}

describe('a window that closes while a change is in hand', () => {
  it.each([10_000, 15_000])('after %i ms: nothing is written any more', async (closesAfterMs) => {
    const world = createLaneWorld();
    world.addGroup();
    const notAfter = iso(world.clock.now() + closesAfterMs);
    const ports = slowReads(world, world.ports, 15_000);
    expect(await world.invoke([await world.accept('T-1', { ...rename('Depot'), notAfter })], ports)).toEqual([]);
    expect((await world.read('T-1')).outcome).toMatchObject({ kind: 'rejected', code: 'window-closed' });
    expect(world.tenant.writes).toEqual([]);
  });

  it('lets the write start until its last moment, and no later', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const closesAt = world.clock.now() + 17_000;
    let sendBefore = 0;
    const ports = slowReads(world, world.ports, 15_000);
    const spying: LaneWorld['ports'] = {
      ...ports,
      zpaFor: (tenant, limiter) => {
        const zpa = ports.zpaFor(tenant, limiter);
        return {
          ...zpa,
          write: (write, before, options) => {
            sendBefore = options?.sendBefore ?? 0;
            return zpa.write(write, before, options);
          },
        };
      },
    };
    await world.invoke([await world.accept('T-1', { ...rename('Depot'), notAfter: iso(closesAt) })], spying);
    expect(sendBefore).toBe(closesAt);
    expect((await world.read('T-1')).outcome?.kind).toBe('applied');
  });
});
