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
