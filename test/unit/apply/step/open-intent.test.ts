import { describe, expect, it } from 'vitest';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { laneOf, setMembership, watch } from '../intent/found-intent.ts';
import { failWrites } from '../interfere.ts';
import { createLaneWorld, GROUP } from '../lane-world.ts';
import { adding, describing, idOf, OTHER, refs, rename, taking, update } from '../requests.ts';

describe('a move', () => {
  const build = () => laneOf({}, { id: OTHER, name: 'Annex', applicationIds: ['11'] });

  it.each([
    ['a move', taking('11'), 34_999, 0],
    ['a move', taking('11'), 35_000, 2],
    ['nothing else', rename, 30_000, 1],
  ])(
    'is begun only with time for its second write as well, unlike others: %s',
    async (_, asked, remainingMs, writes) => {
      const world = build();
      await world.invoke(await world.acceptAll(asked), world.ports, remainingMs);
      expect(world.tenant.writes).toHaveLength(writes);
      expect((await world.lane()).intent).toBeUndefined();
      const waits = world.log.lines.filter(({ message }) => message === 'deferred');
      expect(waits.map(({ fields }) => fields.reason)).toEqual(writes === 0 ? ['again'] : []);
    },
  );

  it('reads its groups only when there is room for both its writes', async () => {
    const world = build();
    const writes = Array.from({ length: 9 }, () => world.clock.now() - 3000);
    await world.setLane({ budget: { reads: [], writes, notBefore: 0 } });
    const calls = watch(world);
    await world.play(taking('11'));
    const first = (wanted: string) => calls.find(({ method }) => method === wanted)?.at ?? 0;
    expect(first('write') - first('getGroup')).toBe(0);
    expect(first('write') - first('getApplication')).toBe(7001);
  });
});

it('an application whose name leads to a write that awaits its read-back is written after a look at that', async () => {
  const world = laneOf({ applicationIds: ['11'] }, { id: OTHER, name: 'Annex' });
  const calls = watch(world);
  const leaving = update(GROUP, { applications: { remove: refs('11') }, leaveUngrouped: true });
  await world.play(leaving, update(OTHER, { applications: { add: [{ name: 'app-11' }] } }));
  expect(await world.endings()).toEqual(['applied', 'applied']);
  const order = calls.filter(({ method }) => method === 'getGroup' || method === 'write');
  const [first, second] = order.flatMap(({ method }, place) => (method === 'write' ? [place] : []));
  expect(order.slice(first, second)).toContainEqual(expect.objectContaining({ method: 'getGroup', argument: GROUP }));
});

it('an intent that does not fit beside what lies aside is written after a look at that', async () => {
  const ids = Array.from({ length: 21_000 }, (_, index) => idOf(1000 + index));
  const large = { id: OTHER, name: 'Annex', applicationIds: ids.slice(1000) };
  const world = laneOf({ applicationIds: ids.slice(0, 990) }, large);
  const calls = watch(world);
  expect(await world.invoke(await world.acceptAll(describing(GROUP), describing(OTHER)))).toEqual([]);
  expect(await world.endings()).toEqual(['applied', 'applied']);
  const reads = calls.flatMap(({ method, argument }) => (method === 'getGroup' ? [argument] : [method]));
  expect(reads).toEqual([GROUP, 'write', OTHER, GROUP, OTHER, 'write', OTHER]);
});

it('a tenant set to v1 that does not know v1 is no reason to try for ever', async () => {
  const world = laneOf({});
  setMembership(world, 'v1');
  const fault = aFault({ code: 'no-such-route', class: 'unknown', status: 404 });
  world.tenant.interfere = (method) => (method === 'write' ? { fault } : undefined);
  await world.play(rename, { action: 'create', group: { name: 'Annex' } });
  for (const key of ['T-1', 'T-2'])
    expect(await world.outcome(key)).toMatchObject({ code: 'unclassified', attempts: 6 });
});

describe('coalesced changes', () => {
  it('stay together when ZPA only said: later', async () => {
    const world = laneOf({});
    failWrites(world, 1, aFault({ code: 'rate-limited', class: 'transient', scope: 'tenant', retryAfterMs: 4000 }));
    await world.play(adding('11'), adding('12'), adding('13'));
    expect(world.tenant.writes).toMatchObject([{ addedApps: ['11', '12', '13'] }]);
    expect(await world.lane()).not.toHaveProperty('oneByOneUntil');
  });

  it('are taken one by one, all of them, once ZPA refused them together', async () => {
    const world = laneOf({});
    const calls = watch(world);
    const { interfere } = world.tenant;
    world.tenant.interfere = (method, write) => {
      interfere(method, write);
      return method === 'write' && JSON.stringify(write).includes('"13"') ? { fault: aFault() } : undefined;
    };
    await world.play(adding('11'), adding('12'), adding('13'));
    expect(calls.filter(({ method }) => method === 'write')).toHaveLength(4);
    expect(await world.endings()).toEqual(['applied', 'applied', 'zpa-refused']);
  });
});

it('a rejection names what is configured no more', async () => {
  const world = laneOf({});
  const sentence = expect.stringContaining('microtenant "gone" of tenant "acme"');
  expect(await world.play({ ...rename, microtenant: 'gone' })).toMatchObject({ sentence });
  const other = createLaneWorld();
  const changes = await other.acceptAll(rename);
  other.ports.configuration = { ...other.ports.configuration, tenants: {} };
  await other.invoke(changes);
  expect(await other.outcome()).toMatchObject({ sentence: expect.stringMatching(/^tenant "acme" is not/) });
});
