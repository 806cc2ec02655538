import { describe, expect, it } from 'vitest';
import type { FieldChange } from '../../../../shared/domain/approval/approval.ts';
import { complete } from '../../../../shared/domain/approval/reading.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { read } from '../../ingest/ingest-world.ts';
import { createTicketWorld, DAVID, snowPayload, TICKET_CONFIGURATION } from '../../ingest/ticket-world.ts';

const { snow } = TICKET_CONFIGURATION.sources;
const parse = (gate: object, more: object = {}) =>
  configurationSchema.safeParse({
    ...TICKET_CONFIGURATION,
    sources: { snow: { ...snow, ...more, approval: { gate } } },
  });

/** The result of a ticket with this gate. */
async function judged(gate: object, payload: object, edits: FieldChange[], more: object = {}) {
  const configuration = parse(gate, more).data;
  if (configuration === undefined) throw new Error('not a configuration');
  const world = createTicketWorld({ configuration });
  world.tickets.tickets.set('CHG0031337', {
    id: 'CHG0031337',
    payload,
    requesters: ['kim'],
    approvals: [DAVID],
    history: complete(edits),
  });
  const { status, body } = read(await world.send(payload as Record<string, unknown>, { source: 'snow' }));
  expect(world.ledger.allChanges()).toHaveLength(status === 202 ? 1 : 0);
  return body.reason ?? status;
}

const edit = (field: string, [from, to]: [string[], string[]], by: string, at: string): FieldChange => ({
  field,
  from,
  to,
  by,
  at: `2026-12-01T${at}:00Z`,
});
const both = (value: string, display_value: string) => ({ value, display_value });
const is = (field: string, ...oneOf: string[]) => ({ field, oneOf });

describe('of ServiceNow, a gate in other words than its audit', () => {
  const payload = snowPayload({
    approval: both('approved', 'Approved'),
    state: both('-2', 'Scheduled'),
    u_cab: both('true', 'true'),
  });
  const own = (...approved: object[]) => ({ ticket: 'record.number', approved });
  const set = (field: string, from: string, to: string, by: string, at: string) =>
    edit(`record.${field}`, [[from], [to]], by, at);
  const byRequester = [set('approval', 'requested', 'approved', 'kim', '06:59')];
  const backAndForth = [
    set('state', '-3', '-2', 'system', '07:00'),
    set('state', '-2', '-5', 'eve', '07:10'),
    set('state', '-5', '-2', 'system', '07:12'),
  ];
  const shownAs = own(is('record.approval.display_value', 'Approved'), is('record.state.display_value', 'Scheduled'));

  it.each<[string, object, FieldChange[]]>([
    [
      'names the stored value beside the preset',
      { preset: 'servicenow-change', approved: [is('record.approval.value', 'approved')] },
      byRequester,
    ],
    ['names what people see', shownAs, byRequester],
    ['names a tick box', own(is('record.u_cab', 'true')), [set('u_cab', '0', '1', 'kim', '06:59')]],
    [
      'asks for other fields than its preset decides by',
      { preset: 'servicenow-change', approved: [is('record.state', '-2')] },
      [set('state', '-3', '-2', 'kim', '06:59')],
    ],
  ])('lets no requester set it to approved: it %s', async (_, gate, edits) => {
    expect(await judged(gate, payload, edits)).toBe('self-approved');
  });

  it.each<[string, object, FieldChange[]]>([
    ['stored values', own(is('record.approval.value', 'approved'), is('record.state.value', '-2')), backAndForth],
    ['what people see', shownAs, backAndForth],
    [
      'what people see of what withdraws it',
      { ...own(is('record.approval', 'approved')), withdrawn: [is('record.state.display_value', 'New')] },
      backAndForth,
    ],
    [
      'a column that withdraws it, of which no value is told',
      { ...own(is('record.approval', 'approved')), withdrawn: [is('record.u_stop', 'yes')] },
      [{ field: 'record.u_stop', by: 'eve', at: '2026-12-01T07:10:00Z' }],
    ],
    [
      'one form each',
      {
        preset: 'servicenow-change',
        approved: [is('record.approval', 'approved'), is('record.state.display_value', 'Scheduled')],
      },
      backAndForth,
    ],
    [
      'a tick box',
      own(is('record.u_cab', 'true')),
      [
        set('u_cab', '0', '1', 'david.loo', '07:00'),
        set('u_cab', '1', '0', 'eve', '07:10'),
        set('u_cab', '0', '1', 'system', '07:12'),
      ],
    ],
  ])('sees a set-back: it names %s', async (_, gate, edits) => {
    expect(await judged(gate, payload, edits)).toBe('approval-stale');
  });

  it.each<[string, object]>([
    ['stored values', own(is('record.approval.value', 'approved'), is('record.state.value', '-2'))],
    ['what people see', shownAs],
  ])('takes what its approver set to approved: it names %s', async (_, gate) => {
    const edits = [
      set('approval', 'requested', 'approved', 'david.loo', '07:00'),
      set('state', '-3', '-2', 'david.loo', '07:00'),
    ];
    expect(await judged(gate, payload, edits)).toBe(202);
  });
});

