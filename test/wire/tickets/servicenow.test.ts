import { describe, expect, it } from 'vitest';
import { complete } from '../../../shared/domain/approval/reading.ts';
import type { TicketText } from '../../../shared/domain/text/ticket-text.ts';
import { collected, startTicketWorld } from './ticket-world.ts';

const CHG = { number: 'CHG0031337', title: 'Web Apps' };
const TEXT: TicketText = [
  { kind: 'heading', text: 'The change is in effect.' },
  { kind: 'link', label: 'Status', url: 'https://front.example.org/changes/abc' },
];
const MARKER = 'zpa-changes/0123456789abcdef';

describe('reading a ServiceNow ticket back', () => {
  it('answers the record in the shape of the webhook, its requester, its approvals, its edits', async () => {
    let at = Date.UTC(2026, 10, 30, 8);
    await using world = await startTicketWorld({ now: () => at });
    const { store } = world.servicenow;
    store.addTicket({
      ...CHG,
      state: '-4',
      fields: { start_date: '2026-12-01 22:00:00', 'variables.zpa_group': 'Web Apps', 'request.number': 'REQ0001' },
    });
    at += 60_000;
    const ref = store.approve(CHG.number, 'lena.brandt');
    at += 60_000;
    store.change(CHG.number, { start_date: '2026-12-02 22:00:00', 'variables.zpa_group': 'Admin' }, 'kim.adeyemi');

    const ticket = await world.reader('servicenow').read(CHG.number);
    expect(ticket).toMatchObject({
      id: CHG.number,
      payload: {
        table: 'change_request',
        record: {
          number: { value: CHG.number, display_value: CHG.number },
          state: { value: '-4', display_value: 'Assess' },
          start_date: { value: '2026-12-02 22:00:00' },
          requested_by: { user_name: { value: 'kim.adeyemi' }, value: expect.stringMatching(/^[0-9a-f]{32}$/) },
          variables: { zpa_group: { value: 'Admin' } },
        },
      },
      requesters: expect.arrayContaining(['kim.adeyemi']),
      approvals: [{ by: 'lena.brandt', at: '2026-11-30T08:01:00.000Z', ref }],
    });
    expect(ticket?.history).toEqual(
      complete([
        {
          field: 'record.approval',
          by: 'lena.brandt',
          at: '2026-11-30T08:01:00.000Z',
          from: ['not requested'],
          to: ['approved'],
        },
        {
          field: 'record.start_date',
          by: 'kim.adeyemi',
          at: '2026-11-30T08:02:00.000Z',
          from: ['2026-12-01 22:00:00'],
          to: ['2026-12-02 22:00:00'],
        },
        // The audit does not identify the variable.
        { field: 'record.variables', by: 'kim.adeyemi', at: '2026-11-30T08:02:00.000Z' },
      ]),
    );
  });

  it('an approval is dated by its grant, not by a later edit of its record', async () => {
    let at = Date.UTC(2026, 10, 30, 8);
    await using world = await startTicketWorld({ now: () => at });
    const { store } = world.servicenow;
    store.addTicket(CHG);
    const ref = store.approve(CHG.number, 'lena.brandt');
    at += 3_600_000;
    const approval = store.rowsOf('sysapproval_approver')?.find(({ sys_id }) => sys_id === ref);
    store.edit('sysapproval_approver', approval ?? {}, { comments_seen: 'yes' }, 'system');
    expect((await world.reader('servicenow').read(CHG.number))?.approvals).toEqual([
      { by: 'lena.brandt', at: '2026-11-30T08:00:00.000Z', ref },
    ]);
  });

  it('does not call edits "none" where the audit may not be read', async () => {
    await using world = await startTicketWorld({ servicenow: { auditReadable: false } });
    world.servicenow.store.addTicket(CHG);
    expect((await world.reader('servicenow').read(CHG.number))?.history).toMatchObject({ kind: 'unknown' });
  });

  it('knows no ticket that is not there, and asks for none whose id is not one', async () => {
    await using world = await startTicketWorld();
    await expect(world.reader('servicenow').read('CHG0099999')).resolves.toBeUndefined();
    const calls = world.servicenow.calls.length;
    for (const id of ['CHG1^ORnumberISNOTEMPTY', '../sys_user', 'CHG0031337 ', 'chg0031337', '', 'CHG0031337%00']) {
      await expect(world.reader('servicenow').read(id)).rejects.toMatchObject({ code: 'ticket-id' });
    }
    // Even a pattern that is too generous lets no query operator through.
    await using generous = await startTicketWorld({ servicenow: { tickets: { idPattern: '.*' } } });
    await expect(generous.reader('servicenow').read('CHG1^ORactive=true')).rejects.toMatchObject({ code: 'ticket-id' });
    expect(world.servicenow.calls).toHaveLength(calls);
  });
});

