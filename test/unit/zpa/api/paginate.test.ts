import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { collect, paginate } from '../../../../shared/zpa/api/paginate.ts';
import { scriptedCaller } from '../scripted-caller.ts';

const listing = { version: 'v1', pattern: '/things', item: z.looseObject({ id: z.string() }) } as const;
const things = (from: number, count: number) => Array.from({ length: count }, (_, n) => ({ id: `t${from + n}` }));
const ids = (items: { id: string }[]) => items.map(({ id }) => id);

describe('a list', () => {
  it('is walked to its last page with one page size, totals as strings', async () => {
    const { caller, calls } = scriptedCaller((_, nth) => ({
      ...{ totalPages: '3', totalCount: '6' },
      list: things(nth * 2, 2),
    }));
    const all = await collect(
      paginate(caller, listing, { pageSize: 2, search: 'enabled EQ true', microtenantId: '0' }),
    );
    expect(ids(all)).toEqual(['t2', 't3', 't4', 't5', 't6', 't7']);
    expect(calls.map(({ query }) => query)).toEqual(
      ['1', '2', '3'].map((page) => ({ page, pagesize: '2', search: 'enabled EQ true', microtenantId: '0' })),
    );
  });

  it('asks for 500 at once unless told, and takes totals as numbers', async () => {
    const { caller, calls } = scriptedCaller(() => ({ totalPages: 1, totalCount: 2, list: things(1, 2) }));
    expect(await collect(paginate(caller, listing))).toHaveLength(2);
    expect(calls.map(({ query }) => query?.pagesize)).toEqual(['500']);
  });

  it.each([{ totalPages: '0', totalCount: '0' }, { totalPages: '1', list: null }, { list: [] }, { list: null }])(
    'is empty for %j',
    async (envelope) => {
      const { caller, calls } = scriptedCaller(() => envelope);
      expect(await collect(paginate(caller, listing))).toEqual([]);
      expect(calls).toHaveLength(1);
    },
  );

  it.each([{}, { id: 'some.error', reason: 'an error inside a 200' }])('is not read from %j', async (body) => {
    const { caller } = scriptedCaller(() => body);
    await expect(collect(paginate(caller, listing))).rejects.toMatchObject({ code: 'unexpected-answer' });
  });

  it('fetches no page before it is wanted, and none after maxItems or maxPages', async () => {
    const { caller, calls } = scriptedCaller((_, nth) => ({ totalPages: '9', list: things(nth * 2, 2) }));
    expect(ids(await collect(paginate(caller, listing, { pageSize: 2, maxItems: 3 })))).toEqual(['t2', 't3', 't4']);
    expect(calls).toHaveLength(2);
    expect(await collect(paginate(caller, listing, { pageSize: 2, maxPages: 1 }))).toHaveLength(2);
    expect(calls).toHaveLength(3);
    expect(await collect(paginate(caller, listing, { maxItems: 0 }))).toEqual([]);
    for await (const _ of paginate(caller, listing, { pageSize: 2 })) break;
    expect(calls).toHaveLength(4);
  });

  it('without totals ends at an empty page, read twice: a page shorter than asked for is not the last one', async () => {
    const pages = [things(1, 2), things(3, 2), []];
    const { caller, calls } = scriptedCaller(({ query }) => ({ list: pages[Number(query?.page) - 1] }));
    expect(ids(await collect(paginate(caller, listing)))).toEqual(['t1', 't2', 't3', 't4']);
    expect(calls.map(({ query }) => query?.page)).toEqual(['1', '2', '3', '1', '2', '3']);
  });

  it('without totalPages ends where all announced items came, and is incomplete where they do not', async () => {
    const pages = [things(1, 2), things(3, 1)];
    const whole = scriptedCaller((_, nth) => ({ totalCount: '3', list: pages[nth - 1] }));
    expect(ids(await collect(paginate(whole.caller, listing)))).toEqual(['t1', 't2', 't3']);
    expect(whole.calls).toHaveLength(2);
    const half = scriptedCaller(({ query }) => ({ totalCount: '3', list: query?.page === '1' ? pages[0] : [] }));
    await expect(collect(paginate(half.caller, listing))).rejects.toMatchObject({ code: 'incomplete-list' });
  });

  it('is read again when an item comes twice, though ZPA answers no total; each item is shown once', async () => {
    const pages = [things(1, 2), things(2, 2), things(1, 2), things(3, 2), things(1, 2), things(3, 2)];
    const { caller, calls } = scriptedCaller((_, nth) => ({ totalPages: '2', list: pages[nth - 1] }));
    expect(ids(await collect(paginate(caller, listing, { pageSize: 2 })))).toEqual(['t1', 't2', 't3', 't4']);
    expect(calls.map(({ query }) => query?.page)).toEqual(['1', '2', '1', '2', '1', '2']);
  });

  it.each(['pages only', 'none'])(
    'misses no item that slips forward when another is deleted, totals: %s',
    async (totals) => {
      const live = things(1, 5);
      const { caller } = scriptedCaller(({ query }, nth) => {
        if (nth === 2) live.shift();
        const from = (Number(query?.page) - 1) * 2;
        return {
          list: live.slice(from, from + 2),
          ...(totals !== 'none' && { totalPages: Math.ceil(live.length / 2) }),
        };
      });
      expect(ids(await collect(paginate(caller, listing, { pageSize: 2 })))).toContain('t3');
    },
  );

  it('is read again when its total changes between pages, up or down: an item may have slipped through', async () => {
    for (const other of [3, 5]) {
      const totals = [4, other, other, other];
      const { caller, calls } = scriptedCaller((_, nth) => ({
        totalPages: '2',
        totalCount: `${totals[nth - 1]}`,
        list: nth % 2 === 1 ? things(1, 3) : things(4, other - 3),
      }));
      expect(await collect(paginate(caller, listing, { pageSize: 3 }))).toHaveLength(other);
      expect(calls).toHaveLength(4);
    }
  });

  it('rejects when it never has as many items as it announces', async () => {
    const { caller, calls } = scriptedCaller(() => ({ totalPages: '1', totalCount: '3', list: things(1, 2) }));
    await expect(collect(paginate(caller, listing))).rejects.toMatchObject({
      code: 'incomplete-list',
      fault: { class: 'transient', scope: 'tenant', reason: expect.stringContaining('2 of 3 items') },
    });
    expect(calls).toHaveLength(3);
  });

  it('rejects when pages repeat or come empty although more are announced', async () => {
    const same = scriptedCaller(() => ({ totalPages: '5', list: things(1, 2) }));
    await expect(collect(paginate(same.caller, listing, { pageSize: 2 }))).rejects.toMatchObject({
      code: 'incomplete-list',
    });
    expect(same.calls).toHaveLength(6);
    const empty = scriptedCaller(() => ({ totalPages: '5' }));
    await expect(collect(paginate(empty.caller, listing))).rejects.toMatchObject({ code: 'incomplete-list' });
  });

  it('ends where a server never does', async () => {
    const { caller, calls } = scriptedCaller((_, nth) => ({ totalPages: '999999', list: things(nth, 1) }));
    await expect(collect(paginate(caller, listing, { pageSize: 1 }))).rejects.toMatchObject({
      code: 'incomplete-list',
    });
    expect(calls).toHaveLength(1000);
  });

  it.each([0, 501, 1.5, Number.NaN])('takes no page size of %d', async (pageSize) => {
    const { caller, calls } = scriptedCaller(() => ({}));
    await expect(collect(paginate(caller, listing, { pageSize }))).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(calls).toEqual([]);
  });

  it('counts an item that cannot be parsed towards the total, and reports it once however often it is read', async () => {
    const odd7 = { id: [7] };
    const pages = [[{ id: 't1' }, odd7], [odd7], [{ id: 't1' }, odd7], [{ id: 't3' }]];
    const { caller, calls } = scriptedCaller((_, nth) => ({ totalPages: 2, totalCount: 3, list: pages[nth - 1] }));
    const odd: unknown[] = [];
    const all = await collect(paginate(caller, listing, { pageSize: 2, onUnreadable: (one) => odd.push(one) }));
    expect(ids(all)).toEqual(['t1', 't3']);
    expect(odd).toEqual([{ why: 'unexpected at: id' }]);
    expect(calls).toHaveLength(4);
  });

  it('rejects items without an id, naming the place and not the value', async () => {
    const { caller } = scriptedCaller(() => ({ totalPages: '1', list: [{ id: [12345678901] }] }));
    const error = await collect(paginate(caller, listing)).catch((one: unknown) => one);
    expect(error).toMatchObject({ code: 'unexpected-answer', fault: { class: 'unknown', effect: 'none' } });
    expect(String(error)).toContain('list.0.id');
    expect(String(error)).not.toContain('12345678901');
  });
});
