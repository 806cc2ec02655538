import { describe, expect, it } from 'vitest';
import { complete } from '../../../shared/domain/approval/reading.ts';
import { decideRedrive } from '../../../shared/domain/ledger/redrive-decision.ts';
import { redriveChange } from '../../../shared/ledger/redrive-change.ts';
import type { TicketRecord } from '../../../shared/ports/ticket-system.ts';
import { createMemoryFailureQueue, createMemoryTopic } from '../../fakes/memory-queues.ts';
import { aRejected } from '../../fakes/records.ts';
import { createTicketWorld, snowPayload, snowTicket, TICKET_CONFIGURATION } from './ticket-world.ts';

const ID = 'CHG0031337';
const edit = (field: string, from: string, to: string) => ({
  ...{ field: `record.${field}`, from: [from], to: [to] },
  ...{ by: 'eve', at: '2026-12-01T07:10:00Z' },
});

/** Its change was rejected, and the failure is on its queue. */
async function rejectedWorld() {
  const world = createTicketWorld();
  world.tickets.tickets.set(ID, snowTicket());
  await world.send(snowPayload(), { source: 'snow' });
  const [record] = world.ledger.allChanges();
  if (record === undefined) throw new Error('it was accepted');
  await world.ledger.writeChange({ ...record, state: 'settled', outcome: aRejected(), failed: true }, record.version);
  await world.clock.advance(1000);
  return world;
}

const facts = { generation: 1, sequence: 12, now: 1, acceptStale: true };
const free = { staleness: undefined, heldBy: undefined, notPermitted: undefined };

describe('a rejected change cannot be redriven once its ticket', () => {
  it.each<[string, TicketRecord | undefined]>([
    ['was withdrawn', snowTicket({ payload: snowPayload({ approval: 'rejected' }), approvals: [] })],
    ['waits for approval again', snowTicket({ payload: snowPayload({ approval: 'requested', state: '-4' }) })],
    ['is gone', undefined],
    ['is out of scope', snowTicket({ outOfScope: 'it was moved' })],
    ['was set back', snowTicket({ history: complete([edit('state', '-2', '-5'), edit('state', '-5', '-2')]) })],
    ['left its state without its approval', snowTicket({ payload: snowPayload({ state: '3' }), approvals: [] })],
    [
      'is not about segment groups any more, and was withdrawn',
      snowTicket({ payload: snowPayload({ approval: 'rejected' }, { zpa_action: '' }) }),
    ],
  ])('%s', async (_, ticket) => {
    const world = await rejectedWorld();
    if (ticket === undefined) world.tickets.tickets.delete(ID);
    else world.tickets.tickets.set(ID, ticket);
    await world.send(ticket?.payload ?? snowPayload(), { source: 'snow' });
    const [record] = world.ledger.allChanges();
    if (record === undefined) throw new Error('it was accepted');
    expect(record).toMatchObject({ failed: false, generation: 2, outcome: { kind: 'cancelled', by: 'snow' } });
    expect(record.history).toMatchObject([{ kind: 'rejected' }]);
    expect(decideRedrive(record, { ...facts, ...free, generation: 2 })).toMatchObject({
      kind: 'refused',
      refusal: {
        code: 'not-rejected',
        sentence: 'The change ended as cancelled; only a rejected change can be retried.',
      },
    });
  });

  it('though not while it stands as it was approved', async () => {
    const world = await rejectedWorld();
    await world.send(snowPayload(), { source: 'snow' });
    expect(world.ledger.allChanges()).toMatchObject([{ failed: true, outcome: { kind: 'rejected' } }]);
  });
});

describe('a redriven change of a ticket that was approved long ago is cancelled when it is withdrawn', () => {
  const withdrawn = snowTicket({ payload: snowPayload({ approval: 'rejected' }), approvals: [] });

  it.each<[string, { aheadMs: number; whileRead: boolean }]>([
    ['after the redrive', { aheadMs: 0, whileRead: false }],
    ['and the clock of whoever redrove it is two minutes ahead', { aheadMs: 120_000, whileRead: false }],
    ['and the withdrawal was read just before the redrive', { aheadMs: 1, whileRead: true }],
  ])('%s', async (_, { aheadMs, whileRead }) => {
    const world = await rejectedWorld();
    const { ledger, queue, clock, tickets } = world;
    async function redrive() {
      const [record] = ledger.allChanges();
      if (record === undefined) throw new Error('it was accepted');
      const outbox = { failures: createMemoryFailureQueue(), outcomes: createMemoryTopic() };
      const theirs = { now: () => clock.now() + aheadMs };
      const ports = { ledger, queue, configuration: TICKET_CONFIGURATION, clock: theirs, ...outbox };
      expect(await redriveChange(ports, record.ref, 1)).toMatchObject({ kind: 'reopen' });
    }
    const { read } = tickets;
    tickets.read = async (...args) => {
      const found = await read(...args);
      if (whileRead) await redrive();
      return found;
    };
    if (!whileRead) await redrive();
    await clock.advance(1000);
    tickets.tickets.set(ID, withdrawn);
    await world.send(withdrawn.payload, { source: 'snow' });
    expect(ledger.allChanges()).toMatchObject([{ generation: 2, outcome: { kind: 'cancelled', by: 'snow' } }]);
  });
});
