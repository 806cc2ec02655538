import { describe, expect, it } from 'vitest';
import { complete } from '../../../shared/domain/approval/reading.ts';
import { approversOf } from '../../../shared/domain/guard/guards.ts';
import { contentFingerprint, type PlanBinding } from '../../../shared/domain/plan/plan-binding.ts';
import type { TicketApproval, TicketRecord } from '../../../shared/ports/ticket-system.ts';
import { meetAtEachCall } from '../../fakes/meeting.ts';
import { createMemoryPlans } from '../../fakes/memory-plans.ts';
import { read } from './ingest-world.ts';
import {
  createTicketWorld,
  DAVID,
  snowPayload,
  snowTicket,
  TICKET_CONFIGURATION,
  type TicketWorld,
} from './ticket-world.ts';

/** The table of docs/approvals.md names these tests. */
const approvedBy = (by: string, at: string, actor?: string): TicketApproval => ({
  by,
  at: `2026-12-01T07:${at}:00Z`,
  ref: `appr-${by}-${at}`,
  ...(actor === undefined ? {} : { actor }),
});
const edit = (by: string, at: string) => ({ field: 'record.variables', at: `2026-12-01T07:${at}:00Z`, by });

async function send(over: Partial<TicketRecord>, world = createTicketWorld(), source = 'snow') {
  world.tickets.tickets.set('CHG0031337', snowTicket(over));
  return read(await world.send(snowPayload(), { source }));
}
const accepted = (world: TicketWorld) => world.ledger.allChanges();

