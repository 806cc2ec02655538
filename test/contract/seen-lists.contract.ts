import { expect, it } from 'vitest';
import { ABSENT } from '../../shared/ports/ports.ts';
import type { SeenListStore } from '../../shared/ports/seen-lists.ts';

/** The promises to the reader of rules, of the fake and of the table; `open` answers where nothing was written yet. */
export function describeSeenLists(name: string, open: () => SeenListStore): void {
  it(`${name}: none at first, then what was written last for lane and scope, if it was written on what was read`, async () => {
    const store = open();
    const one = { version: 0, lane: 'BETA:1', scope: '0', lists: ['ISOLATION_POLICY'] };
    expect(await store.read('BETA:1', '0')).toBeUndefined();
    expect(await store.write(one, ABSENT)).toEqual({ written: true });
    const found = { ...one, version: 1 };
    expect(await store.read('BETA:1', '0')).toEqual(found);
    expect(await store.read('BETA:1', '7')).toBeUndefined();
    expect(await store.read('BETA:2', '0')).toBeUndefined();
    expect(await store.write({ ...one, lists: [] }, ABSENT)).toEqual({ written: false, found });
    expect(await store.write({ ...found, lists: ['A', 'B'] }, 1)).toEqual({ written: true });
    expect(await store.read('BETA:1', '0')).toEqual({ ...one, version: 2, lists: ['A', 'B'] });
  });
}
