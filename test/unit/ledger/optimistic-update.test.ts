import { describe, expect, it } from 'vitest';
import { optimisticUpdate, UPDATE_ATTEMPTS } from '../../../shared/ledger/optimistic-update.ts';
import type { Written } from '../../../shared/ports/ports.ts';

type Counter = { version: number; count: number };

/** A place whose record somebody else writes before each of the first `conflicts` writes. */
function contestedPlace(conflicts: number, first?: Counter) {
  const place = { stored: first, writes: 0 };
  const write = async (next: Counter, expected: number): Promise<Written<Counter>> => {
    place.writes += 1;
    if (place.writes <= conflicts) place.stored = { version: expected + 1, count: (place.stored?.count ?? 0) + 10 };
    if ((place.stored?.version ?? 0) !== expected) return { written: false, found: place.stored };
    place.stored = { ...next, version: expected + 1 };
    return { written: true };
  };
  const update = (change: (counter: Counter | undefined) => Counter | undefined) =>
    optimisticUpdate<Counter, Counter | undefined>(place.stored, {
      change,
      write,
      absent: () => undefined,
      subject: 'the counter',
      code: 'counter-contention',
    });
  return { place, update };
}

const increment = (counter: Counter | undefined): Counter => ({ version: 0, count: (counter?.count ?? 0) + 1 });

describe('an optimistic update', () => {
  it('changes what others wrote meanwhile, up to its bound', async () => {
    const { place, update } = contestedPlace(UPDATE_ATTEMPTS - 1);
    const record = { version: UPDATE_ATTEMPTS, count: 10 * (UPDATE_ATTEMPTS - 1) + 1 };
    expect(await update(increment)).toEqual({ record, changed: true });
    expect(place.stored).toEqual(record);
  });

  it('gives up after as many conflicts, with its code and the versions of the last one', async () => {
    const { place, update } = contestedPlace(UPDATE_ATTEMPTS);
    await expect(update(increment)).rejects.toMatchObject({
      code: 'counter-contention',
      message: `the counter changed ${UPDATE_ATTEMPTS} times while it was written`,
      cause: { expected: UPDATE_ATTEMPTS - 1, found: UPDATE_ATTEMPTS },
    });
    expect(place.writes).toBe(UPDATE_ATTEMPTS);
  });

  it('writes nothing where nothing changes', async () => {
    const stored = { version: 3, count: 1 };
    for (const change of [() => undefined, (counter?: Counter) => counter]) {
      const { place, update } = contestedPlace(0, stored);
      expect(await update(change)).toEqual({ record: stored, changed: false });
      expect(place.writes).toBe(0);
    }
  });
});
