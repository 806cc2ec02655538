import { describe, expect, it } from 'vitest';
import { createBatchLoader } from '../../../../shared/aws/ledger/table/batch-loader.ts';

function recording(most: number) {
  const batches: (readonly string[])[] = [];
  const call = createBatchLoader<string, string>(most, async (items) => {
    batches.push(items);
    return items.map((item) => (item.startsWith('bad') ? new Error(item) : item.toUpperCase()));
  });
  return { batches, call };
}

describe('calls made at the same time', () => {
  it('go out together, in order, no more than a batch holds', async () => {
    const { batches, call } = recording(2);
    expect(await Promise.all(['a', 'b', 'c'].map(call))).toEqual(['A', 'B', 'C']);
    expect(batches).toEqual([['a', 'b'], ['c']]);
  });

  it('go out alone when there is nothing else', async () => {
    const { batches, call } = recording(10);
    expect([await call('a'), await call('b')]).toEqual(['A', 'B']);
    expect(batches).toEqual([['a'], ['b']]);
  });

  it('fail each for itself, or all with their batch', async () => {
    const { call } = recording(10);
    const [one, bad] = await Promise.allSettled(['a', 'bad'].map(call));
    expect(one).toEqual({ status: 'fulfilled', value: 'A' });
    expect(bad).toMatchObject({ status: 'rejected', reason: { message: 'bad' } });
    const broken = createBatchLoader<string, string>(10, () => Promise.reject(new Error('down')));
    const all = await Promise.allSettled(['a', 'b'].map(broken));
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
