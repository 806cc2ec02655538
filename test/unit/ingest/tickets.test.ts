import { describe, expect, it } from 'vitest';
import { complete } from '../../../shared/domain/approval/reading.ts';
import type { TicketRecord } from '../../../shared/ports/ticket-system.ts';
import { createFakeClock } from '../../fakes/fake-clock.ts';
import { read } from './ingest-world.ts';
import { AGAIN, createTicketWorld, DAVID, snowPayload, snowTicket, type TicketWorld } from './ticket-world.ts';

const EDIT = { field: 'record.variables', at: '2026-12-01T07:00:01Z', by: 'beth.anglin' };
const KEY = 'CHG0031337/1@appr1';
const send = async (world: TicketWorld, payload: unknown = snowPayload(), source = 'snow') =>
  read(await world.send(payload, { source }));
const put = (world: TicketWorld, over = {}) => world.tickets.tickets.set('CHG0031337', snowTicket(over));
const find = (world: TicketWorld, key = KEY) => world.ledger.allChanges().find((one) => one.ref.idempotencyKey === key);
const reasons = (world: TicketWorld) =>
  world.meter.counts.filter(({ name }) => name.startsWith('Tickets')).map(({ dimensions }) => dimensions.reason);

describe('an approved ticket', () => {
  it('is accepted as it was read back, at its approval, with who requested and who approved', async () => {
    const world = createTicketWorld();
    put(world);
    const answer = await send(world, snowPayload({}, { zpa_group: 'What the payload claims' }));
    expect(answer.status).toBe(202);
    expect(answer.body.changes).toMatchObject([{ idempotencyKey: KEY, tenant: 'acme-prod', state: 'queued' }]);
    expect(find(world)).toMatchObject({
      change: { action: 'update', group: { name: 'Remote Access' }, set: { enabled: true } },
      ticket: { system: 'servicenow', id: 'CHG0031337', requestedBy: 'beth.anglin', approvals: [DAVID] },
    });
  });

  it('again is the same change, and gets the same answer', async () => {
    const world = createTicketWorld();
    put(world);
    const first = await send(world);
    expect(await send(world)).toEqual(first);
    expect(world.ledger.allChanges()).toHaveLength(1);
    expect(world.queue.sent).toHaveLength(1);
  });

  it('of several lines is one change set of this approval', async () => {
    const world = createTicketWorld();
    const lines = [{ zpa_group: 'A' }, { zpa_group: 'B' }];
    const variables = { zpa_action: 'enable', zpa_group: '', zpa_changes: JSON.stringify(lines) };
    put(world, { payload: snowPayload({}, variables) });
    expect((await send(world)).status).toBe(202);
    expect(world.ledger.allChanges().map(({ ref, change }) => [ref.idempotencyKey, change.changeSet?.id])).toEqual([
      ['CHG0031337/1@appr1', 'CHG0031337@appr1'],
      ['CHG0031337/2@appr1', 'CHG0031337@appr1'],
    ]);
  });

  it('whose fields the delivery does not tell is read back', async () => {
    const world = createTicketWorld();
    put(world);
    expect((await send(world, { table: 'change_request', record: { number: 'CHG0031337' } })).status).toBe(202);
    expect((await send(world, { ticket: 'CHG0031337' })).status).toBe(202);
    expect(find(world)).toBeDefined();
  });
});

describe('a ticket that is not approved is acknowledged and left alone', () => {
  it.each([
    ['on hold', snowPayload({ on_hold: 'true' }), 'not-approved'],
    ['in another state', snowPayload({ state: '0' }), 'not-approved'],
    ['of another type', snowPayload({ type: 'unplanned' }), 'not-approved'],
    ['touched by ourselves', snowPayload({ sys_updated_by: 'ZPA.integration' }), 'own-event'],
    ['without a number', { table: 'incident', record: {} }, 'no-ticket'],
  ])('%s', async (_, payload, reason) => {
    const world = createTicketWorld();
    put(world);
    const answer = await send(world, payload);
    expect(answer).toMatchObject({ status: 200, body: { result: 'ignored', reason } });
    expect(reasons(world)).toEqual([reason]);
    expect(world.tickets.reads).toEqual([]);
    expect(world.ledger.allChanges()).toEqual([]);
  });

  it('by what was read back, whatever the delivery says', async () => {
    const world = createTicketWorld();
    put(world, { payload: snowPayload({ on_hold: 'true' }) });
    expect((await send(world)).body).toMatchObject({ result: 'ignored', reason: 'not-approved' });
    expect(world.ledger.allChanges()).toEqual([]);
  });

  it('of a product that cannot be read back, once and for all', async () => {
    const world = createTicketWorld();
    world.tickets.trouble = Object.assign(new Error('no'), { code: 'tickets-unsupported' });
    const answer = await send(world);
    expect(answer).toMatchObject({ status: 200, body: { result: 'ignored', reason: 'tickets-unsupported' } });
    expect(answer.text).toContain('Jira Cloud');
    expect(world.meter.total('ReadBackFailed')).toBe(1);
  });

  it('that nobody sees there', async () => {
    const world = createTicketWorld();
    expect((await send(world)).body).toMatchObject({ result: 'ignored', reason: 'ticket-unknown' });
  });

  it('says nothing of the body in the log', async () => {
    const world = createTicketWorld();
    put(world, { payload: snowPayload({ on_hold: 'true', short_description: 'hush' }) });
    await send(world, snowPayload({ short_description: 'hush' }));
    expect(world.log.text()).not.toMatch(/hush|Remote Access/);
  });
});

