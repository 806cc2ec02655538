import { describe, expect, it } from 'vitest';
import { createBacklog } from '../../../../functions/apply/lane/backlog.ts';
import { createGroupNameCache } from '../../../../functions/apply/lane/group-name-cache.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { Zpa } from '../../../../shared/ports/ports.ts';
import { createFakeClock } from '../../../fakes/fake-clock.ts';
import { interrupted } from '../../../fakes/interrupted.ts';
import { aRejected } from '../../../fakes/records.ts';
import { spoil } from '../../../fakes/unreadable.ts';
import { createLaneWorld, LANE } from '../lane-world.ts';
import { rename, upTo } from '../requests.ts';

async function lane(count: number) {
  const world = createLaneWorld();
  const records = await world.acceptAll(...upTo(count).map(() => rename));
  const queries: unknown[] = [];
  const ledger = {
    ...world.ledger,
    openChanges: async (...[name, limit, after, onUnreadable]: Parameters<typeof world.ledger.openChanges>) => {
      queries.push([limit, after]);
      return world.ledger.openChanges(name, limit, after, onUnreadable);
    },
  };
  const backlog = createBacklog({ ...world.ports, ledger }, LANE);
  const read = async () => {
    const { unsettled, empty } = await backlog.read();
    return { keys: unsettled.map(({ ref }) => ref.idempotencyKey), empty };
  };
  const become = async (key: string, over: Partial<ChangeRecord>) => {
    const record = await world.read(key);
    await world.ledger.writeChange({ ...record, ...over }, record.version);
  };
  return { world, records, backlog, read, queries, become };
}
const settledOwing: Partial<ChangeRecord> = { state: 'settled', outcome: aRejected(), pending: ['sns'] };

describe('what a worker knows of its lane', () => {
  it('is read once, then what came since', async () => {
    const { world, read, queries } = await lane(3);
    expect(await read()).toEqual({ keys: ['T-1', 'T-2', 'T-3'], empty: false });
    await world.accept('T-4', rename);
    expect(await read()).toEqual({ keys: ['T-1', 'T-2', 'T-3', 'T-4'], empty: false });
    expect(queries).toEqual([
      [200, undefined],
      [197, 3],
    ]);
  });

  it('is empty once all of it is settled and nothing was behind it', async () => {
    const { records, backlog, read, queries } = await lane(2);
    await read();
    for (const record of records) backlog.remove(record);
    expect(await read()).toEqual({ keys: [], empty: true });
    expect(queries).toHaveLength(1);
    const none = await lane(0);
    expect(await none.read()).toEqual({ keys: [], empty: true });
  });

  it('is read on where there may be more behind it', async () => {
    const { world, records, backlog, read, queries } = await lane(200);
    expect((await read()).keys).toHaveLength(200);
    await read();
    expect(queries).toHaveLength(1);
    for (const record of records.slice(0, 199)) backlog.remove(record);
    await world.accept('T-201', rename);
    expect((await read()).keys).toEqual(['T-200', 'T-201']);
    expect(queries.at(-1)).toEqual([199, 200]);
  });

  it('is not taken for empty where the last look was as long as it could be', async () => {
    const settle = async ({ world, backlog }: Awaited<ReturnType<typeof lane>>, count: number) => {
      for (let index = 1; index <= count; index += 1) {
        const record = await world.read(`T-${index}`);
        await world.ledger.writeChange({ ...record, state: 'settled', outcome: aRejected() }, record.version);
        backlog.remove(record);
      }
    };
    const full = await lane(200);
    await full.read();
    await settle(full, 200);
    await full.world.accept('T-201', rename);
    expect(await full.read()).toEqual({ keys: ['T-201'], empty: false });
    const filled = await lane(199);
    await filled.read();
    await filled.world.accept('T-200', rename);
    expect((await filled.read()).keys).toHaveLength(200);
    await settle(filled, 200);
    await filled.world.accept('T-201', rename);
    expect(await filled.read()).toEqual({ keys: ['T-201'], empty: false });
  });

  it('is read anew when something was not as known', async () => {
    const { world, read, backlog, queries } = await lane(2);
    await read();
    const first = await world.read('T-1');
    await world.ledger.writeChange({ ...first, state: 'settled', outcome: aRejected() }, first.version);
    expect((await read()).keys).toEqual(['T-1', 'T-2']);
    backlog.invalidate();
    expect((await read()).keys).toEqual(['T-2']);
    expect(queries.at(-1)).toEqual([200, undefined]);
  });

  it('is not what waits, and what is settled has its sends done first', async () => {
    const { world, read } = await lane(3);
    const [first, second] = [await world.read('T-1'), await world.read('T-2')];
    await world.ledger.writeChange(
      { ...first, state: 'settled', outcome: aRejected(), pending: ['sns'] },
      first.version,
    );
    await world.ledger.writeChange({ ...second, state: 'scheduled' }, second.version);
    expect(await read()).toEqual({ keys: ['T-3'], empty: false });
    expect(world.outcomes.published).toHaveLength(1);
    expect((await world.read('T-1')).pending).toEqual([]);
  });

  it('of changes that wait alone is empty', async () => {
    const { world, read, queries } = await lane(1);
    const only = await world.read('T-1');
    await world.ledger.writeChange({ ...only, state: 'scheduled' }, only.version);
    expect(await read()).toEqual({ keys: [], empty: true });
    expect(await read()).toEqual({ keys: [], empty: true });
    expect(queries).toHaveLength(1);
  });
});

