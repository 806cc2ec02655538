import { describe, expect, it } from 'vitest';
import { statusHash, statusToken } from '../../../shared/domain/http/status-token.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import { NOTIFY_TIMING } from '../../../shared/domain/notice/retry-schedule.ts';
import { applied, createNotifyWorld, ended, rejected, unavailable } from './notify-world.ts';

const pausesOf = (world: ReturnType<typeof createNotifyWorld>) =>
  [...world.queue.values()].map(({ visibleAt }) => visibleAt - world.now());

describe('the messages of a set that waits', () => {
  const member = (index: number) => ended(applied(), { set: { index, size: 3 } });

  it('are done but one, which comes again when its patience is over', async () => {
    const world = createNotifyWorld();
    for (const index of [1, 2]) await world.settle(member(index));
    await world.deliver();
    expect([...world.queue.keys()]).toEqual(['message-1']);
    expect(pausesOf(world)).toEqual([NOTIFY_TIMING.patienceMs]);
  });

  it('are all done where the known outcomes were commented already', async () => {
    const world = createNotifyWorld();
    for (const index of [1, 2]) await world.settle(member(index));
    await world.pass(2 * NOTIFY_TIMING.patienceMs);
    expect(world.queue.size).toBe(0);
    expect(world.log.lines.at(-1)).toMatchObject({
      message: 'ticket told in part',
      fields: { code: 'incomplete', reason: '1 of 3 changes were not heard of', changes: 3, source: 'helpdesk' },
    });
    expect(world.meter.counts).toEqual([
      { name: 'TicketsTold', value: 1, dimensions: { source: 'helpdesk' } },
      { name: 'NotifyPartial', value: 1, dimensions: { source: 'helpdesk' } },
    ]);
  });

  it('do not wait for a member that was re-opened, and count it only when it has settled again', async () => {
    const world = createNotifyWorld();
    for (const index of [1, 2]) await world.settle(member(index));
    await world.settle(ended(rejected(), { set: { index: 3, size: 3 } }));
    await world.put({ ...ended(rejected(), { set: { index: 3, size: 3 } }), state: 'queued' });
    await world.deliver();
    expect(world.tickets.comments).toEqual([]);
    await world.settle(ended(rejected(), { set: { index: 3, size: 3 } }));
    await world.deliver();
    expect(world.tickets.said()).toHaveLength(1);
  });
});

