import { describe, expect, it } from 'vitest';
import { TicketError, type TicketErrorCode } from '../../../shared/tickets/http/ticket-error.ts';
import type { MemoryTickets } from '../../fakes/memory-tickets.ts';
import { snowPayload, snowTicket, TICKET_CONFIGURATION } from '../ingest/ticket-world.ts';
import { createReconcileWorld } from './reconcile-world.ts';

const put = (system: MemoryTickets, ...ids: string[]) => {
  for (const id of ids) system.tickets.set(id, snowTicket({ id, payload: snowPayload({ number: id }) }));
};

/** Lets the system refuse to read one ticket. */
function refuse(system: MemoryTickets, id: string, code: TicketErrorCode): void {
  const { read } = system;
  system.read = async (wanted) => {
    if (wanted === id) throw new TicketError(code, 'refused');
    return await read(wanted);
  };
}

const many = (count: number) => Array.from({ length: count }, (_, n) => `CHG00000${10 + n}`);

const refusedTicket = (id: string) => snowTicket({ id, payload: snowPayload({ number: id }), approvals: [] });

/** Takes CHG0000001 for a window to come. The answer withdraws it in the ticket system without a delivery, unlisted. */
async function lostWithdrawal({ snow, run }: ReturnType<typeof createReconcileWorld>) {
  const id = 'CHG0000001';
  const window = { number: id, start_date: '2026-12-05 22:00:00' };
  snow.tickets.set(id, snowTicket({ id, payload: snowPayload(window) }));
  await run();
  return () => {
    snow.tickets.set(id, snowTicket({ id, payload: snowPayload({ ...window, approval: 'rejected' }) }));
    const { listApproved } = snow;
    snow.listApproved = async function* (since) {
      for await (const one of listApproved(since)) if (one !== id) yield one;
    };
  };
}

describe('one ticket that cannot be read', () => {
  it.each<TicketErrorCode>(['ticket-id', 'tickets-unavailable', 'tickets-malformed', 'tickets-refused'])(
    'as %s is counted, and leaves the listed ones behind it to be taken',
    async (code) => {
      const world = createReconcileWorld();
      put(world.snow, 'IMP0000123', 'CHG0000001');
      refuse(world.snow, 'IMP0000123', code);
      expect(await world.run()).toMatchObject({ tickets: 1, found: 1, unread: 1, failed: 1 });
      expect(world.ports.meter.counts).toContainEqual({
        name: 'ReconcileTicketFailed',
        value: 1,
        dimensions: { source: 'snow' },
      });
      expect(world.ports.meter.total('ReconcileFailed')).toBe(1);
      expect(world.ports.log.text()).toContain('IMP0000123');
    },
  );

  it('of an open change leaves the others to be looked after', async () => {
    const world = createReconcileWorld();
    const later = { start_date: '2026-12-05 22:00:00' };
    for (const number of ['CHG0000001', 'CHG0000002'])
      world.snow.tickets.set(number, snowTicket({ id: number, payload: snowPayload({ number, ...later }) }));
    expect(await world.run()).toMatchObject({ found: 2 });
    const number = 'CHG0000002';
    const rejected = snowPayload({ number, ...later, approval: 'rejected' });
    world.snow.tickets.set(number, snowTicket({ id: number, payload: rejected }));
    world.snow.listApproved = () => ReadableStream.from<string>([]);
    refuse(world.snow, 'CHG0000001', 'tickets-unavailable');
    expect(await world.run()).toMatchObject({ tickets: 1, unread: 1 });
    expect(world.cancelled()).toEqual([number]);
  });

  it('for want of requests ends the round of its source, which would only be refused more', async () => {
    const world = createReconcileWorld();
    put(world.snow, 'CHG0000001', 'CHG0000002');
    refuse(world.snow, 'CHG0000001', 'tickets-limited');
    put(world.other, 'CHG0000003');
    expect(await world.run()).toMatchObject({ tickets: 1, found: 1, unread: 0, failed: 1 });
    expect(world.snow.reads).toEqual([]);
  });
});

describe('tickets that are refused and take no comment', () => {
  it.each<[TicketErrorCode, number]>([
    ['tickets-refused', 12],
    ['tickets-limited', 3],
    ['tickets-unavailable', 3],
  ])(
    'as %s leave those behind them, and those of open changes, to be processed, after %i tries',
    async (code, tries) => {
      const world = createReconcileWorld();
      const withdraw = await lostWithdrawal(world);
      for (const id of many(12)) world.snow.tickets.set(id, refusedTicket(id));
      put(world.snow, 'CHG0000090');
      withdraw();
      world.snow.comment = () => Promise.reject(new TicketError(code, 'no right to write'));
      expect(await world.run()).toMatchObject({ tickets: 14, found: 1, refused: 12, unread: 0, failed: 0 });
      expect(world.cancelled()).toEqual(['CHG0000001']);
      expect(world.ports.meter.total('RefusalCommentFailed')).toBe(tries);
      expect(world.ports.log.text()).toContain('a ticket was not told');
    },
  );
});

