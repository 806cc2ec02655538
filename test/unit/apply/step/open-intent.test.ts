import { describe, expect, it } from 'vitest';
import type { LaneRecord } from '../../../../shared/domain/records/lane-record.ts';
import { newLane } from '../../../../shared/domain/records/lane-record.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { laneOf, setMembership, watch } from '../intent/found-intent.ts';
import { createLaneWorld, GROUP, LANE, type LaneWorld } from '../lane-world.ts';

const idOf = (n: number) => `${72057594037930000n + BigInt(n)}`;
const rename = { action: 'update', group: { id: GROUP }, set: { name: 'Depot' } };
const adding = (id: string, over: Record<string, unknown> = {}) => ({
  ...{ action: 'update', group: { id: GROUP }, applications: { add: [{ id }] } },
  ...over,
});
const described = (group: Record<string, unknown>, over: Record<string, unknown> = {}) => ({
  ...{ action: 'update', group, set: { description: 'south' } },
  ...over,
});
const laneWith = (world: LaneWorld, over: Partial<LaneRecord>) =>
  world.ledger.writeLane({ ...newLane(LANE), ...over }, 0);
const read = (world: LaneWorld) => world.ledger.readLane(LANE);
const outcomeOf = async (world: LaneWorld, key: string) => (await world.read(key)).outcome;
const methods = (calls: { method: string }[]) => calls.map(({ method }) => method);

describe('a move', () => {
  const moving = adding('11', { takeFromOtherGroups: true });
  const build = () => laneOf({}, { id: idOf(2), name: 'Annex', applicationIds: ['11'] });

  it('is begun only with time for its second write as well', async () => {
    for (const [remainingMs, writes] of [
      [34_999, 0],
      [35_000, 2],
    ] as const) {
      const world = build();
      const change = await world.accept('T-1', moving);
      await world.invoke([change], world.ports, remainingMs);
      expect(world.tenant.writes).toHaveLength(writes);
      expect((await read(world)).intent).toBeUndefined();
      const waits = world.log.lines.filter(({ message }) => message === 'deferred');
      expect(waits.map(({ fields }) => fields.reason)).toEqual(writes === 0 ? ['again'] : []);
    }
  });

  it('and nothing else needs that time', async () => {
    const world = build();
    expect(await world.invoke([await world.accept('T-1', rename)], world.ports, 30_000)).toEqual([]);
  });

  it('reads its groups only when there is room for both its writes', async () => {
    const world = build();
    const writes = Array.from({ length: 9 }, () => world.clock.now() - 3000);
    await laneWith(world, { budget: { reads: [], writes, notBefore: 0 } });
    const calls = watch(world);
    await world.settle([await world.accept('T-1', moving)]);
    const at = (wanted: string) => calls.filter(({ method }) => method === wanted).map((call) => call.at);
    const [first = 0] = at('write');
    expect(first - (at('getGroup')[0] ?? 0)).toBe(0);
    expect(first - (at('getApplication')[0] ?? 0)).toBe(7001);
  });
});

describe('an intent that does not fit beside what lies aside', () => {
  it('is written after a look at that', async () => {
    const ids = Array.from({ length: 21_000 }, (_, index) => idOf(1000 + index));
    const large = { id: idOf(2), name: 'Annex', applicationIds: ids.slice(1000) };
    const world = laneOf({ applicationIds: ids.slice(0, 990) }, large);
    const calls = watch(world);
    const changes = [
      await world.accept('T-1', described({ id: GROUP })),
      await world.accept('T-2', described({ id: idOf(2) })),
    ];
    expect(await world.invoke(changes)).toEqual([]);
    for (const key of ['T-1', 'T-2']) expect(await outcomeOf(world, key)).toMatchObject({ kind: 'applied' });
    const reads = calls.flatMap(({ method, argument }) => (method === 'getGroup' ? [argument] : [method]));
    expect(reads).toEqual([GROUP, 'write', idOf(2), GROUP, idOf(2), 'write', idOf(2)]);
  });
});

describe('a tenant set to v1 that does not know v1', () => {
  it('is no reason to try for ever', async () => {
    const world = laneOf({});
    setMembership(world, 'v1');
    const fault = aFault({ code: 'no-such-route', class: 'unknown', status: 404 });
    world.tenant.interfere = (method) => (method === 'write' ? { fault } : undefined);
    const changes = [
      await world.accept('T-1', rename),
      await world.accept('T-2', { action: 'create', group: { name: 'Annex' } }),
    ];
    await world.settle(changes);
    for (const key of ['T-1', 'T-2'])
      expect(await outcomeOf(world, key)).toMatchObject({ code: 'unclassified', attempts: 6 });
  });
});

describe('coalesced changes', () => {
  const three = async (world: LaneWorld) => [
    await world.accept('T-1', adding('11')),
    await world.accept('T-2', adding('12')),
    await world.accept('T-3', adding('13')),
  ];

  it('stay together when ZPA only said: later', async () => {
    const world = laneOf({});
    let refused = false;
    world.tenant.interfere = (method) => {
      if (method !== 'write' || refused) return undefined;
      refused = true;
      return { fault: aFault({ code: 'rate-limited', class: 'transient', scope: 'tenant', retryAfterMs: 4000 }) };
    };
    await world.settle(await three(world));
    expect(world.tenant.writes).toMatchObject([{ addedApps: ['11', '12', '13'] }]);
    expect(await read(world)).not.toHaveProperty('oneByOneUntil');
  });

  it('are taken one by one, all of them, once ZPA refused them together', async () => {
    const world = laneOf({});
    const calls = watch(world);
    const { interfere } = world.tenant;
    world.tenant.interfere = (method, write) => {
      interfere(method, write);
      return method === 'write' && JSON.stringify(write).includes('"13"') ? { fault: aFault() } : undefined;
    };
    await world.settle(await three(world));
    expect(methods(calls).filter((method) => method === 'write')).toHaveLength(4);
  });
});

describe('a rejection', () => {
  it('names what is configured no more', async () => {
    const world = laneOf({});
    await world.settle([await world.accept('T-1', { ...rename, microtenant: 'gone' })]);
    expect(await outcomeOf(world, 'T-1')).toMatchObject({
      sentence: expect.stringContaining('microtenant "gone" of tenant "acme"'),
    });
    const other = createLaneWorld();
    const change = await other.accept('T-1', rename);
    const configuration = { ...other.ports.configuration, tenants: {} };
    await other.invoke([change], { ...other.ports, configuration });
    expect(await outcomeOf(other, 'T-1')).toMatchObject({ sentence: expect.stringMatching(/^tenant "acme" is not/) });
  });
});