describe('not carried out', () => {
  it.each<[string, Partial<TicketRecord>, string?]>([
    ['the requester approves under a name that looks like another', { requesters: ['david\u200b.loo'] }],
    ['the requester approves in full-width letters', { requesters: ['ｄａｖｉｄ.loo'] }],
    ['the requester sets the approval of somebody else', { approvals: [{ ...DAVID, actor: 'beth.anglin' }] }],
    ['somebody acts as the requester’s delegate', { approvals: [approvedBy('beth.anglin', '10', 'fred')] }],
    ['the ticket names a bystander as its requester, and its opener approves', { requesters: ['kim', 'david.loo'] }],
    [
      'the requester enters somebody else as requester, and approves',
      { history: complete([{ ...edit('David.Loo', '00'), field: 'record.change_request.opened_by' }]) },
    ],
    [
      'the requester attaches the ticket to a change that somebody else requested, and approves',
      { history: complete([{ ...edit('david.loo', '00'), field: 'record.change_request' }]) },
    ],
    [
      'the mapping names a requester whom the ticket system does not, and that person approves',
      { payload: snowPayload({ u_asked_by: 'David.Loo' }) },
      'asking',
    ],
    [
      'the requester enters somebody else as requester, and sets the ticket to approved',
      {
        history: complete([
          { ...edit('kim', '00'), field: 'record.requested_by', at: '2026-12-01T06:00:00Z' },
          { field: 'record.approval', from: ['requested'], to: ['approved'], by: 'kim', at: '2026-12-01T07:01:00Z' },
        ]),
      },
    ],
    ['the approver writes the ticket and approves alone', { history: complete([edit('david.loo', '00')]) }],
    [
      'an approver edits what somebody else approved, and approves alone',
      {
        approvals: [approvedBy('eve', '10'), approvedBy('david.loo', '30')],
        history: complete([edit('beth.anglin', '05'), edit('david.loo', '20')]),
      },
    ],
  ])('%s', async (_, over, source) => {
    const world = createTicketWorld();
    expect((await send(over, world, source)).body).toMatchObject({ result: 'refused', reason: 'self-approved' });
    expect(accepted(world)).toEqual([]);
    expect(world.tickets.comments).toHaveLength(1);
  });

  it('the approval is dated in the future', async () => {
    const over = { approvals: [{ ...DAVID, at: '2026-12-01T08:06:00Z' }] };
    const world = createTicketWorld();
    expect((await send(over, world)).body).toMatchObject({ result: 'refused', reason: 'approval-in-future' });
    expect(accepted(world)).toEqual([]);
  });

  it('a flow of ServiceNow sets the approval of somebody', async () => {
    const world = createTicketWorld();
    const body = (await send({ approvals: [{ ...DAVID, actor: 'system' }] }, world)).body;
    expect(body).toMatchObject({ result: 'refused', reason: 'no-approval' });
    expect(accepted(world)).toEqual([]);
  });

  it('the author of a change without a template makes it a standard change', async () => {
    const history = complete([{ field: 'record.approval', at: DAVID.at, by: 'beth.anglin' }]);
    const standard = (fields = {}) => snowPayload({ type: 'standard', ...fields });
    const world = createTicketWorld();
    expect((await send({ payload: standard(), approvals: [], history }, world)).body).toMatchObject({
      result: 'refused',
      reason: 'no-approval',
    });
    const template = standard({ std_change_producer_version: { value: 'f0e1', display_value: 'VPN 3' } });
    expect((await send({ payload: template, approvals: [], history }, world)).status).toBe(202);
  });

  it('somebody writes the type or the template of a standard change by hand', async () => {
    const payload = snowPayload({ type: 'standard', std_change_producer_version: 'made up' });
    const approved = { field: 'record.approval', at: DAVID.at, by: 'system' };
    for (const field of ['record.type', 'record.std_change_producer_version']) {
      const history = complete([{ field, at: '2026-12-01T06:00:00Z', by: 'beth.anglin' }, approved]);
      const world = createTicketWorld();
      expect((await send({ payload, approvals: [], history }, world)).body).toMatchObject({
        result: 'refused',
        reason: 'no-approval',
      });
      expect(accepted(world)).toEqual([]);
    }
  });

  it('two people approve one version each: one of them counts', async () => {
    const world = createTicketWorld();
    const approvals = [approvedBy('eve', '10'), approvedBy('david.loo', '30')];
    expect((await send({ approvals, history: complete([edit('beth.anglin', '20')]) }, world)).status).toBe(202);
    expect(accepted(world).map(({ ticket }) => ticket.approvals.map(({ by }) => by))).toEqual([['david.loo']]);
  });

  it('the opener is the second of two approvers, where one’s own approval counts', async () => {
    const world = createTicketWorld();
    const over = { requesters: ['kim', 'beth.anglin'], approvals: [DAVID, approvedBy('Beth.Anglin', '10')] };
    expect((await send(over, world, 'snow-open')).status).toBe(202);
    expect(accepted(world).map(({ ticket }) => approversOf(ticket))).toEqual([['david.loo']]);
  });

  it('one who entered somebody else as requester is the second of two approvers', async () => {
    const approvals = [approvedBy('eve', '10'), approvedBy('david.loo', '30')];
    const renamed = (by: string) => complete([{ ...edit(by, '00'), field: 'record.requested_for' }]);
    for (const [by, counted] of [
      ['Eve', ['david.loo']],
      ['', []],
    ] as const) {
      const world = createTicketWorld();
      expect((await send({ approvals, history: renamed(by) }, world, 'snow-open')).status).toBe(202);
      expect(accepted(world).map(({ ticket }) => approversOf(ticket))).toEqual([counted]);
    }
  });

  it('the requester enters somebody else in a field that only the mapping reads, and approves what a third person wrote', async () => {
    const world = createTicketWorld();
    const over = {
      payload: snowPayload({ u_asked_by: 'kim' }),
      approvals: [approvedBy('eve', '10'), approvedBy('david.loo', '30')],
      history: complete([{ ...edit('david.loo', '00'), field: 'record.u_asked_by' }, edit('kim', '20')]),
    };
    expect((await send(over, world, 'asking')).body).toMatchObject({ result: 'refused', reason: 'approval-stale' });
    expect(accepted(world)).toEqual([]);
  });

  it('nobody knows who entered the requester, who may be the approver', async () => {
    const history = complete([{ field: 'record.requested_for', at: '2026-12-01T06:00:00Z', by: '' }]);
    expect((await send({ history })).body).toMatchObject({ result: 'refused', reason: 'history-unknown' });
  });

  it('the writer is the second of two approvers, where one’s own approval counts', async () => {
    const approvals = [approvedBy('eve', '10'), approvedBy('eve', '25'), approvedBy('david.loo', '30')];
    for (const [edits, counted] of [
      [[edit('Eve', '05')], ['david.loo']],
      [[edit('eve', '05'), edit('beth.anglin', '20')], ['david.loo']],
      [[edit('', '05')], []],
    ] as const) {
      const world = createTicketWorld();
      expect((await send({ approvals, history: complete([...edits]) }, world, 'snow-open')).status).toBe(202);
      const [change] = accepted(world);
      expect(change?.ticket.approvals.at(-1)?.by).toBe('david.loo');
      expect(change && approversOf(change.ticket)).toEqual(counted);
    }
  });

  it('two people approve by one delegate: the delegate counts, once', async () => {
    const world = createTicketWorld();
    const approvals = [approvedBy('eve', '10', 'fred'), approvedBy('david.loo', '30', 'Fred')];
    expect((await send({ approvals }, world)).status).toBe(202);
    expect(accepted(world)[0]?.ticket.approvals.map(({ by }) => by.toLowerCase())).toEqual(['fred', 'fred']);
  });

  it('the ticket asks for something else than its plan, where its source requires one', async () => {
    const planned = createMemoryPlans();
    const world = createTicketWorld({ planned });
    expect((await send({}, world, 'planned')).body).toMatchObject({ result: 'refused', reason: 'not-planned' });
    const asIs = createTicketWorld();
    await send({}, asIs);
    const [change] = accepted(asIs);
    if (change === undefined) throw new Error('a source that requires no plan takes it');
    const plan = { hash: 'a'.repeat(64), resolved: ['216196257331404691'], exposes: null };
    const bind = (one: PlanBinding) =>
      planned.bind('servicenow', 'CHG0031337', new Map([[contentFingerprint(change.change), one]]), 2);
    await bind({ ...plan, shown: false });
    expect((await send({}, world, 'planned')).body).toMatchObject({ result: 'refused', reason: 'not-planned' });
    await bind(plan);
    expect((await send({}, world, 'planned')).status).toBe(202);
    planned.bindings.clear();
    expect((await send({}, world, 'planned')).status).toBe(202);
    const edited = { payload: snowPayload({}, { zpa_group: 'Other Group' }), approvals: [approvedBy('eve', '40')] };
    expect((await send(edited, world, 'planned')).body).toMatchObject({ result: 'refused', reason: 'not-planned' });
  });
});

