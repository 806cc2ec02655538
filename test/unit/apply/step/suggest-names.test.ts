import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../../../shared/domain/catalog/catalog.ts';
import { cacheCatalogs } from '../../../../shared/reading/catalog-cache.ts';
import { createMemoryCatalogs } from '../../../fakes/memory-catalogs.ts';
import { wrapZpa } from '../interfere.ts';
import { createLaneWorld, GROUP } from '../lane-world.ts';
import { MINUTE } from '../requests.ts';

const item = (id: string, name: string) => ({ id, name, enabled: true, microtenantId: '0' });
const CATALOG: Catalog = {
  schemaVersion: 1,
  tenant: 'acme',
  asOf: 0,
  groups: [item('1', 'Remote Access'), item('2', 'Remote Acces EU'), item('3', 'Warehouse')],
  applications: [item('11', 'Wiki'), item('12', 'Wikis')],
};
const enabling = (name: string) => ({ action: 'update', group: { name }, set: { enabled: true } });
const adding = (name: string) => ({ action: 'update', group: { id: GROUP }, applications: { add: [{ name }] } });

async function refused(change: Record<string, unknown>, catalogs?: { read(): Promise<Catalog | undefined> }) {
  const world = createLaneWorld();
  world.addGroup();
  const ports = catalogs === undefined ? world.ports : { ...world.ports, catalogs };
  await world.invoke(await world.acceptAll(change), ports);
  return world.outcome();
}

describe('a change whose name leads nowhere', () => {
  it('is told which names were perhaps meant, the nearest first', async () => {
    const catalogs = createMemoryCatalogs(CATALOG);
    const read = () => catalogs.read('acme');
    expect(await refused(enabling('Remote Acess'), { read })).toMatchObject({
      code: 'group-not-found',
      remedy: expect.stringMatching(/^Perhaps meant: "Remote Access", "Remote Acces EU"\. /),
      details: { nearest: ['Remote Access', 'Remote Acces EU'] },
    });
    expect(await refused(adding('wiky'), { read })).toMatchObject({
      code: 'application-not-found',
      details: { nearest: ['Wiki', 'Wikis'] },
    });
  });

  it('is refused all the same where there is no catalog, none that can be read, or none in time', async () => {
    const plain = await refused(enabling('Remote Acess'));
    expect(plain).toMatchObject({ code: 'group-not-found' });
    expect(await refused(enabling('Remote Acess'), { read: async () => undefined })).toEqual(plain);
    const failing = () => Promise.reject(new Error('no bucket'));
    expect(await refused(enabling('Remote Acess'), { read: failing })).toEqual(plain);
    const never = () => new Promise<undefined>(() => undefined);
    expect(await refused(enabling('Remote Acess'), { read: never })).toMatchObject({ code: 'group-not-found' });
    expect(await refused(enabling('Quite something else'), { read: async () => CATALOG })).not.toHaveProperty(
      'details.nearest',
    );
  });
});

describe('before any catalog of the tenant is stored', () => {
  const none = (world: ReturnType<typeof createLaneWorld>) =>
    cacheCatalogs({ read: async () => undefined }, world.ports.clock);
  const lists = (world: ReturnType<typeof createLaneWorld>) =>
    world.tenant.calls.map(({ method }) => method).filter((one) => one.startsWith('list'));

  it('names are read from ZPA once for many changes', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const ports = { ...world.ports, catalogs: none(world) };
    const name = world.tenant.groups.get(GROUP)?.name ?? '';
    for (const [at, wrong] of [`${name}x`, `x${name}`].entries()) {
      const idempotencyKey = `T-${at + 1}`;
      await world.invoke(await world.acceptAll({ ...enabling(wrong), idempotencyKey }), ports);
      expect(await world.outcome(idempotencyKey)).toMatchObject({
        code: 'group-not-found',
        details: { nearest: [name] },
      });
    }
    expect(lists(world)).toEqual(['listGroups']);
  });

  it('names of groups are no answer to a lost application', async () => {
    const world = createLaneWorld();
    world.addGroup();
    world.addApplications('11');
    const ports = { ...world.ports, catalogs: none(world) };
    await world.invoke(await world.acceptAll(enabling('Warehouses'), adding('app-12')), ports);
    const nearest = await Promise.all(['T-1', 'T-2'].map((key) => world.outcome(key)));
    expect(nearest).toMatchObject([{ details: { nearest: ['Warehouse'] } }, { details: { nearest: ['app-11'] } }]);
  });

  it('they are read no longer than two seconds', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const signals: (AbortSignal | undefined)[] = [];
    wrapZpa(world, () => ({
      async *listGroups(scope) {
        signals.push(scope?.signal);
        await world.clock.sleep(MINUTE, scope?.signal);
        yield* [];
      },
    }));
    const began = world.clock.now();
    await world.invoke(await world.acceptAll(enabling('Remote Acess')), { ...world.ports, catalogs: none(world) });
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
    // The second look at a name takes five seconds.
    expect(world.clock.now() - began).toBe(7000);
  });

  it('a change is rejected all the same where they cannot be read, and they are not read again at once', async () => {
    const world = createLaneWorld();
    world.addGroup();
    const ports = { ...world.ports, catalogs: none(world) };
    const fault = { code: 'odd', class: 'unknown', scope: 'change', effect: 'none', reason: 'odd' } as const;
    world.tenant.interfere = (method) => (method === 'listGroups' ? { effect: 'before', fault } : undefined);
    for (const [at, wrong] of ['Remote Acess', 'Remote Axcess'].entries()) {
      const idempotencyKey = `T-${at + 1}`;
      await world.invoke(await world.acceptAll({ ...enabling(wrong), idempotencyKey }), ports);
      expect(await world.outcome(idempotencyKey)).toMatchObject({ code: 'group-not-found' });
      expect(await world.outcome(idempotencyKey)).not.toHaveProperty('details.nearest');
    }
    expect(lists(world)).toEqual(['listGroups']);
  });
});

describe('catalogs kept for some minutes', () => {
  it('are read once for many changes, and again after a failure or five minutes', async () => {
    let now = 0;
    const answers: (Catalog | Error)[] = [new Error('no bucket'), CATALOG, { ...CATALOG, asOf: 9 }];
    const read = async () => {
      const [next] = answers.splice(0, 1);
      if (next instanceof Error) throw next;
      return next;
    };
    const kept = cacheCatalogs({ read }, { now: () => now });
    await expect(kept.read('acme')).rejects.toThrow('no bucket');
    expect((await kept.read('acme'))?.asOf).toBe(0);
    now = 5 * 60_000 - 1;
    expect((await kept.read('acme'))?.asOf).toBe(0);
    now += 1;
    expect((await kept.read('acme'))?.asOf).toBe(9);
  });
});
