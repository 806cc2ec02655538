import { describe, expect, it } from 'vitest';
import type { IgnoreList, IgnoreRecord } from '../../shared/domain/drift/ignores.ts';
import type { Ignores } from '../../shared/ports/ignores.ts';
import { ABSENT } from '../../shared/ports/ports.ts';
import { TEST_START } from '../fakes/fake-clock.ts';

const anEntry = (lane: string): IgnoreRecord => ({
  id: 'D-0000abcd',
  lane,
  group: { id: '7201', name: 'Web', microtenantId: '0' },
  live: 'written by hand',
  reason: 'Agreed',
  until: TEST_START + 1,
  by: 'anna',
  at: TEST_START,
  includesDeletion: true,
  ended: { at: TEST_START, why: 'withdrawn', by: 'otto' },
});

const aList = (lane: string): IgnoreList => ({ version: 0, lane, entries: [anEntry(lane)] });

/** The promises to the drift report and the CLI, of the fake and of the table. */
export function describeIgnores(name: string, open: () => Ignores): void {
  describe(name, () => {
    it('are none at first, then what was written last, with the next version', async () => {
      const ignores = open();
      expect(await ignores.read('BETA:1')).toEqual({ version: 0, lane: 'BETA:1', entries: [] });
      expect(await ignores.write(aList('BETA:1'), ABSENT)).toEqual({ written: true });
      expect(await ignores.read('BETA:1')).toEqual({ ...aList('BETA:1'), version: 1 });
      expect(await ignores.read('BETA:2')).toMatchObject({ version: 0, entries: [] });
    });

    it('are not written over what was not read, and answer what stands there', async () => {
      const ignores = open();
      await ignores.write(aList('BETA:3'), ABSENT);
      const found = { ...aList('BETA:3'), version: 1 };
      expect(await ignores.write(aList('BETA:3'), ABSENT)).toEqual({ written: false, found });
      expect(await ignores.write(aList('BETA:3'), 7)).toEqual({ written: false, found });
      expect(await ignores.write({ ...found, entries: [] }, 1)).toEqual({ written: true });
      expect(await ignores.read('BETA:3')).toEqual({ version: 2, lane: 'BETA:3', entries: [] });
    });
  });
}