describe('an approval that does not bear the ticket', () => {
  it.each([
    ['a mapped field changed after it', { history: complete([EDIT]) }, 'approval-stale'],
    ['it is the requester’s own', { requesters: ['David.Loo'] }, 'self-approved'],
    ['nobody knows the requester', { requesters: [' '] }, 'requester-unknown'],
    ['nobody can read the history', { history: { kind: 'unknown', reason: 'no audit' } }, 'history-unknown'],
    ['there is none', { approvals: [] }, 'no-approval'],
  ])('because %s: nothing is accepted, and the ticket is told once', async (_, over, reason) => {
    const world = createTicketWorld();
    put(world, over);
    for (let time = 0; time < 2; time += 1) {
      expect((await send(world)).body).toMatchObject({ result: 'refused', reason, ticket: 'CHG0031337' });
    }
    expect(world.ledger.allChanges()).toEqual([]);
    expect(reasons(world)).toEqual([reason, reason]);
    expect(world.tickets.comments).toHaveLength(1);
    expect(world.tickets.comments[0]?.marker).toMatch(/^[A-Za-z0-9._:/@-]{8,100}$/);
  });

  it('bears it where the configuration says so', async () => {
    const world = createTicketWorld();
    put(world, { requesters: ['david.loo'], history: { kind: 'unknown', reason: 'no audit' } });
    expect((await send(world, snowPayload(), 'snow-open')).status).toBe(202);
  });

  it('is no matter for what was accepted before the edit', async () => {
    const world = createTicketWorld();
    put(world);
    await send(world);
    put(world, { history: complete([EDIT]) });
    expect((await send(world)).body).toMatchObject({ result: 'ignored', reason: 'accepted-before' });
    put(world, { history: complete([EDIT]), payload: snowPayload({}, { zpa_action: 'dance' }) });
    expect((await send(world)).body).toMatchObject({ result: 'ignored', reason: 'accepted-before' });
    expect(find(world)?.state).toBe('queued');
    expect(world.tickets.comments).toEqual([]);
  });
});

