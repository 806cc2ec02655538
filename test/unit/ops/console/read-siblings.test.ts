import { expect, it } from 'vitest';
import { createSiblings } from '../../../../functions/ops/console/change/read-siblings.ts';
import type { ConsoleContext } from '../../../../functions/ops/console/contract.ts';
import { TEST_START } from '../../../fakes/fake-clock.ts';
import { anApplied, anUpdate, aRef } from '../../../fakes/records.ts';
import { createListedLedger } from './changes/listed-ledger.ts';

/** The other changes of a set, which the page of each shows. */

function openSet(size: number) {
  const ledger = createListedLedger();
  let now = TEST_START;
  const siblings = createSiblings(() => now);
  const store = (key: string, index: number, over: object = {}) =>
    ledger.store({
      ref: aRef(key),
      ticket: { system: 'Helpdesk', id: 'CHG1', approvals: [] },
      change: anUpdate({ idempotencyKey: key, changeSet: { id: 'CHG1', index, size, onReject: 'continue' } }),
      ...over,
    });
  return {
    ledger,
    store,
    wait(ms: number) {
      now += ms;
    },
    read: async (record: Awaited<ReturnType<typeof store>>) => {
      const session = ledger.session as unknown as ConsoleContext['session'];
      const set = await siblings.read(session, record);
      return set?.members.map(({ ref, state }) => `${ref.idempotencyKey} ${state}`);
    },
  };
}

it('are those of the same ticket, set and approval, in their order, the open ones too', async () => {
  const { store, read } = openSet(3);
  await store('CHG1/3@A', 3);
  const record = await store('CHG1/2@A', 2);
  await store('CHG1/1@A', 1, { state: 'settled', outcome: anApplied() });
  await store('CHG1/1@B', 1);
  await store('CHG1/4@A', 1, { change: anUpdate({ idempotencyKey: 'CHG1/4@A' }) });
  await store('CHG10/1@A', 1);
  expect(await read(record)).toEqual(['CHG1/1@A settled', 'CHG1/2@A accepted', 'CHG1/3@A accepted']);
});

it('are read anew each time, and searched for until all are there', async () => {
  const { store, read, wait } = openSet(2);
  const record = await store('CHG1/1@A', 1);
  expect(await read(record)).toEqual(['CHG1/1@A accepted']);
  await store('CHG1/2@A', 2);
  wait(60_000);
  expect(await read(record)).toEqual(['CHG1/1@A accepted', 'CHG1/2@A accepted']);
  await store('CHG1/2@A', 2, { state: 'settled', outcome: anApplied() });
  expect(await read(record)).toEqual(['CHG1/1@A accepted', 'CHG1/2@A settled']);
});

it('there are none of a change alone', async () => {
  const { store, read } = openSet(1);
  expect(await read(await store('CHG1/1@A', 1))).toBeUndefined();
});
