import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../local/ticket-systems/http/http.ts';
import { HIBERNATING } from '../../../local/ticket-systems/servicenow/table-answers.ts';
import { collected, startTicketWorld, type TicketWorld } from './ticket-world.ts';

const CHG = { number: 'CHG0031337', title: 'Web Apps' };
const MARKER = 'zpa-changes/0123456789abcdef';
const TEXT = [{ kind: 'heading' as const, text: 'The change is in effect.' }];

async function startApproved(): Promise<TicketWorld> {
  const world = await startTicketWorld();
  world.servicenow.store.addTicket({ ...CHG, state: '-4' });
  world.servicenow.store.approve(CHG.number, 'lena.brandt');
  return world;
}

const read = (world: TicketWorld) => world.reader('servicenow').read(CHG.number);
const answered = (world: TicketWorld, table: string, answer: Answer) =>
  world.servicenow.faults.push({ method: 'GET', path: new RegExp(`/${table}$`), kind: 'answer', answer });

describe('a page or an error of ServiceNow is never an answer', () => {
  const PAGE_404: Answer = { status: 404, html: '<html>Page not found</html>' };
  const TABLES = ['change_request', 'sysapproval_approver', 'sys_audit'];

  it.each(TABLES.flatMap((table) => [HIBERNATING, PAGE_404].map((answer) => [table, answer.status, answer] as const)))(
    '%s with a page and status %d is tried again',
    async (table, _, answer) => {
      await using world = await startApproved();
      answered(world, table, answer);
      await expect(read(world)).rejects.toMatchObject({ code: 'tickets-unavailable' });
      await expect(read(world)).resolves.toMatchObject({ id: CHG.number, history: { kind: 'complete' } });
    },
  );

  it.each(TABLES)('%s with an error beside its result is tried again', async (table) => {
    await using world = await startApproved();
    world.servicenow.habits.cancelsAfter[table] = 1;
    await expect(read(world)).rejects.toMatchObject({ code: 'tickets-unavailable' });
  });

  it('a listing with a record that does not show its number lists the others, and fails at its end', async () => {
    await using world = await startApproved();
    const both = (value: string) => ({ value, display_value: value });
    const result = [{ sys_id: both('1'.repeat(32)) }, { number: both(CHG.number) }];
    answered(world, 'change_request', { status: 200, json: { result }, headers: { 'x-total-count': '2' } });
    const listing = world.reader('servicenow').listApproved(0)[Symbol.asyncIterator]();
    await expect(listing.next()).resolves.toMatchObject({ value: CHG.number });
    await expect(listing.next()).rejects.toMatchObject({ code: 'tickets-refused' });
  });

  it('a listing with an error beside its result is tried again', async () => {
    await using world = await startApproved();
    world.servicenow.habits.cancelsAfter.change_request = 1;
    const listing = collected(world.reader('servicenow').listApproved(0));
    await expect(listing).rejects.toMatchObject({ code: 'tickets-unavailable' });
  });

  it.each([
    ['sys_audit', 401],
    ['sysapproval_approver', 401],
    ['sysapproval_approver', 403],
  ])('%s with status %d is no empty list', async (table, status) => {
    await using world = await startApproved();
    const answer = { status, json: { error: { message: 'User Not Authorized' }, status: 'failure' } };
    for (let time = 0; time < 2; time += 1) answered(world, table, answer);
    await expect(read(world)).rejects.toMatchObject({ code: 'tickets-refused' });
  });

  it('an audit that a page with status 403 stands for is read again, as no ACL said so', async () => {
    await using world = await startApproved();
    answered(world, 'sys_audit', { status: 403, html: '<html>Blocked</html>' });
    await expect(read(world)).rejects.toMatchObject({ name: 'TicketError' });
    await expect(read(world)).resolves.toMatchObject({ history: { kind: 'complete' } });
  });

  it.each(['sysapproval_approver', 'sys_audit'])('%s that answers 404 once is tried again', async (table) => {
    await using world = await startApproved();
    answered(world, table, { status: 404, json: { error: { message: 'No Record found' } } });
    await expect(read(world)).rejects.toMatchObject({ code: 'tickets-unavailable' });
    await expect(read(world)).resolves.toMatchObject({ approvals: [{ by: 'lena.brandt' }] });
  });

  it('an empty list in the style of older releases is empty', async () => {
    await using world = await startTicketWorld();
    world.servicenow.habits.emptyIs404 = true;
    await expect(read(world)).resolves.toBeUndefined();
    await expect(collected(world.reader('servicenow').listApproved(0))).resolves.toEqual([]);
  });

  it.each([1, 2])('a list without the ticket is asked for once more (%i times empty)', async (times) => {
    await using world = await startApproved();
    const empty: Answer = { status: 200, json: { result: [] }, headers: { 'x-total-count': '0' } };
    for (let time = 0; time < times; time += 1) answered(world, 'change_request', empty);
    expect((await read(world))?.id).toBe(times === 1 ? CHG.number : undefined);
  });

  it('a list without the ticket is asked for once more before its comment and its transition are given up', async () => {
    await using world = await startTicketWorld();
    world.servicenow.store.addTicket({ ...CHG, state: '0' });
    const empty: Answer = { status: 200, json: { result: [] }, headers: { 'x-total-count': '0' } };
    const writer = world.writer('servicenow');
    answered(world, 'change_request', empty);
    await expect(writer.comment(CHG.number, TEXT, MARKER)).resolves.toBe('said');
    answered(world, 'change_request', empty);
    const closed = { close_code: 'successful', close_notes: 'done' };
    await expect(writer.transition(CHG.number, '3', closed, MARKER)).resolves.toEqual({ result: 'done' });
  });

  it.each(['number', 'sys_id'])('a record without its %s is no missing ticket', async (column) => {
    await using world = await startApproved();
    const both = (value: string) => ({ value, display_value: value });
    const { [column]: _, ...row } = { number: both(CHG.number), sys_id: both('1'.repeat(32)) } as Record<
      string,
      unknown
    >;
    const answer: Answer = { status: 200, json: { result: [row] }, headers: { 'x-total-count': '1' } };
    for (let time = 0; time < 2; time += 1) answered(world, 'change_request', answer);
    await expect(read(world)).rejects.toMatchObject({
      code: 'tickets-refused',
      message: expect.stringContaining(`change_request.${column}`),
    });
  });

  const value = { value: '-3', display_value: 'Authorize' };
  const cancelled = {
    result: { sys_id: value, number: value, state: value },
    error: { message: 'Transaction cancelled' },
  };
  const blocked = { status: 403, html: '<html>Blocked</html>' };
  it.each([HIBERNATING, blocked, { status: 200, json: {} }, { status: 200, json: cancelled }])(
    'to a comment or a transition it means: not done, try again (%j)',
    async (answer) => {
      await using world = await startApproved();
      const writer = world.writer('servicenow');
      const fault = { method: 'PATCH', kind: 'answer', answer } as const;
      world.servicenow.faults.push(fault, fault);
      await expect(writer.comment(CHG.number, TEXT, MARKER)).rejects.toMatchObject({ name: 'TicketError' });
      await expect(writer.transition(CHG.number, '-3', {}, MARKER)).rejects.toMatchObject({ name: 'TicketError' });
      expect(world.servicenow.notes(CHG.number)).toEqual([]);
      await expect(writer.comment(CHG.number, TEXT, MARKER)).resolves.toBe('said');
      await expect(writer.transition(CHG.number, '-3', {}, MARKER)).resolves.toEqual({ result: 'done' });
    },
  );

  it('a hibernating instance has no ticket, no approval and no comment', async () => {
    await using world = await startApproved();
    world.servicenow.habits.hibernates = true;
    const code = 'tickets-unavailable';
    await expect(read(world)).rejects.toMatchObject({ code });
    await expect(collected(world.reader('servicenow').listApproved(0))).rejects.toMatchObject({ code });
    await expect(world.writer('servicenow').comment(CHG.number, TEXT, MARKER)).rejects.toMatchObject({ code });
  });
});