describe('a ticket that cannot be accepted', () => {
  it.each([
    ['snow', 'it may be about something else', 0],
    ['snow-open', 'the configuration tells which tickets concern us', 1],
  ])('for its fields is answered with the faults; from %s, where %s, %i times told', async (source, _, times) => {
    const world = createTicketWorld();
    put(world, { payload: snowPayload({}, { zpa_group: '***' }) });
    for (let time = 0; time < 2; time += 1) {
      const answer = await send(world, snowPayload(), source);
      expect(answer.status).toBe(422);
      expect(answer.text).toContain('record.variables.zpa_group');
    }
    expect(world.tickets.comments).toHaveLength(times);
    expect(world.ledger.allChanges()).toEqual([]);
  });

  it.each<[string, Partial<TicketRecord>]>([
    ['nobody knows the requester', { requesters: [' '] }],
    ['its requester approved it', { requesters: ['david.loo'] }],
    ['nobody approved it', { approvals: [] }],
    ['it was edited after its approval', { history: complete([EDIT]) }],
    ['nobody can read its history', { history: { kind: 'unknown', reason: 'no audit' } }],
  ])('for its fields is answered with the faults, also where %s', async (_, over) => {
    const world = createTicketWorld();
    put(world, { ...over, payload: snowPayload({}, { zpa_action: 'Ad applications' }) });
    const answer = await send(world);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('record.variables.zpa_action');
    expect(answer.text).toContain('Ad applications');
    expect(world.ledger.allChanges()).toEqual([]);
  });

  it('for many faults is told the first ten, and how many more there are', async () => {
    const world = createTicketWorld();
    const lines = Array.from({ length: 14 }, () => ({ zpa_group: 'A', zpa_action: 'dance' }));
    put(world, { payload: snowPayload({}, { zpa_group: '', zpa_changes: JSON.stringify(lines) }) });
    const faults = (await send(world, snowPayload(), 'snow-open')).body.errors as unknown[];
    expect(faults.length).toBeGreaterThan(10);
    const told = world.tickets.comments[0]?.text.flatMap((one) => (one.kind === 'points' ? one.points : []));
    expect(told).toHaveLength(11);
    expect(told?.at(-1)).toBe(`And ${faults.length - 10} more faults; they are listed once these are corrected.`);
  });

  it('because its source has no grant is answered so, and told where it concerns us', async () => {
    const world = createTicketWorld();
    put(world, { payload: snowPayload({}, { zpa_action: 'create', zpa_group: 'New' }) });
    expect((await send(world, snowPayload(), 'snow-open')).status).toBe(403);
    expect(JSON.stringify(world.tickets.comments)).toContain('Ask the ZPA team to allow this change');
  });

  const limited = Object.assign(new Error('slow down'), { code: 'tickets-limited', retryAfterMs: 61_000 });
  it.each([
    ['does not answer', 'hang' as const, '30', 'out-of-time'],
    ['is limited', limited, '61', 'tickets-limited'],
    ['refuses us', Object.assign(new Error('no'), { code: 'tickets-refused' }), '30', 'tickets-refused'],
  ])('because the ticket system %s is sent again, and then accepted', async (_, trouble, seconds, code) => {
    const world = createTicketWorld();
    put(world);
    world.tickets.trouble = trouble;
    const before = world.clock.now();
    const answer = await send(world);
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': seconds } });
    expect(answer.body.detail).toContain(`The ticket could not be read back (${code}).`);
    expect(world.clock.now() - before).toBeLessThanOrEqual(5000);
    expect(world.ledger.allChanges()).toEqual([]);
    world.tickets.trouble = undefined;
    expect((await send(world)).status).toBe(202);
  });

  it('because its number finds two records is answered so, and is not sent again', async () => {
    const world = createTicketWorld();
    put(world);
    const says = 'Two records have the number CHG0031337: change_request 1 and change_request 2.';
    world.tickets.trouble = Object.assign(new Error(says), { code: 'ticket-ambiguous' });
    const answer = await send(world);
    expect(answer).toMatchObject({ status: 200, body: { result: 'ignored', reason: 'ticket-ambiguous' } });
    expect(answer.text).toContain(says);
    expect(world.ledger.allChanges()).toEqual([]);
  });

  it('and cannot be told either is answered nevertheless', async () => {
    const world = createTicketWorld();
    put(world, { approvals: [] });
    world.tickets.comment = () => new Promise<never>(() => undefined);
    expect((await send(world)).body).toMatchObject({ result: 'refused', reason: 'no-approval' });
  });
});

