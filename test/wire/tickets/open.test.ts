import { describe, expect, it } from 'vitest';
import type { NewTicket } from '../../../shared/ports/ticket-system.ts';
import { required, startTicketWorld } from './ticket-world.ts';

const MARKER = 'zpa-changes-drift-0123456789abcdef';
const HOSTILE = '<b>[~admin]</b> {{x}}';
const aTicket = (over: Partial<NewTicket> = {}): NewTicket => ({
  title: 'ZPA drift: acme',
  text: [
    { kind: 'heading', text: '1 new' },
    { kind: 'line', text: HOSTILE },
  ],
  fields: {},
  marker: MARKER,
  ...over,
});
const OPS = { project: { key: 'OPS' }, issuetype: { name: 'Task' }, labels: ['network'] };

describe('a new ticket in Jira', () => {
  it('is filed with its fields, and not again under its marker', async () => {
    await using world = await startTicketWorld();
    const opener = required(world.systems.openerOf('jira'));
    const key = await opener.open(aTicket({ fields: OPS }));
    expect(key).toBe('OPS-101');
    expect(await opener.open(aTicket({ fields: OPS }))).toBe(key);
    expect(await opener.open(aTicket({ fields: OPS, marker: `${MARKER}0` }))).toBe('OPS-102');
    const { fields } = required(world.jira.store.get(key));
    expect(fields).toMatchObject({
      summary: 'ZPA drift: acme',
      issuetype: { name: 'Task' },
      labels: [MARKER, 'network'],
    });
    expect(JSON.stringify(fields.description)).toContain(HOSTILE);
  });

  it('can be commented on and moved like any other', async () => {
    await using world = await startTicketWorld();
    const key = await required(world.systems.openerOf('jira')).open(aTicket({ fields: OPS }));
    expect(await world.writer('jira').comment(key, aTicket().text, 'zpa-changes/1234')).toBe('said');
  });

  it('is refused by what Jira says', async () => {
    await using world = await startTicketWorld();
    await expect(required(world.systems.openerOf('jira')).open(aTicket())).rejects.toMatchObject({
      code: 'tickets-malformed',
    });
  });
});

describe('a new ticket in ServiceNow', () => {
  it('is filed in its table with its columns, and not again under its marker', async () => {
    await using world = await startTicketWorld();
    const opener = required(world.systems.openerOf('servicenow'));
    const ticket = aTicket({ table: 'change_request', fields: { assignment_group: 'Network' } });
    const number = await opener.open(ticket);
    expect(number).toMatch(/^CHG\d+$/);
    expect(await opener.open(ticket)).toBe(number);
    expect(await opener.open({ ...ticket, marker: `${MARKER}0` })).not.toBe(number);
    const row = world.servicenow.store.ticket(number);
    expect(row).toMatchObject({
      short_description: 'ZPA drift: acme',
      assignment_group: 'Network',
      correlation_id: MARKER,
    });
    expect(await world.writer('servicenow').comment(number, aTicket().text, 'zpa-changes/1234')).toBe('said');
  });

  it.each([
    ['its row', []],
    ['its number', [{ correlation_id: MARKER }]],
    ['its marker', [{ number: 'CHG0030001' }]],
  ])('is not filed again where the user is not shown %s', async (_, result) => {
    await using world = await startTicketWorld();
    const opener = required(world.systems.openerOf('servicenow'));
    const ticket = aTicket({ table: 'change_request' });
    await opener.open(ticket);
    const filed = world.servicenow.store.tickets().length;
    const answer = { status: 200, json: { result }, headers: { 'x-total-count': '1' } };
    world.servicenow.faults.push({ method: 'GET', path: /change_request$/, kind: 'answer', answer });
    await expect(opener.open(ticket)).rejects.toMatchObject({ code: 'tickets-refused' });
    expect(world.servicenow.store.tickets()).toHaveLength(filed);
  });

  it('is not filed by an instance that hibernates, nor without a table', async () => {
    await using world = await startTicketWorld();
    const opener = required(world.systems.openerOf('servicenow'));
    await expect(opener.open(aTicket())).rejects.toMatchObject({ code: 'ticket-id' });
    world.servicenow.habits.hibernates = true;
    await expect(opener.open(aTicket({ table: 'change_request' }))).rejects.toMatchObject({
      code: expect.stringMatching(/^tickets-/),
    });
  });
});