describe('a number that finds two records', () => {
  const twins = (world: TicketWorld) => {
    const ids = ['1', '2'].map((digit) => digit.repeat(32));
    for (const sysId of ids) world.servicenow.store.addTicket({ ...CHG, sysId });
    return ids;
  };

  it.each([false, true])('is refused with both, for reading and for writing (uncounted: %s)', async (uncounted) => {
    await using world = await startTicketWorld();
    world.servicenow.habits.uncounted = uncounted;
    const [one, other] = twins(world);
    const ambiguous = {
      code: 'ticket-ambiguous',
      message: expect.stringMatching(`change_request ${one}.*change_request ${other}`),
    };
    await expect(read(world)).rejects.toMatchObject(ambiguous);
    await expect(world.writer('servicenow').comment(CHG.number, TEXT, MARKER)).rejects.toMatchObject(ambiguous);
    await expect(world.writer('servicenow').transition(CHG.number, '0', {}, MARKER)).rejects.toMatchObject(ambiguous);
  });

  it('is refused where an ACL shows only one of them', async () => {
    await using world = await startTicketWorld();
    const [one] = twins(world);
    world.servicenow.habits.hides = (_, row) => row.sys_id === one;
    await expect(read(world)).rejects.toMatchObject({ code: 'ticket-ambiguous' });
  });
});