describe('what a worker knows of a lane in which some wait or are settled', () => {
  it('is told apart: only settled changes owe', async () => {
    const { read, backlog, become } = await lane(2);
    await become('T-1', settledOwing);
    await read();
    expect(backlog.owing().map(({ ref }) => ref.idempotencyKey)).toEqual(['T-1']);
  });

  it('is all that was open, where a full page ends with one that waits', async () => {
    const { records, read, backlog, queries, become } = await lane(200);
    for (let n = 2; n <= 200; n += 1) await become(`T-${n}`, { state: 'scheduled' });
    expect(await read()).toEqual({ keys: ['T-1'], empty: false });
    for (const record of records.slice(0, 1)) backlog.remove(record);
    expect(await read()).toEqual({ keys: [], empty: true });
    expect(queries).toHaveLength(1);
  });

  it('is one page, where that has something to take up', async () => {
    const { read, queries, become } = await lane(200);
    await become('T-1', settledOwing);
    expect((await read()).keys).toHaveLength(199);
    expect(queries).toHaveLength(1);
  });

  it('has a change that was settled and redriven at its new place', async () => {
    const { world, read, become } = await lane(2);
    await read();
    await become('T-1', { generation: 2, sequence: await world.ledger.takeSequences(LANE, 1) });
    expect((await read()).keys).toEqual(['T-2', 'T-1']);
  });

  it.each<[string, number, Partial<ChangeRecord> | undefined, boolean]>([
    ['one that may start, behind one that waits', 2, {}, true],
    ['only one that waits', 2, { state: 'scheduled' }, false],
    ['only one that is settled', 2, settledOwing, false],
    ['nothing', 2, undefined, false],
    ['one, behind a page that was not all', 200, {}, false],
  ])('has more where there is %s', async (_, count, next, hasMore) => {
    const { world, read, backlog, become } = await lane(count);
    expect(await backlog.hasMore()).toBe(false);
    if (count < 200) await become(`T-${count}`, { state: 'scheduled' });
    await read();
    if (next !== undefined) {
      await world.accept('new', rename);
      await become('new', next);
    }
    expect(await backlog.hasMore()).toBe(hasMore);
  });
});

describe('a change that cannot be read', () => {
  it('has a place of its own, unless it waits', async () => {
    const { world, read, backlog, become } = await lane(4);
    await become('T-4', { state: 'scheduled' });
    spoil(world.ledger, 'T-2', { request: true });
    spoil(world.ledger, 'T-4', { request: true });
    expect((await read()).keys).toEqual(['T-1']);
    expect(backlog.heldPlaces()).toEqual([2, 3]);
  });

  it('holds all behind it where nobody can tell what it is about: no more of them are read', async () => {
    const { world, read, queries } = await lane(201);
    spoil(world.ledger, 'T-1', { request: false });
    expect(await read()).toEqual({ keys: [], empty: false });
    expect(queries).toHaveLength(1);
  });
});

describe('names of groups from one listing', () => {
  const scope = (microtenantId = '0') => ({ microtenantId, signal: new AbortController().signal });

  function tenant() {
    const world = createLaneWorld();
    const decomposed = ['Zürich', 'Genève'].map((name) => name.normalize('NFD'));
    for (const [place, name] of ['One', 'Twin', 'Twin', ...decomposed, 'Genève'].entries())
      world.addGroup({ id: `${place + 1}`, name });
    let listings = 0;
    const limiter = { take: async () => () => undefined, obey: () => undefined };
    const zpa: Zpa = interrupted(world.tenant.client(limiter), 'zpa', ({ method }) => {
      if (method === 'listGroups') listings += 1;
    });
    const clock = createFakeClock();
    const names = createGroupNameCache(clock, 10_000);
    const idOf = (name: string, worthIt = true, of = 'acme', where = scope()) =>
      names.idOf(zpa, { tenant: of, name }, where, worthIt);
    return { idOf, clock, listed: () => listings };
  }

  it('lead to the only group of a name', async () => {
    const { idOf } = tenant();
    expect([await idOf('One'), await idOf('Twin'), await idOf('Gone')]).toEqual(['1', undefined, undefined]);
  });

  it('are one name in each Unicode form', async () => {
    const { idOf } = tenant();
    expect([await idOf('Zürich'), await idOf('Genève')]).toEqual(['4', undefined]);
  });

  it('are read once a window, where it is worth it', async () => {
    const { idOf, clock, listed } = tenant();
    expect([await idOf('One', false), listed()]).toEqual([undefined, 0]);
    await idOf('One');
    expect([await idOf('One', false), listed()]).toEqual(['1', 1]);
    await clock.advance(9999);
    expect([await idOf('One', false), listed()]).toEqual(['1', 1]);
    await clock.advance(1);
    expect([await idOf('One', false), listed()]).toEqual([undefined, 1]);
    expect([await idOf('One'), listed()]).toEqual(['1', 2]);
  });

  it('are those of one tenant and microtenant', async () => {
    const { idOf, listed } = tenant();
    await idOf('One');
    await idOf('One', true, 'other');
    await idOf('One', true, 'acme', scope('77'));
    expect(listed()).toBe(3);
  });
});