describe('a ticket that is approved again', () => {
  it('supersedes what has not begun', async () => {
    const world = createTicketWorld();
    put(world);
    await send(world);
    put(world, { approvals: [DAVID, AGAIN], payload: snowPayload({}, { zpa_group: 'Other Group' }) });
    expect((await send(world)).status).toBe(202);
    expect(find(world)).toMatchObject({ state: 'settled', outcome: { kind: 'superseded', by: 'appr2' } });
    expect(find(world, 'CHG0031337/1@appr2')).toMatchObject({
      state: 'queued',
      ticket: { approvals: [DAVID, AGAIN] },
    });
  });

  it('also where fewer lines are left', async () => {
    const world = createTicketWorld();
    const both = { zpa_group: '', zpa_changes: JSON.stringify([{ zpa_group: 'A' }, { zpa_group: 'B' }]) };
    put(world, { payload: snowPayload({}, both) });
    await send(world);
    put(world, { approvals: [DAVID, AGAIN] });
    await send(world);
    const open = world.ledger.allChanges().filter(({ state }) => state !== 'settled');
    expect(open.map(({ ref }) => ref.idempotencyKey)).toEqual(['CHG0031337/1@appr2']);
  });

  it('is what counts: an earlier approval that arrives late is left alone', async () => {
    const world = createTicketWorld();
    put(world, { approvals: [DAVID, AGAIN] });
    await send(world);
    put(world, { approvals: [DAVID] });
    expect((await send(world)).body).toMatchObject({ result: 'ignored', reason: 'newer-approval' });
    expect(find(world)).toBeUndefined();
    expect(find(world, 'CHG0031337/1@appr2')?.state).toBe('queued');
  });

  it.each(['readChange', 'takeSequences', 'changesOf'] as const)(
    'while the earlier approval is taken in, before its %s: the later one stays',
    async (method) => {
      const world = createTicketWorld();
      put(world);
      const real = world.ledger[method];
      let met = false;
      Object.assign(world.ledger, {
        [method]: async (...args: unknown[]) => {
          if (!met) {
            met = true;
            put(world, { approvals: [DAVID, AGAIN] });
            expect((await send(world)).status).toBe(202);
          }
          return Reflect.apply(real, world.ledger, args);
        },
      });
      await send(world);
      expect(met).toBe(true);
      const open = world.ledger.allChanges().filter(({ state }) => state !== 'settled');
      expect(open.map(({ ref }) => ref.idempotencyKey)).toEqual(['CHG0031337/1@appr2']);
    },
  );

  it('stays where the earlier one’s author died after entering its changes', async () => {
    const world = createTicketWorld();
    put(world);
    const { changesOf, takeSequences } = world.ledger;
    world.ledger.takeSequences = async (...args) => {
      Object.assign(world.ledger, { takeSequences });
      put(world, { approvals: [DAVID, AGAIN] });
      await send(world);
      world.ledger.changesOf = () => Promise.reject(new Error('dead'));
      return takeSequences(...args);
    };
    expect((await send(world)).status).toBe(503);
    expect(find(world)?.state).toBe('queued');
    Object.assign(world.ledger, { changesOf });
    put(world, { approvals: [DAVID] });
    expect((await send(world)).body).toMatchObject({ reason: 'newer-approval' });
    expect(find(world)?.outcome).toMatchObject({ kind: 'superseded', by: 'appr2' });
    expect(find(world, 'CHG0031337/1@appr2')?.state).toBe('queued');
  });

  it('supersedes although what it asks for now has faults', async () => {
    const world = createTicketWorld();
    put(world);
    await send(world);
    put(world, { approvals: [DAVID, AGAIN], payload: snowPayload({}, { zpa_action: 'dance' }) });
    expect((await send(world)).status).toBe(422);
    expect(find(world)?.outcome).toMatchObject({ kind: 'superseded' });
  });
});

describe('a ticket whose approval is over', () => {
  const rejected = { payload: snowPayload({ approval: 'rejected' }) };

  it('has its changes cancelled', async () => {
    const world = createTicketWorld();
    put(world);
    await send(world);
    put(world, rejected);
    expect((await send(world, rejected.payload)).body).toEqual({
      ticket: 'CHG0031337',
      result: 'withdrawn',
      cancelled: 1,
      underWay: 0,
    });
    expect(find(world)?.outcome).toMatchObject({ kind: 'cancelled', by: 'snow' });
  });

  it('because it does not stand any more has them cancelled, wherever the ticket went', async () => {
    const world = createTicketWorld();
    put(world);
    await send(world);
    const moved = snowPayload({ state: '0' });
    put(world, { payload: moved });
    expect((await send(world, moved)).body).toMatchObject({ result: 'ignored', reason: 'not-approved' });
    expect(find(world)?.state).toBe('queued');
    put(world, { payload: moved, approvals: [], history: { kind: 'unknown', reason: 'no audit' } });
    expect((await send(world, moved)).body).toMatchObject({ result: 'ignored' });
    put(world, { payload: moved, approvals: [] });
    expect((await send(world, moved)).body).toMatchObject({ result: 'withdrawn', cancelled: 1 });
    const sparse = { ticket: 'CHG0031337' };
    expect((await send(world, sparse)).body).toMatchObject({ result: 'ignored', reason: 'not-approved' });
  });

  it.each([
    ['is approved by its own fields', snowPayload()],
    ['does not show its fields', { record: { number: 'CHG0031337' } }],
  ])('keeps them where no approval is shown once, and the ticket %s', async (_, payload) => {
    const world = createTicketWorld();
    put(world);
    await send(world);
    put(world, { payload, approvals: [] });
    expect((await send(world)).body).toMatchObject({ result: 'ignored' });
    expect(find(world)?.state).toBe('queued');
    expect(world.tickets.comments).toEqual([]);
    put(world);
    expect((await send(world)).status).toBe(202);
    expect(find(world)?.state).toBe('queued');
  });

  it('because only the requester’s own approval stands has them cancelled, and counted', async () => {
    const world = createTicketWorld();
    put(world);
    await send(world);
    put(world, { approvals: [{ ...AGAIN, by: 'beth.anglin' }] });
    expect((await send(world)).body).toMatchObject({ result: 'refused', reason: 'self-approved' });
    expect(find(world)?.outcome).toMatchObject({ kind: 'cancelled', by: 'snow' });
    expect(world.meter.total('ChangesCancelled')).toBe(1);
  });

  it.each<[string, number, { result: string; cancelled: number }, string]>([
    [
      'as it was seen before they were approved and accepted keeps them',
      5,
      { result: 'withdrawn', cancelled: 0 },
      'queued',
    ],
    [
      'has those cancelled that were accepted later by an earlier approval',
      -5,
      { result: 'withdrawn', cancelled: 1 },
      'settled',
    ],
  ])('%s', async (_, approvedMs, answer, state) => {
    const clock = createFakeClock(undefined, { auto: false });
    const world = createTicketWorld({ clock });
    put(world, rejected);
    const readNow = world.tickets.read;
    world.tickets.read = async (id) => {
      const seen = await readNow(id);
      world.tickets.read = readNow;
      put(world, { approvals: [{ ...DAVID, at: new Date(clock.now() + approvedMs).toISOString() }] });
      await clock.advance(10);
      await send(world);
      return seen;
    };
    expect((await send(world, rejected.payload)).body).toMatchObject(answer);
    expect(find(world)?.state).toBe(state);
  });

  it('by a late delivery of the past keeps them', async () => {
    const world = createTicketWorld();
    put(world);
    await send(world);
    expect((await send(world, rejected.payload)).status).toBe(202);
    expect(find(world)?.state).toBe('queued');
  });

  it('and then counts again is not carried out by the same approval, and the ticket is told', async () => {
    const world = createTicketWorld();
    put(world);
    await send(world);
    put(world, rejected);
    await send(world, rejected.payload);
    put(world);
    expect((await send(world)).body).toMatchObject({ result: 'refused', reason: 'approval-spent' });
    expect(world.tickets.comments).toHaveLength(1);
    await world.clock.advance(60_000);
    put(world, { approvals: [DAVID, AGAIN] });
    expect((await send(world)).status).toBe(202);
  });
});