describe('listing approved ServiceNow tickets', () => {
  it('turns every page of every table, and leaves out what was not touched since', async () => {
    let at = Date.UTC(2026, 10, 30, 8);
    await using world = await startTicketWorld({ now: () => at });
    const { store } = world.servicenow;
    store.addTicket({ ...CHG, number: 'CHG0000001' });
    store.approve('CHG0000001', 'lena.brandt');
    at += 3_600_000;
    const since = at;
    for (let n = 2; n <= 131; n += 1) {
      const number = `CHG${String(n).padStart(7, '0')}`;
      store.addTicket({ ...CHG, number });
      if (n !== 77) store.approve(number, 'lena.brandt');
    }
    store.addTicket({ number: 'RITM0010001', title: 'An item' });
    store.approve('RITM0010001', 'lena.brandt');
    const found = await collected(world.reader('servicenow').listApproved(since));
    expect(found).toHaveLength(130);
    expect(found).toContain('RITM0010001');
    expect(found).not.toContain('CHG0000001');
    expect(found).not.toContain('CHG0000077');
  });

  it('goes on after a record whose time has another form, and lists it', async () => {
    await using world = await startTicketWorld();
    const shown = (value: string) => ({ value, display_value: value });
    const row = (number: string, at: string) => ({ number: shown(number), sys_updated_on: shown(at) });
    const result = [row('CHG0000001', '01.12.2026'), row('CHG0000002', '2026-12-01 08:00:00')];
    world.servicenow.faults.push({ kind: 'answer', answer: { status: 200, json: { result } } });
    const found = await collected(world.reader('servicenow').listApproved(Date.UTC(2026, 10, 30)));
    expect(found).toEqual(['CHG0000001', 'CHG0000002']);
  });

  it.each([
    ['is not there', 400, 'tickets-malformed'],
    ['may not be read', 403, 'tickets-refused'],
  ])('lists the other tables where one %s, and fails at the end', async (_, status, code) => {
    await using world = await startTicketWorld({
      servicenow: { tickets: { tables: { AAA: { table: 'u_gone' }, CHG: { table: 'change_request' } } } },
    });
    const { store, faults, calls } = world.servicenow;
    const answer = { status, json: { error: { message: 'No' }, status: 'failure' } };
    faults.push({ path: /u_gone/, kind: 'answer', answer });
    store.addTicket(CHG);
    store.approve(CHG.number, 'lena.brandt');
    const found: string[] = [];
    const listing = async () => {
      for await (const one of world.reader('servicenow').listApproved(0)) found.push(one);
    };
    await expect(listing()).rejects.toMatchObject({ code, message: expect.stringContaining('u_gone') });
    expect(found).toEqual([CHG.number]);
    expect(calls.filter((call) => call.includes('u_gone'))).toHaveLength(1);
  });

  it('asks for no other table where the credential is refused', async () => {
    await using world = await startTicketWorld({ servicenow: { password: 'another' } });
    await expect(collected(world.reader('servicenow').listApproved(0))).rejects.toMatchObject({
      code: 'tickets-refused',
    });
    expect(new Set(world.servicenow.calls).size).toBe(1);
  });

  it('stops where the limit says so, and says how long', async () => {
    await using world = await startTicketWorld({ servicenow: { perMinute: 1 } });
    for (const number of ['CHG0000001', 'CHG0000002']) {
      world.servicenow.store.addTicket({ ...CHG, number });
      world.servicenow.store.approve(number, 'lena.brandt');
    }
    const listing = collected(world.reader('servicenow').listApproved(0));
    await expect(listing).rejects.toMatchObject({ code: 'tickets-limited', retryAfterMs: expect.any(Number) });
  });
});

