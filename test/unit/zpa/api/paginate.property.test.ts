import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { UnreadableObject } from '../../../../shared/ports/ports.ts';
import { collect, paginate } from '../../../../shared/zpa/api/paginate.ts';
import { ZpaError } from '../../../../shared/zpa/http/zpa-error.ts';
import { scriptedCaller } from '../scripted-caller.ts';

const item = z.object({ id: z.string(), name: z.string() });
const listing = { version: 'v1', pattern: '/things', item } as const;

/**
 * A list of which some items are odd, the order it has when each page is asked for, the total that it announces, and the
 * size that its pages have at most, whatever is asked for.
 */
const lists = fc
  .record({ count: fc.integer({ min: 0, max: 12 }), pageSize: fc.integer({ min: 1, max: 5 }) })
  .chain(({ count, pageSize }) => {
    const ids = Array.from({ length: count }, (_, n) => `t${n}`);
    return fc.record({
      ids: fc.constant(ids),
      pageSize: fc.constant(pageSize),
      odd: fc.subarray(ids),
      orders: fc.array(fc.shuffledSubarray(ids, { minLength: count }), { maxLength: 8 }),
      totals: fc.constantFrom('strings', 'numbers', 'pages only', 'none'),
      wrongBy: fc.constantFrom(0, 0, 0, -1, 1, 7),
      cap: fc.constantFrom(5, 5, 1, 2),
    });
  });

type List = typeof lists extends fc.Arbitrary<infer T> ? T : never;

/** Answers pages of the list, in the next order for each; once there is no other order it stays as it is. */
function serve({ ids, odd, orders, cap, pageSize: asked, totals, wrongBy }: List) {
  const oddIds = new Set(odd);
  const pageSize = Math.min(asked, cap);
  return scriptedCaller(({ query }, nth) => {
    const order = orders[nth - 1] ?? ids;
    const from = (Number(query?.page) - 1) * pageSize;
    const list = order.slice(from, from + pageSize).map((id) => (oddIds.has(id) ? { id } : { id, name: id }));
    const [totalPages, totalCount] = [Math.ceil(ids.length / pageSize), Math.max(0, ids.length + wrongBy)];
    if (totals === 'none') return { list };
    if (totals === 'pages only') return { totalPages, list };
    return totals === 'numbers'
      ? { totalPages, totalCount, list }
      : { totalPages: `${totalPages}`, totalCount: `${totalCount}`, list };
  });
}

async function read(list: List, onUnreadable?: (one: UnreadableObject) => void): Promise<string[] | string> {
  const { caller } = serve(list);
  const options = { pageSize: list.pageSize, ...(onUnreadable !== undefined && { onUnreadable }) };
  try {
    return (await collect(paginate(caller, listing, options))).map(({ id }) => id);
  } catch (error) {
    return error instanceof ZpaError ? error.code : String(error);
  }
}

const announcesTotal = ({ totals, ids, wrongBy }: List) =>
  (totals === 'strings' || totals === 'numbers') && Math.max(0, ids.length + wrongBy) !== ids.length;

describe('a list whose items jump from page to page while it is read', () => {
  it('is told with every item once, odd ones to whoever asks for them, or is incomplete', async () => {
    const property = fc.asyncProperty(lists, async (list) => {
      const odd: (string | undefined)[] = [];
      const found = await read(list, ({ id }) => odd.push(id));
      expect(new Set(odd).size).toBe(odd.length);
      if (found !== 'incomplete-list') {
        expect([...found].sort()).toEqual(list.ids.filter((id) => !list.odd.includes(id)).sort());
        expect(odd.sort()).toEqual(list.odd.toSorted());
      }
      if (announcesTotal(list)) expect(found).toBe('incomplete-list');
      else if (list.orders.length === 0) expect(found).not.toBe('incomplete-list');
    });
    await fc.assert(property, { numRuns: 400 });
  });

  it('is told to nobody else if one item is odd', async () => {
    const withOdd = lists.filter(({ odd }) => odd.length > 0);
    const property = fc.asyncProperty(withOdd, async (list) => {
      expect(['unexpected-answer', 'incomplete-list']).toContain(await read(list));
    });
    await fc.assert(property, { numRuns: 100 });
  });
});