describe('a submitted ticket', () => {
  const submitted = snowPayload({ approval: 'requested', state: '-4' });

  it('asks for a plan, of the ticket as it was read back', async () => {
    const world = createTicketWorld();
    put(world, { payload: submitted, approvals: [] });
    expect(await send(world, submitted)).toMatchObject({ status: 202, body: { result: 'plan-requested' } });
    expect(world.asked).toEqual([{ source: 'snow', ticketId: 'CHG0031337', payload: submitted }]);
    expect(world.ledger.allChanges()).toEqual([]);
  });

  it('again after an approval takes back what that began', async () => {
    const world = createTicketWorld();
    put(world);
    await send(world);
    put(world, { payload: submitted });
    await send(world, submitted);
    expect(find(world)?.outcome).toMatchObject({ kind: 'cancelled' });
    expect(world.asked).toHaveLength(1);
  });

  it('is left alone where nobody makes plans', async () => {
    const world = createTicketWorld({ plans: false });
    put(world, { payload: submitted });
    expect((await send(world, submitted)).body).toMatchObject({ result: 'ignored', reason: 'no-plans' });
  });
});

describe('without read-back', () => {
  const approval = { id: 'appr1', by: 'david.loo', at: '2026-12-01 07:00:00' };

  it('an approved ticket gets a plan and nothing else', async () => {
    const world = createTicketWorld();
    expect((await send(world, snowPayload(), 'claiming')).body).toMatchObject({ result: 'plan-requested' });
    expect(world.asked).toHaveLength(1);
    expect(world.ledger.allChanges()).toEqual([]);
  });

  it('a trusted payload’s approval counts', async () => {
    const world = createTicketWorld();
    expect((await send(world, { ...snowPayload(), approval }, 'trusted')).status).toBe(202);
    expect(find(world)?.ticket).toMatchObject({
      requestedBy: 'beth.anglin',
      approvals: [{ by: 'david.loo', at: '2026-12-01T07:00:00.000Z', ref: 'appr1' }],
    });
  });

  it.each([
    ['without an id', { ...approval, id: '' }, 'no-approval'],
    ['without a time', { ...approval, at: 'yesterday' }, 'no-approval'],
    ['by the requester', { ...approval, by: 'beth.anglin' }, 'self-approved'],
  ])('a trusted payload’s approval %s does not', async (_, told, reason) => {
    const world = createTicketWorld();
    const answer = await send(world, { ...snowPayload(), approval: told }, 'trusted');
    expect(answer.body).toMatchObject({ result: 'refused', reason });
    expect(world.ledger.allChanges()).toEqual([]);
  });
});
