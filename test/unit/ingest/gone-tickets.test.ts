import { describe, expect, it } from 'vitest';
import { read } from './ingest-world.ts';
import { createTicketWorld, snowPayload, snowTicket } from './ticket-world.ts';

const ID = 'CHG0031337';
const OUT_OF_SCOPE = snowTicket({ outOfScope: 'it was moved, and has another key now' });

async function acceptedWorld() {
  const world = createTicketWorld();
  const send = async () => read(await world.send(snowPayload(), { source: 'snow' }));
  world.tickets.tickets.set(ID, snowTicket());
  await send();
  return { ...world, send };
}

describe('a ticket with open changes', () => {
  it('that is gone has them cancelled', async () => {
    const world = await acceptedWorld();
    world.tickets.tickets.delete(ID);
    expect((await world.send()).body).toEqual({ ticket: ID, result: 'withdrawn', cancelled: 1, underWay: 0 });
    expect(world.ledger.allChanges()[0]?.outcome).toMatchObject({ kind: 'cancelled', by: 'snow' });
    expect((await world.send()).body).toMatchObject({ result: 'ignored', reason: 'ticket-unknown' });
  });

  it('that cannot be read keeps them', async () => {
    const world = await acceptedWorld();
    world.tickets.trouble = Object.assign(new Error('no'), { code: 'tickets-refused' });
    expect((await world.send()).status).toBe(503);
    expect(world.ledger.allChanges()[0]?.state).toBe('queued');
  });

  it('that was put out of scope has them cancelled, although it is approved', async () => {
    const world = await acceptedWorld();
    world.tickets.tickets.set(ID, OUT_OF_SCOPE);
    expect((await world.send()).body).toMatchObject({ result: 'withdrawn', cancelled: 1 });
    expect((await world.send()).body).toMatchObject({ result: 'ignored', reason: 'ticket-out-of-scope' });
  });

  it('whose history is shown in part keeps them', async () => {
    const world = await acceptedWorld();
    const history = { kind: 'partial' as const, value: [], reason: 'some is missing' };
    world.tickets.tickets.set(ID, snowTicket({ approvals: [], history }));
    expect((await world.send()).body).toMatchObject({ result: 'ignored', reason: 'accepted-before' });
    expect(world.ledger.allChanges()[0]?.state).toBe('queued');
  });
});

describe('a ticket whose fields do not concern segment groups any more', () => {
  async function concernedWorld() {
    const world = createTicketWorld();
    const deliver = (payload: object) => world.send(payload, { source: 'snow-open' });
    world.tickets.tickets.set(ID, snowTicket());
    expect(read(await deliver(snowPayload())).status).toBe(202);
    return { ...world, deliver };
  }

  const cleared = (fields: object) => snowPayload({ approval: 'approved', ...fields }, { zpa_action: '' });

  it.each([
    ['rejected', { approval: 'rejected' }],
    ['canceled', { state: '4' }],
    ['waiting for approval', { approval: 'requested', state: '-4' }],
    ['in no approved state', { state: '3' }],
  ])('and that is %s has its open changes cancelled', async (_, fields) => {
    const world = await concernedWorld();
    const told = cleared(fields);
    world.tickets.tickets.set(ID, snowTicket({ payload: told, approvals: [] }));
    const send = async () => read(await world.deliver(told));
    expect((await send()).body).toMatchObject({ result: 'withdrawn', cancelled: 1 });
    expect(world.ledger.allChanges()[0]?.outcome).toMatchObject({ kind: 'cancelled', by: 'snow-open' });
    expect((await send()).body).toMatchObject({ result: 'ignored', reason: 'other-ticket' });
    expect(world.asked).toEqual([]);
  });

  it('and that is still approved keeps them', async () => {
    const world = await concernedWorld();
    world.tickets.tickets.set(ID, snowTicket({ payload: cleared({}) }));
    expect(read(await world.deliver(cleared({}))).body).toMatchObject({ result: 'ignored', reason: 'other-ticket' });
    expect(world.ledger.allChanges()[0]?.state).toBe('queued');
  });
});

describe('a ticket that is out of scope', () => {
  it('is not accepted, and nothing is written on it', async () => {
    const world = createTicketWorld();
    world.tickets.tickets.set(ID, OUT_OF_SCOPE);
    const answer = read(await world.send(snowPayload(), { source: 'snow' }));
    expect(answer.body).toMatchObject({ result: 'ignored', reason: 'ticket-out-of-scope' });
    expect(world.ledger.allChanges()).toEqual([]);
    expect(world.tickets.comments).toEqual([]);
  });
});