describe('ten failed tickets in a row', () => {
  it('that have ids of no table leave the others to be taken', async () => {
    const world = createReconcileWorld();
    put(world.snow, ...many(12), 'CHG0000090');
    const { read } = world.snow;
    world.snow.read = (id) =>
      id === 'CHG0000090' ? read(id) : Promise.reject(new TicketError('ticket-id', 'no table'));
    expect(await world.run()).toMatchObject({ found: 1, unread: 12, failed: 1 });
  });

  it('that were read and could not be processed leave the others to be taken', async () => {
    const world = createReconcileWorld();
    put(world.snow, ...many(12), 'CHG0000090');
    const { changesOf } = world.ledger;
    world.ledger.changesOf = (scope, prefix) =>
      prefix.startsWith('CHG0000090') ? changesOf(scope, prefix) : Promise.reject(new Error('a malformed item'));
    expect(await world.run()).toMatchObject({ found: 1, unread: 12, failed: 1 });
  });

  it('that cannot be read leave those of open changes to be read', async () => {
    const world = createReconcileWorld();
    const withdraw = await lostWithdrawal(world);
    withdraw();
    put(world.snow, ...many(12));
    const { read } = world.snow;
    world.snow.read = (id) =>
      id === 'CHG0000001' ? read(id) : Promise.reject(new TicketError('tickets-malformed', 'an error page'));
    expect(await world.run()).toMatchObject({ tickets: 1, unread: 10, failed: 1 });
    expect(world.cancelled()).toEqual(['CHG0000001']);
  });
});

describe('ten tickets of open changes that can never be read', () => {
  it('do not hide the withdrawal of another one for ever', async () => {
    const world = createReconcileWorld();
    const [bad, withdrawn] = [many(10), 'CHG0000090'];
    const putWaiting = (id: string, fields: object) => {
      const payload = snowPayload({ number: id, start_date: '2026-12-20 22:00:00', ...fields });
      world.snow.tickets.set(id, snowTicket({ id, payload }));
    };
    for (const id of [...bad, withdrawn]) putWaiting(id, {});
    expect(await world.run()).toMatchObject({ found: 11 });
    world.snow.listApproved = () => ReadableStream.from<string>([]);
    putWaiting(withdrawn, { approval: 'rejected' });
    for (const id of bad) refuse(world.snow, id, 'tickets-malformed');
    for (let run = 0; run < 10; run += 1) await world.run();
    expect(world.cancelled()).toEqual([withdrawn]);
  });
});

describe('ten approved tickets that can never be read', () => {
  it('do not hide one behind them for ever, nor what was listed before the list fails', async () => {
    const world = createReconcileWorld();
    put(world.snow, ...many(10), 'CHG0000090');
    for (const id of many(10)) refuse(world.snow, id, 'tickets-malformed');
    const { listApproved } = world.snow;
    world.snow.listApproved = async function* (since) {
      yield* listApproved(since);
      throw new TicketError('tickets-unavailable', 'its second page');
    };
    let found = 0;
    for (let run = 0; run < 10; run += 1) found += (await world.run()).found;
    expect(found).toBe(1);
  });
});

describe('a source of which no ticket can be read', () => {
  it('is left for the next run after ten in a row', async () => {
    const world = createReconcileWorld();
    put(world.snow, ...many(12));
    world.snow.read = () => Promise.reject(new TicketError('tickets-unavailable', 'maintenance'));
    expect(await world.run()).toMatchObject({ tickets: 0, unread: 10, failed: 1 });
  });
});

describe('a lane whose open changes cannot be read', () => {
  it('is counted, and leaves the tickets of the later lanes to be looked after', async () => {
    const world = createReconcileWorld();
    const { 'acme-prod': prod, ...before } = TICKET_CONFIGURATION.tenants;
    if (prod === undefined) throw new Error('no such tenant');
    world.ports.configuration = { ...TICKET_CONFIGURATION, tenants: { ...before, 'acme-prod': prod } };
    const withdraw = await lostWithdrawal(world);
    withdraw();
    const { openChanges } = world.ledger;
    world.ledger.openChanges = (lane, ...rest) =>
      lane.startsWith('BETA') ? Promise.reject(new Error('a malformed item')) : openChanges(lane, ...rest);
    expect(await world.run()).toMatchObject({ tickets: 1, failed: 2 });
    expect(world.cancelled()).toEqual(['CHG0000001']);
    expect(world.ports.meter.total('ReconcileLaneFailed')).toBe(2);
    expect(world.ports.log.text()).toContain('open changes of a lane could not be read');
  });
});

describe('failures of a lane of which', () => {
  it.each([
    ['one', true],
    ['the whole list', false],
  ])('%s cannot be read, leave the other tickets to be looked after', async (_, isOne) => {
    const world = createReconcileWorld();
    const withdraw = await lostWithdrawal(world);
    withdraw();
    world.ledger.failedChanges = async function* (_lane, onUnreadable) {
      if (!isOne) throw new Error('throttled');
      onUnreadable?.({ key: 'change#snow#acme-prod#CHG0000009/1@A', why: 'malformed' });
      yield* [];
    };
    expect(await world.run()).toMatchObject({ tickets: 1, failed: 2 });
    expect(world.cancelled()).toEqual(['CHG0000001']);
  });
});

describe('a source whose listing fails', () => {
  it('is read for its open changes all the same', async () => {
    const world = createReconcileWorld();
    put(world.snow, 'CHG0000001');
    await world.run();
    world.snow.reads.length = 0;
    world.snow.listApproved = () => {
      throw new TicketError('tickets-malformed', 'no such query');
    };
    expect(await world.run()).toMatchObject({ tickets: 1, failed: 1 });
    expect(world.snow.reads).toEqual(['CHG0000001']);
  });
});

describe('a source that does not answer', () => {
  it('does not keep the others waiting', async () => {
    const world = createReconcileWorld();
    put(world.other, 'CHG0000002');
    const otherIsListed = Promise.withResolvers<void>();
    put(world.snow, 'CHG0000001');
    const { read } = world.snow;
    world.snow.read = async (id) => {
      await otherIsListed.promise;
      return await read(id);
    };
    const { listApproved } = world.other;
    world.other.listApproved = (since) => {
      otherIsListed.resolve();
      return listApproved(since);
    };
    expect(await world.run()).toMatchObject({ sources: 2, found: 2, failed: 0 });
  });
});
