import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approvalSchema, type Gate, gateOf } from '../../../../shared/domain/approval/approval-schema.ts';
import { judgeTicket } from '../../../../shared/domain/approval/judge-ticket.ts';

function gate(stated: unknown): Gate {
  const found = gateOf(approvalSchema.parse({ gate: stated }));
  if (found === undefined) throw new Error('a gate needs a ticket and what is approved');
  return found;
}

const JIRA = gate({ preset: 'jira-issue' });
const issue = (status: unknown, more = {}) => ({ issue: { key: 'ZPA-42', fields: { status } }, ...more });
const SNOW = gate({ preset: 'servicenow-change' });
const change = (fields: object) => ({
  record: {
    number: { value: 'CHG0031337', display_value: 'CHG0031337' },
    state: { value: '-2', display_value: 'Scheduled' },
    approval: { value: 'approved', display_value: 'Approved' },
    on_hold: { value: 'false', display_value: 'false' },
    type: { value: 'normal', display_value: 'Normal' },
    ...fields,
  },
});

describe('a ticket of a preset', () => {
  it.each([
    ['approved', JIRA, issue({ name: ' approved ' })],
    ['submitted', JIRA, issue({ name: 'Waiting for approval' })],
    ['withdrawn', JIRA, issue({ name: 'Declined' })],
    ['ignored', JIRA, issue({ name: 'In Progress' })],
    ['unclear', JIRA, issue(undefined)],
    ['approved', SNOW, change({})],
    ['approved', SNOW, change({ state: -1, on_hold: false, type: 'standard' })],
    ['submitted', SNOW, change({ approval: 'requested', state: '-4' })],
    ['withdrawn', SNOW, change({ approval: 'rejected' })],
    ['withdrawn', SNOW, change({ state: '4' })],
    ['withdrawn', SNOW, change({ state: '-5', approval: 'not requested' })],
    ['ignored', SNOW, change({ on_hold: 'true' })],
    ['ignored', SNOW, change({ approval: 'requested' })],
    ['ignored', SNOW, change({ state: '0' })],
    ['ignored', SNOW, change({ type: 'model' })],
    ['unclear', SNOW, change({ on_hold: undefined })],
    ['ignored', SNOW, change({ on_hold: null })],
    ['ignored', SNOW, change({ on_hold: undefined, state: '3' })],
    ['ignored', SNOW, { record: {} }],
    ['ignored', SNOW, null],
  ] as const)('is %s', (kind, stated, payload) => {
    expect(judgeTicket(stated, payload).kind).toBe(kind);
  });

  it('names the ticket, and never what it holds', () => {
    expect(judgeTicket(SNOW, change({}))).toMatchObject({ ticketId: 'CHG0031337' });
    const secret = judgeTicket(SNOW, change({ approval: 'hush', on_hold: 'hush' }));
    expect(secret).toMatchObject({ reason: 'not-approved', says: 'not "record.approval" one of approved' });
  });

  it.each([
    ['', undefined],
    [' ', undefined],
    ['x'.repeat(200), 'x'.repeat(200)],
    ['x'.repeat(201), undefined],
    [['T-1', 'T-2'], 'T-1'],
  ])('of the number %j is the ticket %s', (number, ticketId) => {
    const verdict = judgeTicket(SNOW, change({ number }));
    expect('ticketId' in verdict ? verdict.ticketId : undefined).toBe(ticketId);
  });

  it('touched by the integration user is our own event, whatever else it says', () => {
    const ours = issue({ name: 'Approved' }, { user: { accountId: '5b10:zpa' } });
    expect(judgeTicket(JIRA, ours, '5B10:ZPA')).toMatchObject({ kind: 'ignored', reason: 'own-event' });
    expect(judgeTicket(JIRA, ours, 'somebody').kind).toBe('approved');
    expect(judgeTicket(JIRA, ours).kind).toBe('approved');
  });
});

