import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOfApproval } from '../../../shared/accept/tickets/ticket-revision.ts';
import { complete } from '../../../shared/domain/approval/reading.ts';
import type { TicketRecord } from '../../../shared/ports/ticket-system.ts';
import { createTicketWorld, snowPayload, type TicketWorld } from './ticket-world.ts';

/** The edits of a ticket by people, one after the other, and the deliveries of them that arrive. */
type Deed = 'approve' | 'self-approve' | 'reject' | 'request' | 'edit' | 'hold' | 'go on' | 'deliver';
const DEEDS: Deed[] = [
  'approve',
  'approve',
  'self-approve',
  'reject',
  'request',
  'edit',
  'hold',
  'go on',
  'deliver',
  'deliver',
];

type Ticket = { fields: Record<string, string>; group: number; approvals: TicketRecord['approvals']; edits: string[] };

const NEW: Ticket = { fields: { approval: 'requested', state: '-4' }, group: 0, approvals: [], edits: [] };
const APPROVED = { approval: 'approved', state: '-2', on_hold: 'false' };

function after(ticket: Ticket, deed: Deed, at: string): Ticket {
  const granted = (by: string) => ({
    ...ticket,
    fields: APPROVED,
    approvals: [...ticket.approvals, { by, at, ref: `ref-${at.slice(11, 19)}` }],
  });
  switch (deed) {
    case 'approve':
      return granted('david.loo');
    case 'self-approve':
      return granted('beth.anglin');
    case 'reject':
      return { ...ticket, fields: { approval: 'rejected', state: '-5' }, approvals: [] };
    case 'request':
      return { ...ticket, fields: { approval: 'requested', state: '-4' }, approvals: [] };
    case 'edit':
      return { ...ticket, group: ticket.group + 1, edits: [...ticket.edits, at] };
    case 'hold':
      return { ...ticket, fields: { ...ticket.fields, on_hold: 'true' } };
    case 'go on':
      return { ...ticket, fields: { ...ticket.fields, on_hold: 'false', state: '0' } };
    case 'deliver':
      return ticket;
  }
}

const recordOf = ({ fields, group, approvals, edits }: Ticket): TicketRecord => ({
  id: 'CHG0031337',
  payload: snowPayload(fields, { zpa_group: `Group ${group}` }),
  requesters: ['beth.anglin'],
  approvals,
  history: complete(edits.map((at) => ({ field: 'record.variables', at, by: 'beth.anglin' }))),
});

const openOf = (world: TicketWorld) => world.ledger.allChanges().filter(({ state }) => state !== 'settled');

/** After a delivery every open change rests on an approval on the ticket, and every approved change was accepted. */
function expectBound(world: TicketWorld, ticket: Ticket): void {
  const counting = ticket.approvals.filter(({ by }) => by !== 'beth.anglin');
  const last = counting.at(-1);
  const isApproved =
    ticket.fields.approval === 'approved' && ticket.fields.state === '-2' && ticket.fields.on_hold === 'false';
  for (const change of openOf(world)) {
    expect(counting.some((approval) => isOfApproval(change, approval))).toBe(true);
    if (isApproved && last !== undefined) expect(isOfApproval(change, last)).toBe(true);
  }
  if (!isApproved || last === undefined || ticket.edits.some((at) => at > last.at)) return;
  expect(world.ledger.allChanges().filter((change) => isOfApproval(change, last))).toHaveLength(1);
}

describe('whatever happens to a ticket, and however little of it is delivered', () => {
  it('what is open is what somebody else approved last, as it was approved', async () => {
    const deeds = fc.array(fc.constantFrom(...DEEDS), { maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(deeds, async (some) => {
        const world = createTicketWorld();
        const approvedGroup = new Map<string, number>();
        let ticket = NEW;
        for (const deed of [...some, 'deliver' as const]) {
          await world.clock.advance(15_000);
          ticket = after(ticket, deed, new Date(world.clock.now()).toISOString());
          const latest = ticket.approvals.at(-1);
          if (latest !== undefined && !approvedGroup.has(latest.ref)) approvedGroup.set(latest.ref, ticket.group);
          if (deed !== 'deliver') continue;
          const record = recordOf(ticket);
          world.tickets.tickets.set(record.id, record);
          expect((await world.send(record.payload, { source: 'snow' })).statusCode).toBeLessThan(300);
          expectBound(world, ticket);
        }
        for (const { ref, change } of world.ledger.allChanges()) {
          const approval = ref.idempotencyKey.split('@')[1] ?? '';
          expect(change.group).toEqual({ name: `Group ${approvedGroup.get(approval)}` });
        }
      }),
      { numRuns: 300 },
    );
  });
});