/** An edit of one field of the change, as ServiceNow's audit tells it. */
const edited = (field: string, [from, to]: [string, string], by: string, at: string) => ({
  field: `record.${field}`,
  from: [from],
  to: [to],
  by,
  at: `2026-12-01T07:${at}:00Z`,
});
const toApproved = (by: string, at: string) => edited('approval', ['requested', 'approved'], by, at);

describe('a ticket that its requester set to approved', () => {
  it.each<[string, Partial<TicketRecord>]>([
    [
      'after somebody set its approval back',
      {
        history: complete([
          toApproved('david.loo', '00'),
          edited('approval', ['approved', 'requested'], 'eve', '10'),
          toApproved('beth.anglin', '11'),
        ]),
      },
    ],
    [
      'after it was set back itself, in the second of the approval',
      {
        history: complete([
          edited('approval', ['approved', 'not requested'], 'beth.anglin', '00'),
          toApproved('system', '11'),
        ]),
      },
    ],
    [
      'after its state was set back',
      {
        history: complete([
          toApproved('david.loo', '00'),
          edited('state', ['-3', '-2'], 'system', '00'),
          edited('state', ['-2', '-4'], 'eve', '10'),
          edited('state', ['-4', '-3'], 'beth.anglin', '11'),
          edited('state', ['-3', '-2'], 'beth.anglin', '12'),
        ]),
      },
    ],
    [
      'after both were set back at once',
      {
        history: complete([
          edited('state', ['-2', '-4'], 'eve', '10'),
          edited('approval', ['approved', 'requested'], 'eve', '10'),
          toApproved('system', '11'),
          edited('state', ['-4', '-2'], 'system', '11'),
        ]),
      },
    ],
    [
      'after it was New again, though it had not been approved by all before',
      {
        history: complete([
          edited('state', ['-4', '-5'], 'beth.anglin', '10'),
          edited('state', ['-5', '-2'], 'beth.anglin', '11'),
          toApproved('system', '12'),
        ]),
      },
    ],
    ['after an approver rejected it', { rejections: [{ at: '2026-12-01T07:10:00Z', by: 'eve' }] }],
    [
      'after an approver took back what others had approved',
      { approvals: [DAVID, approvedBy('eve', '05')], rejections: [{ at: '2026-12-01T07:10:00Z', by: 'kim' }] },
    ],
    [
      'after a set-back of which no value is told',
      { history: complete([{ field: 'record.approval', by: 'eve', at: '2026-12-01T07:10:00Z' }]) },
    ],
  ])('%s, is not carried out, until it is approved again', async (_, over) => {
    const world = createTicketWorld();
    expect((await send(over, world)).body).toMatchObject({ result: 'refused', reason: 'approval-stale' });
    expect(accepted(world)).toEqual([]);
    expect(world.tickets.comments).toHaveLength(1);
    const again = { ...over, approvals: [DAVID, approvedBy('david.loo', '20')] };
    const history = over.history?.kind === 'complete' ? over.history.value : [];
    const whole = { ...again, history: complete([...history, toApproved('david.loo', '20')]) };
    expect((await send(whole, world)).status).toBe(202);
  });

  it('before all of its approvers approved, is not carried out', async () => {
    const world = createTicketWorld();
    const over = { history: complete([toApproved('Beth.Anglin', '01')]) };
    expect((await send(over, world)).body).toMatchObject({ result: 'refused', reason: 'self-approved' });
    expect(accepted(world)).toEqual([]);
    expect((await send(over, createTicketWorld(), 'snow-open')).status).toBe(202);
  });

  it('without a name in its history, is not carried out', async () => {
    const over = { history: complete([toApproved('', '01')]) };
    expect((await send(over)).body).toMatchObject({ reason: 'history-unknown' });
  });

  it('and somebody set back while nobody told us, ends what was accepted before', async () => {
    const world = createTicketWorld();
    expect((await send({ history: complete([toApproved('david.loo', '00')]) }, world)).status).toBe(202);
    await world.clock.advance(1000);
    const back = [edited('approval', ['approved', 'requested'], 'eve', '10'), toApproved('system', '11')];
    const history = complete([toApproved('david.loo', '00'), ...back]);
    expect((await send({ history }, world)).body).toMatchObject({ result: 'refused', reason: 'approval-stale' });
    expect(accepted(world).map(({ outcome }) => outcome?.kind)).toEqual(['cancelled']);
  });
});

