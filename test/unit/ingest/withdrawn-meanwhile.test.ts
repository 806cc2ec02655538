import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../fakes/fake-clock.ts';
import { meetAtEachCall } from '../../fakes/meeting.ts';
import { read } from './ingest-world.ts';
import { createTicketWorld, snowPayload, snowTicket } from './ticket-world.ts';

const ID = 'CHG0031337';

/** The usual clock, so much ahead of it. */
function aClock(aheadMs: number) {
  const clock = createFakeClock();
  const now = clock.now() + aheadMs;
  clock.now = () => now;
  return clock;
}

describe.each([-2000, 0, 2000])('a ticket that another function accepts, whose clock is %d ms ahead', (aheadMs) => {
  it.each<[string, ReturnType<typeof snowTicket> | undefined]>([
    ['is withdrawn', snowTicket({ payload: snowPayload({ approval: 'rejected' }), approvals: [] })],
    ['waits for approval again', snowTicket({ payload: snowPayload({ approval: 'requested', state: '-4' }) })],
    ['is gone', undefined],
  ])('and that %s meanwhile, as its system says, leaves nothing to be carried out', async (_, ended) => {
    await meetAtEachCall(() => {
      const world = createTicketWorld();
      const { ledger, knownLanes, withdrawals } = world;
      world.tickets.tickets.set(ID, snowTicket());
      return {
        ports: { ledger, knownLanes, withdrawals },
        program: (over) => {
          const accepting = createTicketWorld({ ...over, clock: aClock(aheadMs) });
          accepting.tickets.read = (id) => world.tickets.read(id);
          return accepting.send(snowPayload(), { source: 'snow' });
        },
        async other() {
          if (ended === undefined) world.tickets.tickets.delete(ID);
          else world.tickets.tickets.set(ID, ended);
          await world.send(ended?.payload ?? snowPayload(), { source: 'snow' });
        },
        judge: () => expect(ledger.allChanges().filter(({ state }) => state !== 'settled')).toEqual([]),
      };
    });
  });
});

it.each([4000, -4000])(
  'an approval within seconds, by a clock that is %d ms ahead, is asked for again and not refused',
  async (aheadMs) => {
    const world = createTicketWorld();
    const { tickets, clock } = world;
    const waiting = snowTicket({ payload: snowPayload({ approval: 'requested', state: '-4' }), approvals: [] });
    tickets.tickets.set(ID, waiting);
    await world.send(waiting.payload, { source: 'snow' });
    await clock.advance(2000);
    const at = new Date(clock.now() - 1000 + aheadMs).toISOString();
    tickets.tickets.set(ID, snowTicket({ approvals: [{ by: 'david.loo', at, ref: 'appr1' }] }));

    const early = await world.send(snowPayload(), { source: 'snow' });
    expect(early).toMatchObject({ statusCode: 503, headers: { 'retry-after': '15' } });
    expect(tickets.comments).toEqual([]);
    await clock.advance(15_000);
    expect((await world.send(snowPayload(), { source: 'snow' })).statusCode).toBe(202);
  },
);

it('a withdrawal that is not read back ends what was accepted before it, though its clock is behind', async () => {
  const world = createTicketWorld();
  const { ledger, knownLanes, withdrawals } = world;
  const approval = { id: 'a1', by: 'david.loo', at: new Date(world.clock.now()).toISOString() };
  const nextWeek = { start_date: '2026-12-20 08:00:00' };
  expect((await world.send({ ...snowPayload(nextWeek), approval }, { source: 'trusted' })).statusCode).toBe(202);

  const other = createTicketWorld({ clock: aClock(-2000), ledger, knownLanes, withdrawals });
  const answer = read(await other.send(snowPayload({ approval: 'rejected' }), { source: 'trusted' }));
  expect(answer.body).toMatchObject({ result: 'withdrawn', cancelled: 1 });
  expect(ledger.allChanges().map(({ outcome }) => outcome?.kind)).toEqual(['cancelled']);
});