describe('answering a ServiceNow ticket', () => {
  it('says it as a work note, once by its marker', async () => {
    await using world = await startTicketWorld();
    world.servicenow.store.addTicket(CHG);
    const writer = world.writer('servicenow');
    await expect(writer.comment(CHG.number, TEXT, MARKER)).resolves.toBe('said');
    await expect(writer.comment(CHG.number, TEXT, MARKER)).resolves.toBe('already');
    const text = 'The change is in effect.\nStatus: https://front.example.org/changes/abc';
    expect(world.servicenow.notes(CHG.number)).toEqual([
      expect.stringMatching(new RegExp(`^${text}\n\n${MARKER}/[\\w-]{21}$`)),
    ]);
    await expect(writer.comment('CHG0099999', TEXT, MARKER)).resolves.toBe('no-ticket');
  });

  it('says it although somebody put its marker there, or copied it from another ticket', async () => {
    await using world = await startTicketWorld();
    const { servicenow } = world;
    const writer = world.writer('servicenow');
    servicenow.store.addTicket({ ...CHG, number: 'CHG0000001' });
    await writer.comment('CHG0000001', TEXT, MARKER);
    servicenow.store.addTicket(CHG);
    const forged = [servicenow.notes('CHG0000001')[0] ?? '', `A plan of nothing.\n\n${MARKER}`];
    for (const note of forged) servicenow.store.change(CHG.number, { work_notes: note }, 'somebody');
    await expect(writer.comment(CHG.number, TEXT, MARKER)).resolves.toBe('said');
    await expect(writer.comment(CHG.number, TEXT, MARKER)).resolves.toBe('already');
  });

  it('a status secret that is rotated is no reason to say it twice, while the previous one is named beside it', async () => {
    await using world = await startTicketWorld();
    world.servicenow.store.addTicket(CHG);
    const writer = world.writer('servicenow');
    const rotate = (...secrets: string[]) => world.secrets.secrets.set('here/status', JSON.stringify({ secrets }));
    await expect(writer.comment(CHG.number, TEXT, MARKER)).resolves.toBe('said');
    rotate('a newer random text', 'any long random text');
    await expect(writer.comment(CHG.number, TEXT, MARKER)).resolves.toBe('already');
    rotate('a third random text', 'a newer random text');
    await expect(writer.comment(CHG.number, TEXT, MARKER)).resolves.toBe('said');
    rotate('a third random text');
    await expect(writer.comment(CHG.number, TEXT, MARKER)).resolves.toBe('already');
  });

  it('an answer that was lost is no reason to say it twice', async () => {
    await using world = await startTicketWorld();
    world.servicenow.store.addTicket(CHG);
    world.servicenow.faults.push({ method: 'PATCH', kind: 'lose-answer' });
    const writer = world.writer('servicenow');
    await expect(writer.comment(CHG.number, TEXT, MARKER)).rejects.toMatchObject({ code: 'tickets-unavailable' });
    await expect(writer.comment(CHG.number, TEXT, MARKER)).resolves.toBe('already');
    expect(world.servicenow.notes(CHG.number)).toHaveLength(1);
  });

  it('what ServiceNow says of a comment that it refuses is in the error', async () => {
    await using world = await startTicketWorld();
    world.servicenow.store.addTicket(CHG);
    const json = { error: { message: 'Operation Failed', detail: 'ACL Exception Update Failed' }, status: 'failure' };
    world.servicenow.faults.push({ method: 'PATCH', kind: 'answer', answer: { status: 403, json } });
    const said = world.writer('servicenow').comment(CHG.number, TEXT, MARKER);
    const message = expect.stringMatching(/HTTP 403.*: Operation Failed: ACL Exception Update Failed$/);
    await expect(said).rejects.toMatchObject({ code: 'tickets-refused', message });
  });

  it('moves it on with its fields; once there it is done', async () => {
    await using world = await startTicketWorld();
    world.servicenow.store.addTicket({ ...CHG, state: '0' });
    const fields = { close_code: 'successful', close_notes: 'All is well.' };
    const writer = world.writer('servicenow');
    await expect(writer.transition(CHG.number, '3', fields, MARKER)).resolves.toEqual({ result: 'done' });
    const calls = world.servicenow.calls.length;
    await expect(writer.transition(CHG.number, 'Closed', fields, MARKER)).resolves.toEqual({ result: 'done' });
    expect(world.servicenow.calls.slice(calls)).toEqual(['GET /api/now/table/change_request']);
    expect(world.servicenow.store.ticket(CHG.number)).toMatchObject({ state: '3', ...fields });
  });

  it.each([
    ['a state that does not follow', '3', { close_code: 'x', close_notes: 'y' }, '-1', /Check State Transition/],
    ['a data policy', '3', {}, '0', /close_code, close_notes are mandatory/],
  ])('%s is a refusal with its reason', async (_, to, fields, state, reason) => {
    await using world = await startTicketWorld();
    world.servicenow.store.addTicket({ ...CHG, state });
    await expect(world.writer('servicenow').transition(CHG.number, to, fields, MARKER)).resolves.toEqual({
      result: 'refused',
      reason: expect.stringMatching(reason),
    });
    expect(world.servicenow.store.ticket(CHG.number).state).toBe(state);
  });

  it('200 with the old state is a refusal too: a business rule put it back', async () => {
    await using world = await startTicketWorld();
    world.servicenow.store.addTicket(CHG);
    const both = { value: '-1', display_value: 'Implement' };
    const answer = { status: 200, json: { result: { sys_id: both, number: both, state: both } } };
    world.servicenow.faults.push({ method: 'PATCH', kind: 'answer', answer });
    await expect(world.writer('servicenow').transition(CHG.number, '0', {}, MARKER)).resolves.toEqual({
      result: 'refused',
      reason: 'the state stayed Implement',
    });
  });
});

