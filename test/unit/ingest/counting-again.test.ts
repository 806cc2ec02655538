import { describe, expect, it } from 'vitest';
import { complete } from '../../../shared/domain/approval/reading.ts';
import type { TicketRecord } from '../../../shared/ports/ticket-system.ts';
import { read } from './ingest-world.ts';
import { createTicketWorld, snowPayload, snowTicket, type TicketWorld } from './ticket-world.ts';

const put = (world: TicketWorld, over: Partial<TicketRecord>) =>
  world.tickets.tickets.set('CHG0031337', snowTicket(over));
const send = async (world: TicketWorld, payload = snowPayload()) => read(await world.send(payload, { source: 'snow' }));
const find = ({ ledger }: TicketWorld) => ledger.allChanges()[0];

describe('a ticket whose approval is over and counts again', () => {
  const start = { start_date: '2026-12-20 08:00:00' };
  const moved = (from: string, to: string, at: string) => ({
    ...{ field: 'record.state', from: [from], to: [to] },
    ...{ by: 'eve', at: `2026-12-01T07:${at}:00Z` },
  });
  const approved = moved('-3', '-2', '00');
  const away = moved('-2', '-5', '10');

  async function setBackWorld() {
    const world = createTicketWorld();
    put(world, { payload: snowPayload(start), history: complete([approved]) });
    expect((await send(world)).status).toBe(202);
    await world.clock.advance(1000);
    put(world, { payload: snowPayload({ ...start, state: '-5' }), history: complete([approved, away]) });
    await send(world, snowPayload({ ...start, state: '-5' }));
    expect(find(world)?.outcome).toMatchObject({ kind: 'cancelled' });
    return world;
  }

  it('and then counts again, as its history tells, is told that nothing is carried out', async () => {
    const world = await setBackWorld();
    const history = complete([approved, away, moved('-5', '-2', '12')]);
    put(world, { payload: snowPayload(start), history });
    expect((await send(world)).body).toMatchObject({ result: 'refused', reason: 'approval-stale' });
    expect(world.tickets.comments).toHaveLength(1);
  });

  it('and then has faults is told that its approval is spent', async () => {
    const world = await setBackWorld();
    put(world, { payload: snowPayload(start, { zpa_action: 'no such action' }) });
    expect((await send(world)).body).toMatchObject({ result: 'refused', reason: 'approval-spent' });
  });
});

describe('a ticket whose approver took the approval back, and which its requester set back and forward', () => {
  const at = (minute: string) => `2026-12-01T07:${minute}:00Z`;
  const told = (from: string, to: string, minute: string) => ({
    ...{ field: 'record.approval', from: [from], to: [to] },
    ...{ by: 'beth.anglin', at: at(minute) },
  });

  it.each<[string, Partial<TicketRecord>]>([
    [
      'as the history tells',
      { history: complete([told('approved', 'requested', '10'), told('requested', 'approved', '11')]) },
    ],
    [
      'in edits of which no value is told',
      { history: complete([{ field: 'record.approval', by: 'beth.anglin', at: at('10') }]) },
    ],
    [
      'in an edit that may be of any field',
      { history: complete([{ field: 'record', by: 'beth.anglin', at: at('10') }]) },
    ],
    ['as the audit of the approval tells', { rejections: [{ by: 'david.loo', at: at('10') }] }],
  ])('%s, ends what was accepted, though its fields say approved and no approval is shown', async (_, over) => {
    const world = createTicketWorld();
    put(world, {});
    expect((await send(world)).status).toBe(202);
    await world.clock.advance(1000);
    put(world, { approvals: [], ...over });
    expect((await send(world)).body).toMatchObject({ result: 'refused', reason: 'no-approval' });
    expect(find(world)?.outcome).toMatchObject({ kind: 'cancelled' });
  });

  it('before the approval that was accepted, keeps it where no approval is shown', async () => {
    const world = createTicketWorld();
    put(world, {});
    expect((await send(world)).status).toBe(202);
    await world.clock.advance(1000);
    const before = { by: 'beth.anglin', at: '2026-12-01T06:50:00Z' };
    put(world, { approvals: [], rejections: [before], history: complete([{ field: 'record.approval', ...before }]) });
    expect((await send(world)).body).toMatchObject({ result: 'ignored', reason: 'accepted-before' });
    expect(find(world)?.state).toBe('queued');
  });
});
