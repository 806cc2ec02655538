import { expect, it } from 'vitest';
import { redriveChange } from '../../../shared/ledger/redrive-change.ts';
import { createMemoryFailureQueue, createMemoryTopic } from '../../fakes/memory-queues.ts';
import { AGAIN, DAVID, snowPayload, snowTicket, TICKET_CONFIGURATION } from '../ingest/ticket-world.ts';
import { createReconcileWorld } from './reconcile-world.ts';

it('a change that another approval of its ticket superseded is not redriven, stale or not', async () => {
  const world = createReconcileWorld();
  world.snow.tickets.set('CHG0031337', snowTicket());
  await world.run();
  const edited = snowPayload({}, { zpa_action: 'disable' });
  world.snow.tickets.set('CHG0031337', snowTicket({ payload: edited, approvals: [DAVID, AGAIN] }));
  await world.run();
  const former = world.find('CHG0031337/1@appr1');
  if (former === undefined) throw new Error('it was accepted');
  expect(former.outcome).toMatchObject({ kind: 'superseded', by: 'appr2' });
  await world.ledger.writeChange({ ...former, pending: [] }, former.version);

  const failures = createMemoryFailureQueue();
  const ports = { ...world.ports, configuration: TICKET_CONFIGURATION, failures, outcomes: createMemoryTopic() };
  for (const acceptStale of [true, false]) {
    const decision = await redriveChange(ports, former.ref, former.generation, { acceptStale });
    expect(decision).toMatchObject({ kind: 'refused', refusal: { code: 'not-rejected' } });
  }
});