describe('the credential', () => {
  it('is read anew once when it is refused, so that a rotation needs nothing else', async () => {
    await using world = await startTicketWorld({ servicenow: { password: 'new' } });
    world.servicenow.store.addTicket(CHG);
    const old = JSON.stringify({ user: 'zpa.changes', password: 'local' });
    const rotated = JSON.stringify({ user: 'zpa.changes', password: 'new' });
    world.secrets.secrets.set('here/tickets/servicenow', old);
    const read = world.secrets.read;
    world.secrets.read = (name, options) => {
      if (options?.fresh === true) world.secrets.secrets.set(name, rotated);
      return read(name, options);
    };
    await expect(world.reader('servicenow').read(CHG.number)).resolves.toMatchObject({ id: CHG.number });
  });

  it('that cannot be used is read anew as well, as somebody may have put it right', async () => {
    await using world = await startTicketWorld();
    world.servicenow.store.addTicket(CHG);
    const name = 'here/tickets/servicenow';
    const good = world.secrets.secrets.get(name) ?? '';
    world.secrets.secrets.set(name, '{"user": "zpa.changes"}');
    const read = world.secrets.read;
    world.secrets.read = (asked, options) => {
      if (options?.fresh === true) world.secrets.secrets.set(asked, good);
      return read(asked, options);
    };
    await expect(world.reader('servicenow').read(CHG.number)).resolves.toMatchObject({ id: CHG.number });
  });

  it('refused for good says so, and nobody reads it in the error', async () => {
    await using world = await startTicketWorld({ servicenow: { password: 'another' } });
    const error = await world
      .reader('servicenow')
      .read(CHG.number)
      .catch((met: unknown) => met);
    expect(error).toMatchObject({ code: 'tickets-refused' });
    expect(JSON.stringify([String(error), Object.entries(error as object)])).not.toContain('local');
  });

  it.each(['{"user":"a"}', 'plain', '{"apiKey":""}'])(
    'of another form (%s) is told without what it holds',
    async (text) => {
      await using world = await startTicketWorld();
      world.secrets.secrets.set('here/tickets/servicenow', text);
      const read = world.reader('servicenow').read(CHG.number);
      await expect(read).rejects.toMatchObject({ code: 'tickets-secret', message: expect.not.stringContaining(text) });
    },
  );
});
