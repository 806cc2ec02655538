import { expect, it } from 'vitest';
import type { ReconcilePorts } from '../../../functions/reconcile/ports.ts';
import { reconcileSources } from '../../../functions/reconcile/reconcile-sources.ts';
import { processTicket } from '../../../shared/accept/tickets/process-ticket.ts';
import { ticketSourceOf } from '../../../shared/accept/tickets/ticket-source.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import { createFakeChance } from '../../fakes/fake-chance.ts';
import { createFakeClock } from '../../fakes/fake-clock.ts';
import { createMemoryKnownLanes } from '../../fakes/memory-known-lanes.ts';
import { createMemoryLedger } from '../../fakes/memory-ledger.ts';
import { createMemoryQueue } from '../../fakes/memory-queues.ts';
import { createMemorySecrets } from '../../fakes/memory-secrets.ts';
import { accessTo, createMemoryTickets } from '../../fakes/memory-tickets.ts';
import { createMemoryWithdrawals } from '../../fakes/memory-withdrawals.ts';
import { createRecordingLog, createRecordingMeter } from '../../fakes/recording.ts';
import { snowPayload, snowTicket, TICKET_CONFIGURATION } from '../ingest/ticket-world.ts';

it('a ticket that was read before its approval was delivered cancels nothing', async () => {
  const clock = createFakeClock();
  const ledger = createMemoryLedger();
  const snow = createMemoryTickets();
  const ports: ReconcilePorts = {
    ...{ configuration: TICKET_CONFIGURATION, timing: TIMING, ledger, clock },
    knownLanes: createMemoryKnownLanes(),
    withdrawals: createMemoryWithdrawals(),
    ...{ queue: createMemoryQueue(), chance: createFakeChance() },
    secrets: createMemorySecrets({ 'test/status': 'any long random text' }),
    ...{ log: createRecordingLog(), meter: createRecordingMeter() },
    tickets: accessTo({ snow }),
    drain: { remove: async (ids) => ids.length },
  };
  const asRead = snowTicket({ payload: snowPayload({ on_hold: 'true' }), approvals: [] });
  snow.tickets.set(asRead.id, asRead);
  const source = TICKET_CONFIGURATION.sources.snow;
  const from = source && ticketSourceOf('snow', source);
  if (from === undefined) throw new Error('its deliveries are tickets');
  const { read } = snow;
  snow.read = async (id) => {
    const ticket = await read(id);
    await clock.advance(1000);
    await processTicket(ports, from, { ticket: snowTicket(), asOf: clock.now() });
    await clock.advance(1000);
    return ticket;
  };
  await reconcileSources(ports, new AbortController().signal);
  const change = ledger.allChanges().find(({ ref }) => ref.idempotencyKey.startsWith('CHG0031337/'));
  expect(change).toMatchObject({ state: 'queued' });
});