describe('an approval stays in force', () => {
  it.each([
    ['a hold', [edited('on_hold', ['false', 'true'], 'eve', '10'), edited('on_hold', ['true', 'false'], 'eve', '11')]],
    ['the next state', [edited('state', ['-2', '-1'], 'beth.anglin', '10')]],
    [
      'a first round of approvals',
      [
        edited('approval', ['approved', 'requested'], 'system', '10'),
        toApproved('eve', '20'),
        edited('state', ['-3', '-2'], 'system', '20'),
      ],
    ],
    ['the system, which created the ticket too', [toApproved('system', '00')], ['beth.anglin', 'system']],
  ])('after %s', async (_, edits, requesters = ['beth.anglin']) => {
    const over = { history: complete(edits), requesters };
    expect((await send(over)).status).toBe(202);
  });
});

it('a change that moved on to its next state, as its history tells, keeps what was accepted', async () => {
  const world = createTicketWorld();
  const entered = [toApproved('david.loo', '00'), edited('state', ['-2', '-1'], 'eve', '01')];
  expect((await send({ history: complete(entered) }, world)).status).toBe(202);
  await world.clock.advance(1000);
  for (const [from, to] of [
    ['-1', '0'],
    ['0', '3'],
  ] as const) {
    const history = complete([...entered, edited('state', [from, to], 'eve', '10')]);
    const over = { payload: snowPayload({ state: to }), history };
    expect((await send(over, world)).body).toMatchObject({ result: 'ignored' });
  }
  expect(accepted(world).map(({ state }) => state)).toEqual(['queued']);
});