describe('of Jira, a gate on a field with several choices', () => {
  const COLUMN = 'issue.fields.customfield_1';
  const mapping = {
    rows: {
      tenant: { value: 'acme-prod', to: 'tenant' },
      ticket: { from: 'issue.key', to: 'ticket' },
      action: { value: 'update', to: 'action' },
      group: { from: 'issue.fields.summary', to: 'group' },
      enabled: { value: true, to: 'enabled' },
    },
  };
  const choices = [
    { id: '10', value: 'CAB approved' },
    { id: '11', value: 'Reviewed' },
  ];
  const payload = (chosen: unknown) => ({
    issue: { key: 'CHG0031337', fields: { summary: 'Remote Access', customfield_1: chosen } },
  });
  const reviewed = ['[11]', 'Reviewed'];
  const cab = ['[10, 11]', 'CAB approved, Reviewed'];
  const set = (from: string[], to: string[], by: string, at: string) => edit(COLUMN, [from, to], by, at);

  it.each([`${COLUMN}[0].value`, `${COLUMN}[*].value`, `issue["fields"].customfield_1[*]`, COLUMN])(
    '%s',
    async (field) => {
      const gate = { ticket: 'issue.key', approved: [is(field, 'CAB approved')] };
      const judge = (edits: FieldChange[]) => judged(gate, payload(choices), edits, { mapping });
      expect(await judge([set(reviewed, cab, 'kim', '06:59')])).toBe('self-approved');
      const setBack = [set(reviewed, cab, 'david.loo', '07:00'), set(cab, reviewed, 'eve', '07:10')];
      expect(await judge([...setBack, set(reviewed, ['10', 'CAB approved'], 'eve', '07:12')])).toBe('approval-stale');
      expect(await judge([set(reviewed, cab, 'david.loo', '07:00')])).toBe(202);
    },
  );
});

describe('a configuration', () => {
  const fault = (gate: object, more: object = {}) => parse(gate, more).error?.issues[0];

  it('names in "decision" only what it asks for', () => {
    expect(fault({ preset: 'servicenow-change', decision: ['record.aproval'] })).toMatchObject({
      path: ['sources', 'snow', 'approval', 'gate', 'decision'],
      message:
        'names "record.aproval", which no condition of "approved" asks for: name one of its fields, record.approval, record.state, record.on_hold, record.type',
    });
    expect(fault({ preset: 'servicenow-change', decision: ['record.approval.value'] })).toBeUndefined();
  });

  it('lets nobody decide by nothing, but where whoever moves an issue approves it', () => {
    const message = expect.stringContaining('is [], so that a requester could set the ticket to approved');
    expect(fault({ preset: 'servicenow-change', decision: [] })).toMatchObject({ message });
    const own = { ticket: 'record.number', approved: [is('record.approval', 'approved')], decision: [] };
    const tickets = { kind: 'servicenow', url: 'https://acme.service-now.com' };
    expect(fault(own, { tickets })).toMatchObject({ message });
    expect(fault({ preset: 'jira-issue', decision: [] })).toBeUndefined();
  });
});
