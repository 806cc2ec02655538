import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ledger, TicketChanges } from '../../shared/ports/ports.ts';
import { aChange, anApplied, aRef } from '../fakes/records.ts';
import { nextLane } from './ledger.contract.ts';

type UnderTest = { ledger: Ledger & TicketChanges; close(): Promise<void> };

/** The promises to a caller that reads all changes of a ticket. */
export function ticketChangesContract(name: string, open: () => Promise<UnderTest>): void {
  describe(`changes of a ticket: ${name}`, () => {
    let under: UnderTest;
    beforeAll(async () => {
      under = await open();
    });
    afterAll(() => under.close());

    it('are all whose key begins so, settled or not, of this source, tenant and lane alone', async () => {
      const { ledger } = under;
      const [lane, elsewhere] = [nextLane(), nextLane()];
      const put = (key: string, over = {}, more = {}) =>
        ledger.writeChange(aChange({ ref: aRef(key, { lane, ...over }), ...more }), 0);
      await put('CHG1/2@B');
      await put('CHG1/1@A', {}, { state: 'settled', outcome: anApplied() });
      await put('CHG1/1@B');
      await put('CHG10/1@A');
      await put('CHG1');
      await put('CHG1/1@A', { source: 'other' });
      await put('CHG1/1@A', { tenant: 'other' });
      await put('CHG1/1@A', { lane: elsewhere });
      const { source, tenant } = aRef('any');
      const found = await ledger.changesOf({ lane, source, tenant }, 'CHG1/');
      expect(found.map(({ ref }) => ref)).toEqual(
        ['CHG1/1@A', 'CHG1/1@B', 'CHG1/2@B'].map((key) => aRef(key, { lane })),
      );
      expect(await ledger.changesOf({ lane, source, tenant }, 'CHG2/')).toEqual([]);
    });
  });
}
