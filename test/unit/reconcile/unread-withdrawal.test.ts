import { expect, it } from 'vitest';
import { complete } from '../../../shared/domain/approval/reading.ts';
import type { TicketChanges } from '../../../shared/ports/ports.ts';
import type { TicketRecord } from '../../../shared/ports/ticket-system.ts';
import { DAVID, snowPayload, snowTicket } from '../ingest/ticket-world.ts';
import { createReconcileWorld } from './reconcile-world.ts';

const SPOILT = 'CHG0031337/1@appr1';
const lines = JSON.stringify([{ zpa_group: 'A' }, { zpa_group: 'B' }]);
const payload = (over = {}) =>
  snowPayload({ start_date: '2026-12-20 08:00:00', ...over }, { zpa_group: '', zpa_changes: lines });
const setBack = {
  at: '2026-12-01T07:30:00Z',
  by: 'carol',
  field: 'record.approval',
  from: ['approved'],
  to: ['requested'],
};

it.each<[string, Partial<TicketRecord> | undefined]>([
  ['is withdrawn', { payload: payload({ approval: 'rejected' }), approvals: [] }],
  ['left its approved state without an approval', { payload: payload({ on_hold: 'true' }), approvals: [] }],
  ['was set back and forward', { payload: payload(), approvals: [DAVID], history: complete([setBack]) }],
  ['is gone', undefined],
])('a ticket that %s has its readable changes cancelled beside one that cannot be read', async (_, over) => {
  const world = createReconcileWorld();
  world.snow.tickets.set('CHG0031337', snowTicket({ payload: payload() }));
  await world.run();
  expect(world.ledger.allChanges()).toHaveLength(2);

  const { changesOf } = world.ledger;
  const spoilt: TicketChanges['changesOf'] = async (scope, prefix, onUnreadable) => {
    const found = await changesOf(scope, prefix);
    for (const { ref } of found.filter((one) => one.ref.idempotencyKey === SPOILT)) {
      if (onUnreadable === undefined) throw Object.assign(new Error(SPOILT), { code: 'record-malformed' });
      onUnreadable({ key: ref.idempotencyKey, why: 'spoilt' });
    }
    return found.filter(({ ref }) => ref.idempotencyKey !== SPOILT);
  };
  world.ledger.changesOf = spoilt;
  if (over === undefined) world.snow.tickets.delete('CHG0031337');
  else world.snow.tickets.set('CHG0031337', snowTicket(over));
  await world.ports.clock.advance(15 * 60_000);
  await world.run();
  expect(world.find('CHG0031337/2@appr1')?.outcome).toMatchObject({ kind: 'cancelled' });
  expect(world.ports.meter.total('ReconcileTicketFailed')).toBe(1);
});
