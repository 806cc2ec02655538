import { describe, expect, it } from 'vitest';
import { sweepLanes } from '../../../../functions/sweep/sweep-lanes.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { configure, slow, wrapZpa } from '../interfere.ts';
import { GROUP, type LaneWorld, laneWith } from '../lane-world.ts';
import { HOUR, iso, MINUTE, rename, update } from '../requests.ts';

const aWorld = () => laneWith();
const renaming = (name: string) => update(GROUP, { set: { name } });
const namesWritten = (world: LaneWorld) =>
  world.tenant.writes.map((write) => write.kind === 'update' && write.fields.name);

describe('what waits in the ledger', () => {
  /** Hundreds of changes wait for their time. */
  async function waiting(world: LaneWorld): Promise<ChangeRecord[]> {
    const records: ChangeRecord[] = [];
    const until = { state: 'scheduled', scheduledFor: world.clock.now() + HOUR } as const;
    for (let n = 0; n < 250; n += 1) {
      const record = { ...(await world.accept(`W-${n}`, renaming(`W-${n}`))), ...until };
      await world.ledger.writeChange(record, record.version);
      records.push({ ...record, version: record.version + 1 });
    }
    return records;
  }

  it('is no work: its message is acknowledged, and hundreds of it are in nobody’s way', async () => {
    const world = aWorld();
    const records = await waiting(world);
    expect(await world.invoke(records.slice(0, 5))).toEqual([]);
    expect(await world.invoke([await world.accept('T-1', rename)])).toEqual([]);
    expect(namesWritten(world)).toEqual(['Depot']);
    expect(await world.read('W-0')).toMatchObject({ state: 'scheduled', version: records[0]?.version });
  });

  it('ends the turn of a worker that meets nothing else', async () => {
    const world = aWorld();
    await waiting(world);
    const change = await world.accept('T-1', { ...rename, notBefore: iso(world.clock.now() + HOUR) });
    const started = world.clock.now();
    expect(await world.invoke([change])).toEqual([]);
    expect(world.clock.now() - started).toBeLessThan(MINUTE);
  });
});

describe('a freeze that begins after a change was sent', () => {
  const freeze = (world: LaneWorld, from: number, until: number) =>
    configure(world, { freezes: [{ from: iso(from), until: iso(until) }] });

  it('holds it back, and the sweeper releases it at its end, in the order of acceptance', async () => {
    const world = aWorld();
    const now = world.clock.now();
    freeze(world, now, now + HOUR);
    const changes = await world.acceptAll(renaming('First'), renaming('Second'));
    expect(await world.invoke(changes)).toEqual([]);
    expect(world.tenant.calls).toEqual([]);
    expect(await world.read('T-1')).toMatchObject({ state: 'scheduled', scheduledFor: now + HOUR });
    await world.clock.advance(HOUR + world.ports.timing.clockSkewMs);
    expect(await sweepLanes(world.ports, new AbortController().signal)).toMatchObject({ released: 2 });
    await world.settle(changes);
    expect(namesWritten(world)).toEqual(['First', 'Second']);
  });

  it('while it is being read holds it back all the same', async () => {
    const world = aWorld();
    const now = world.clock.now();
    freeze(world, now + 10_000, now + HOUR);
    slow(world, 'getGroup', 15_000);
    expect(await world.invoke(await world.acceptAll(rename))).toEqual([]);
    expect(await world.read('T-1')).toMatchObject({ state: 'scheduled', scheduledFor: now + HOUR });
    expect(world.tenant.writes).toEqual([]);
  });
});

describe('a window that closes while a change is in hand', () => {
  it.each([
    [10_000, 'window-closed'],
    [15_000, 'window-closed'],
    [17_000, 'applied'],
  ])('after %i ms: the write starts until its last moment, and no later: %s', async (closesAfterMs, ending) => {
    const world = aWorld();
    const closesAt = world.clock.now() + closesAfterMs;
    const sendBefore: unknown[] = [];
    slow(world, 'getGroup', 15_000);
    wrapZpa(world, (zpa) => ({
      write: (write, before, options) => {
        sendBefore.push(options?.sendBefore);
        return zpa.write(write, before, options);
      },
    }));
    expect(await world.invoke(await world.acceptAll({ ...rename, notAfter: iso(closesAt) }))).toEqual([]);
    expect([await world.endings(), sendBefore]).toEqual([[ending], ending === 'applied' ? [closesAt] : []]);
  });
});