describe('conditions', () => {
  const judge = (approved: object[], payload: object, concerns: object[] = []) =>
    judgeTicket(gate({ ticket: 'id', approved, concerns }), { id: 'T-1', ...payload }).kind;

  it.each([
    [{ oneOf: ['b'] }, ['a', 'B'], 'approved'],
    [{ oneOf: ['b'] }, [], 'ignored'],
    [{ noneOf: ['b'] }, ['a', 'B'], 'ignored'],
    [{ noneOf: ['b'] }, ['a'], 'approved'],
    [{ noneOf: ['b'] }, null, 'approved'],
    [{ noneOf: ['b'] }, undefined, 'unclear'],
    [{ oneOf: [''] }, null, 'approved'],
    [{ oneOf: ['x'] }, { name: 'x' }, 'ignored'],
    [{ filled: true }, ' ', 'ignored'],
    [{ filled: true }, 0, 'approved'],
    [{ filled: true }, ['x'], 'approved'],
    [{ filled: true }, null, 'ignored'],
    [{ oneOf: ['a', 'b'] }, ' B ', 'approved'],
    [{ oneOf: [' b '] }, 'b', 'approved'],
    [{ noneOf: ['a', 'b'] }, 'b', 'ignored'],
    [{ oneOf: ['1'] }, 1, 'approved'],
    [{ noneOf: ['b'] }, [['b']], 'approved'],
    [{ noneOf: ['b'] }, Array.from({ length: 1000 }, () => 'a'), 'approved'],
    [{ noneOf: ['b'] }, Array.from({ length: 1001 }, () => 'a'), 'ignored'],
  ] as const)('%j of %j: %s', (condition, value, kind) => {
    expect(judge([{ field: 'x', ...condition }], { x: value })).toBe(kind);
  });

  it('of what concerns us come first', () => {
    const concerns = [{ field: 'category', oneOf: ['Network'] }];
    const approved = [{ field: 'ok', oneOf: ['true'] }];
    expect(judge(approved, { category: 'Network', ok: true }, concerns)).toBe('approved');
    expect(judge(approved, { category: 'Software', ok: true }, concerns)).toBe('ignored');
    expect(judge(approved, { ok: true }, concerns)).toBe('unclear');
  });

  it('that hold for withdrawn weigh more than those for approved', () => {
    const both = gate({
      ticket: 'id',
      approved: [{ field: 'a', oneOf: ['1'] }],
      withdrawn: [{ field: 'w', oneOf: ['1'] }],
    });
    expect(judgeTicket(both, { id: 'T', a: 1, w: 1 }).kind).toBe('withdrawn');
  });

  it('are fulfilled by nothing but own fields, whatever the payload', () => {
    const strange = gate({ ticket: 'constructor.name', approved: [{ field: '__proto__.x', filled: true }] });
    expect(judgeTicket(strange, {}).kind).toBe('ignored');
    fc.assert(
      fc.property(fc.jsonValue(), (payload) => {
        expect(['ignored', 'unclear']).toContain(judgeTicket(SNOW, payload).kind);
      }),
    );
  });
});

describe('the configuration of an approval', () => {
  const faultsOf = (stated: unknown) => {
    const parsed = approvalSchema.safeParse(stated);
    return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'));
  };

  it.each([
    [{}, []],
    [{ trustPayload: true }, ['granted', 'granted.by']],
    [{ trustPayload: true, selfApproval: true, granted: { ref: 'a' } }, []],
    [{ trustPayload: true, granted: { ref: 'a', by: 'b' } }, []],
    [{ integrationUser: 'x' }, ['gate.actor']],
    [{ integrationUser: 'x', gate: { preset: 'jira-issue' } }, []],
    [{ gate: { preset: 'jira' } }, ['gate.preset']],
    [{ gate: { ticket: 'a..b' } }, ['gate.ticket']],
    [{ gate: { ticket: '$line.x' } }, ['gate.ticket']],
    [{ gate: { approved: [{ field: 'a' }] } }, ['gate.approved.0']],
    [{ reconcileHours: 0 }, ['reconcileHours']],
    [{ surprise: 1 }, ['']],
  ])('%j has faults at %j', (stated, places) => {
    expect(faultsOf(stated)).toEqual(places);
  });

  it('replaces of a preset what it states, and nothing else', () => {
    const mine = gate({
      preset: 'servicenow-change',
      approved: [{ field: 'record.u_zpa', oneOf: ['yes'] }],
      preapproved: null,
    });
    expect(mine).toMatchObject({ ticket: SNOW.ticket, withdrawn: SNOW.withdrawn, preapproved: undefined });
    expect(judgeTicket(mine, { record: { number: 'CHG0000001', u_zpa: 'yes' } }).kind).toBe('approved');
  });
});