describe('an invocation', () => {
  it('that finds a set claimed by another one comes again after the pause for that', async () => {
    const world = createNotifyWorld();
    let begun = () => undefined as undefined;
    const commenting = new Promise<void>((resolve) => {
      begun = () => void resolve();
    });
    let release = () => undefined as undefined;
    const held = new Promise<void>((resolve) => {
      release = () => void resolve();
    });
    const { writer } = world.tickets;
    world.tickets.writer = (source) => {
      const { comment, transition } = writer(source);
      return {
        transition,
        async comment(ticket, text, marker) {
          begun();
          await held;
          return comment(ticket, text, marker);
        },
      };
    };
    await world.settle(ended(applied()), 2);
    const first = world.deliver(1);
    await commenting;
    await world.deliver(1);
    expect([...world.queue.values()][1]?.visibleAt).toBe(world.now() + NOTIFY_TIMING.claimedRetryMs);
    release();
    await first;
    expect([...world.queue.keys()]).toEqual(['message-2']);
  });

  it('begins a set as long as two calls that time out still fit', async () => {
    const world = createNotifyWorld();
    await world.settle(ended(applied()));
    await world.deliver(5, 39_999);
    expect(world.tickets.comments).toEqual([]);
    const [pause] = pausesOf(world);
    expect(pause).toBeGreaterThanOrEqual(NOTIFY_TIMING.retryMs[0] ?? 0);
    world.publish(ended(applied()));
    await world.deliver(5, 40_000);
    expect(world.tickets.comments).toHaveLength(1);
  });

  it('answers two lanes that have changes of the same key one by one', async () => {
    const world = createNotifyWorld();
    const one = ended(applied());
    const other = ended(rejected());
    await world.settle(one);
    await world.settle({ ...other, ref: { ...other.ref, lane: `${other.ref.lane}2` } });
    let failures = 1;
    world.tickets.trouble = (call) => {
      if (call.startsWith('after comment') && failures-- > 0) throw new Error('out of memory');
    };
    await world.deliver();
    expect(world.tickets.said().map((text) => text.includes('not live'))).toEqual([false, true]);
    expect([...world.queue.keys()]).toEqual(['message-1']);
    expect(world.log.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { message: 'a ticket could not be told', fields: { code: 'unknown', source: 'helpdesk' } },
    ]);
  });

  it('says and counts why a ticket could not be told', async () => {
    const world = createNotifyWorld();
    world.tickets.trouble = () => {
      throw unavailable();
    };
    await world.settle(ended(applied()));
    await world.deliver();
    expect(world.log.lines).toMatchObject([{ fields: { code: 'tickets-unavailable', source: 'helpdesk' } }]);
    expect(world.meter.counts).toEqual([{ name: 'NotifyFailed', value: 1, dimensions: { source: 'helpdesk' } }]);
  });

  it('says why a change could not be read', async () => {
    for (const [error, code] of [
      [new Error('odd'), 'unknown'],
      [Object.assign(new Error('odd'), { code: 'record-malformed' }), 'record-malformed'],
    ] as const) {
      const world = createNotifyWorld((notify) => ({
        ...notify,
        ledger: { ...notify.ledger, readChange: () => Promise.reject(error) },
      }));
      world.publish(ended(applied()));
      await world.deliver();
      expect(world.log.lines).toMatchObject([{ level: 'error', fields: { code, source: 'helpdesk' } }]);
    }
  });

  it('that cannot hide its messages says so, and loses none', async () => {
    const world = createNotifyWorld((notify) => ({
      ...notify,
      deferral: { defer: () => Promise.reject(new Error('throttled')) },
    }));
    world.tickets.trouble = () => {
      throw unavailable();
    };
    await world.settle(ended(applied()));
    await world.deliver();
    expect(world.queue.size).toBe(1);
    expect(world.log.lines.at(-1)).toMatchObject({ level: 'warn', fields: { code: 'defer-failed' } });
  });

  it('is done with a change that is gone, that has another generation, or whose source has no ticket system or writer', async () => {
    const world = createNotifyWorld((notify) => ({
      ...notify,
      writerOf: (source, signal) => (source === 'other' ? undefined : notify.writerOf(source, signal)),
    }));
    world.publish(ended(applied()));
    await world.settle(ended(applied(), { ticket: 'CHG0000002' }));
    await world.put(ended(rejected(2), { ticket: 'CHG0000002' }));
    await world.settle(ended(applied(), { source: 'silent' }));
    await world.settle(ended(applied(), { source: 'other' }));
    await world.deliver();
    expect(world.queue.size).toBe(0);
    expect(world.tickets.comments).toEqual([]);
    expect(world.log.lines).toEqual([]);
    expect(world.meter.counts).toEqual([]);
  });

  it.each([
    ['source-not-configured', { source: 'gone' }],
    ['other-ticket-system', {}],
  ])('waits where the configuration does not lead to its ticket: %s', async (code, asked) => {
    const world = createNotifyWorld();
    const record = ended(applied(), asked);
    await world.settle(
      code === 'other-ticket-system' ? { ...record, ticket: { ...record.ticket, system: 'B' } } : record,
    );
    await world.deliver();
    const [pause = 0, ...others] = pausesOf(world);
    expect(pause).toBeGreaterThan(0);
    expect(others).toEqual([]);
    expect(world.tickets.comments).toEqual([]);
    expect(world.log.lines).toMatchObject([{ level: 'warn', fields: { code, ticket: 'CHG0000001' } }]);
    expect(world.meter.total('NotifyFailed')).toBe(1);
  });
});

describe('the ticket of a change in effect', () => {
  it.each([
    ['CHG0000001', 'Review'],
    ['RITM0000001', 'Closed'],
    ['INC0000001', 'Closed'],
    ['1', 'Closed'],
  ])('of ServiceNow, %s, moves as its table says, or else as the source says', async (ticket, to) => {
    const world = createNotifyWorld();
    world.tickets.known.add(ticket);
    await world.settle(ended(applied(), { source: 'snow', ticket }));
    await world.deliver();
    expect(world.tickets.moves).toMatchObject([{ ticket, to }]);
  });

  it('stays in its state where its source has no transitions, which is no shortcoming', async () => {
    const world = createNotifyWorld();
    await world.settle(ended(applied(), { source: 'still' }));
    await world.deliver();
    expect(world.tickets.comments).toHaveLength(1);
    expect(world.tickets.moves).toEqual([]);
    expect(world.log.lines).toMatchObject([{ level: 'info', fields: { source: 'still', ticket: 'CHG0000001' } }]);
    expect(world.meter.counts).toEqual([{ name: 'TicketsTold', value: 1, dimensions: { source: 'still' } }]);
  });

  it('stays in its state where one of its changes was superseded', async () => {
    const world = createNotifyWorld();
    const superseded = { kind: 'superseded', by: 'CHG0000001/2@A2', reason: 'approved again' } as const;
    await world.settle(ended(applied(), { set: { index: 1, size: 2 } }));
    await world.settle(ended({ ...superseded, generation: 1, at: 0, attempts: 0 }, { set: { index: 2, size: 2 } }));
    await world.deliver();
    expect(world.tickets.comments).toHaveLength(1);
    expect(world.tickets.moves).toEqual([]);
  });

  it('has a status link that is kept as long as a new one', async () => {
    const world = createNotifyWorld();
    const record = ended(applied());
    await world.settle(record);
    await world.deliver();
    const hash = statusHash(statusToken('status-secret', record.ref));
    const expiresAt = world.now() + TIMING.statusKeptMs;
    expect(await world.ledger.readStatusLink(hash)).toEqual({ hash, ref: record.ref, expiresAt });
  });
});