describe('without read-back, an approval that arrives after its withdrawal', () => {
  const told = (at: string, ref: string) => ({ ...snowPayload(), approval: { id: ref, by: 'david.loo', at } });
  const withdrawn = snowPayload({ approval: 'rejected' });
  const post = async (world: TicketWorld, payload: unknown) => read(await world.send(payload, { source: 'trusted' }));

  it('is refused, and a later one is not', async () => {
    const world = createTicketWorld();
    expect((await post(world, withdrawn)).body).toMatchObject({ result: 'withdrawn' });
    expect((await post(world, told('2026-12-01T07:00:00Z', 'a1'))).body).toMatchObject({
      result: 'refused',
      reason: 'approval-spent',
    });
    expect(accepted(world)).toEqual([]);
    await world.clock.advance(60_000);
    const later = new Date(world.clock.now() - 1000).toISOString();
    expect((await post(world, told(later, 'a2'))).status).toBe(202);
  });

  it('is refused although the clock that dated it is ahead', async () => {
    const world = createTicketWorld();
    const ahead = new Date(world.clock.now() + 240_000).toISOString();
    await world.clock.advance(60_000);
    await post(world, withdrawn);
    await world.clock.advance(60_000);
    expect((await post(world, told(ahead, 'a1'))).body).toMatchObject({ reason: 'approval-spent' });
    expect(accepted(world)).toEqual([]);
    const next = new Date(world.clock.now() + 299_000).toISOString();
    expect((await post(world, told(next, 'a2'))).status).toBe(202);
  });

  it('is refused where the ticket waited for approval again', async () => {
    const world = createTicketWorld();
    await post(world, snowPayload({ approval: 'requested', state: '-4' }));
    expect((await post(world, told('2026-12-01T07:00:00Z', 'a1'))).body).toMatchObject({ reason: 'approval-spent' });
  });

  const { trusted, ...others } = TICKET_CONFIGURATION.sources;
  if (trusted === undefined) throw new Error('trusted is configured');
  const configuration = { ...TICKET_CONFIGURATION, sources: { ...others, own: trusted } };

  it('ends wherever the two meet, though they come to functions that know the source by different names', async () => {
    const calls = await meetAtEachCall(() => {
      const world = createTicketWorld();
      const { ledger, knownLanes, withdrawals } = world;
      return {
        ports: { ledger, knownLanes, withdrawals },
        program: (ports) =>
          createTicketWorld({ configuration, ...ports }).send(told('2026-12-01T07:00:00Z', 'a1'), { source: 'own' }),
        other: () => post(world, withdrawn),
        judge: () => expect(accepted(world).filter(({ outcome }) => outcome?.kind !== 'cancelled')).toEqual([]),
      };
    });
    expect(calls).toBeGreaterThan(10);
  });

  it('is refused although its source was renamed meanwhile', async () => {
    const world = createTicketWorld();
    await post(world, withdrawn);
    const renamed = createTicketWorld({ configuration, ledger: world.ledger, withdrawals: world.withdrawals });
    const late = await renamed.send(told('2026-12-01T07:00:00Z', 'a1'), { source: 'own' });
    expect(read(late).body).toMatchObject({ reason: 'approval-spent' });
    expect(accepted(world)).toEqual([]);
  });

  it('is cancelled where both arrive at the same moment', async () => {
    const world = createTicketWorld();
    const { takeSequences } = world.ledger;
    world.ledger.takeSequences = async (...args) => {
      Object.assign(world.ledger, { takeSequences });
      await post(world, withdrawn);
      return takeSequences(...args);
    };
    expect((await post(world, told('2026-12-01T07:00:00Z', 'a1'))).body).toMatchObject({ reason: 'approval-spent' });
    expect(accepted(world).map(({ outcome }) => outcome?.kind)).toEqual(['cancelled']);
  });

  it('is cancelled although the one who entered its changes died', async () => {
    const world = createTicketWorld();
    const { read: readMark } = world.withdrawals;
    let looks = 0;
    world.withdrawals.read = async (...args) => {
      looks += 1;
      if (looks !== 2) return readMark(...args);
      world.withdrawals.read = readMark;
      await world.withdrawals.write(
        {
          version: 0,
          system: 'servicenow-trusted',
          source: 'trusted',
          ticketId: 'CHG0031337',
          at: world.clock.now(),
          markedAt: world.clock.now(),
          keptUntil: 2e12,
        },
        0,
      );
      throw new Error('dead');
    };
    const approved = told('2026-12-01T07:00:00Z', 'a1');
    expect((await post(world, approved)).status).toBe(503);
    expect(accepted(world).map(({ state }) => state)).toEqual(['queued']);
    expect((await post(world, approved)).body).toMatchObject({ reason: 'approval-spent' });
    expect(accepted(world).map(({ outcome }) => outcome?.kind)).toEqual(['cancelled']);
  });

  it('of another ticket is taken', async () => {
    const world = createTicketWorld();
    await post(world, { ...withdrawn, record: { ...withdrawn.record, number: 'CHG0000002' } });
    expect((await post(world, told('2026-12-01T07:00:00Z', 'a1'))).status).toBe(202);
  });
});

it('without read-back, the opener that the payload names beside its requester is no approver', async () => {
  const world = createTicketWorld();
  const opened = { opened_by: { user_name: { value: 'david.loo', display_value: 'david.loo' } } };
  const approval = { id: 'a1', by: 'David.Loo', at: '2026-12-01T07:00:00Z' };
  const answer = read(await world.send({ ...snowPayload(opened), approval }, { source: 'trusted' }));
  expect(answer.body).toMatchObject({ result: 'refused', reason: 'self-approved' });
  expect(accepted(world)).toEqual([]);
});

it('without read-back, the opener that the payload names is no second approver, where one’s own approval counts', async () => {
  const world = createTicketWorld();
  const opened = { opened_by: { user_name: { value: 'david.loo', display_value: 'david.loo' } } };
  const approval = { id: 'a1', by: 'David.Loo', at: '2026-12-01T07:00:00Z' };
  const answer = read(await world.send({ ...snowPayload(opened), approval }, { source: 'trusted-open' }));
  expect(answer.status).toBe(202);
  expect(accepted(world).map(({ ticket }) => approversOf(ticket))).toEqual([[]]);
});

it('without read-back, whoever the payload’s own JSON says stands for the request is no approver', async () => {
  const world = createTicketWorld();
  const change = {
    schemaVersion: 1,
    idempotencyKey: 'a',
    tenant: 'acme-prod',
    action: 'update',
    group: { name: 'G' },
    set: { enabled: true },
  };
  const ticket = { id: 'CHG0031337', requestedBy: 'kim', requestedWith: ['lee', 'David.Loo'] };
  const approval = { id: 'a1', by: 'david.loo', at: '2026-12-01T07:00:00Z' };
  const answer = read(await world.send({ ticket, approval, status: 'approved', changes: [change] }, { source: 'own' }));
  expect(answer.body).toMatchObject({ result: 'refused', reason: 'self-approved' });
});
