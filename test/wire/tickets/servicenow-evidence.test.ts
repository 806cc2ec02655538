import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../local/ticket-systems/http/http.ts';
import type { Row } from '../../../local/ticket-systems/servicenow/encoded-query.ts';
import type { ServiceNowHabits } from '../../../local/ticket-systems/servicenow/table-answers.ts';
import { collected, required, startTicketWorld, type TicketWorld } from './ticket-world.ts';

const CHG = { number: 'CHG0031337', title: 'Web Apps' };

/** A change that was approved a minute after it was filed, and edited `edits` times afterwards. */
async function startApproved(edits = 1): Promise<TicketWorld & { ref: string }> {
  let at = Date.UTC(2026, 10, 30, 8);
  const world = await startTicketWorld({ now: () => at });
  world.servicenow.store.addTicket({ ...CHG, state: '-4' });
  at += 60_000;
  const ref = world.servicenow.store.approve(CHG.number, 'lena.brandt');
  for (let n = 1; n <= edits; n += 1) {
    at += 1000;
    world.servicenow.store.change(CHG.number, { start_date: `2026-12-01 22:00:${n}` }, 'kim.adeyemi');
  }
  return Object.assign(world, { ref });
}

const read = (world: TicketWorld) => world.reader('servicenow').read(CHG.number);
const answered = (world: TicketWorld, table: string, answer: Answer) =>
  world.servicenow.faults.push({ method: 'GET', path: new RegExp(`/${table}$`), kind: 'answer', answer });

describe('the history of a ServiceNow ticket is known only from evidence', () => {
  type Approved = Awaited<ReturnType<typeof startApproved>>;
  const hide = (hides: ServiceNowHabits['hides']) => (world: Approved) => {
    world.servicenow.habits.hides = hides;
  };
  const unaudited = (which: (ref: string, row: Row) => boolean) => (world: Approved) => {
    const rows = required(world.servicenow.store.rowsOf('sys_audit'));
    rows.splice(0, rows.length, ...rows.filter((row) => !which(world.ref, row)));
  };

  it.each<[string, (world: Approved) => void]>([
    ['an ACL hides all rows', hide((table) => table === 'sys_audit')],
    [
      'an ACL hides all rows, and nothing counts them',
      (world) => {
        world.servicenow.habits.uncounted = true;
        hide((table) => table === 'sys_audit')(world);
      },
    ],
    [
      'an ACL hides an edit after the approval, and nothing counts it',
      (world) => {
        world.servicenow.habits.uncounted = true;
        world.servicenow.store.change(CHG.number, { short_description: 'Other Apps' }, 'kim.adeyemi');
        hide((_, row) => row.fieldname === 'short_description')(world);
      },
    ],
    ['nothing counts its rows', (world) => Object.assign(world.servicenow.habits, { uncounted: true })],
    ['an ACL hides one row', hide((_, row) => row.fieldname === 'start_date')],
    [
      'an ACL hides an approval',
      (world) => {
        world.servicenow.store.approve(CHG.number, 'max.ito');
        hide((_, row) => row['approver.user_name'] === 'max.ito')(world);
      },
    ],
    ['it is an empty list', (world) => answered(world, 'sys_audit', { status: 200, json: { result: [] } })],
    ['nobody audits approvals', unaudited((ref, row) => row.documentkey === ref)],
    ['nobody audits changes', unaudited((ref, row) => row.documentkey !== ref)],
    ['nobody audits who set a change to approved', unaudited((_, row) => row.fieldname === 'approval')],
    [
      'a column is hidden',
      (world) => {
        for (const row of world.servicenow.store.rowsOf('sys_audit') ?? []) delete row.fieldname;
      },
    ],
  ])('unknown where %s', async (_, prepare) => {
    await using world = await startApproved();
    prepare(world);
    expect(await read(world)).toMatchObject({ id: CHG.number, history: { kind: 'unknown' } });
  });

  it.each<[string, (row: Row) => unknown]>([
    ['are not shown', (row) => delete row.oldvalue],
    ['are answered as empty', (row) => Object.assign(row, { oldvalue: '' })],
    ['of one edit are not shown', (row) => row.newvalue === '2026-12-01 22:00:1' && delete row.newvalue],
  ])('misses a part where values %s, so that nobody trusts it', async (_, withhold) => {
    await using world = await startApproved(2);
    for (const row of required(world.servicenow.store.rowsOf('sys_audit'))) withhold(row);
    const reason = 'the integration user cannot see the values in sys_audit';
    expect(await read(world)).toMatchObject({ history: { kind: 'partial', reason }, approvals: [{ ref: world.ref }] });
  });

  it('one hidden row of 500 is not the end of the list', async () => {
    await using world = await startApproved(520);
    hide((_, row) => row.newvalue === '2026-12-01 22:00:250')(world);
    const reason = expect.stringContaining('cannot see all of its records in sys_audit');
    expect((await read(world))?.history).toEqual({ kind: 'unknown', reason });
  });

  it('a list ends where it is counted to end', async () => {
    await using world = await startApproved(1100);
    const history = (await read(world))?.history;
    expect(history?.kind === 'complete' && history.value).toHaveLength(1101);
    expect(world.servicenow.calls.filter((call) => call.endsWith('/sys_audit'))).toHaveLength(3);
  });

  it('a ticket whose approval was taken back has a known history without that approval', async () => {
    await using world = await startApproved();
    const { store } = world.servicenow;
    const approval = store.rowsOf('sysapproval_approver')?.find(({ sys_id }) => sys_id === world.ref);
    store.edit('sysapproval_approver', required(approval), { state: 'requested' }, 'lena.brandt');
    expect(await read(world)).toMatchObject({ approvals: [], history: { kind: 'complete' } });
  });

  describe('an approval whose record was attached to another ticket', () => {
    const REF = '0123456789abcdef0123456789abcdef';

    /** Lena grants an approval that refers to each of `records` in turn; `granted`: after how many of them. */
    async function approvalsAfter(records: string[], granted: number) {
      let at = Date.UTC(2026, 10, 30, 8);
      await using world = await startTicketWorld({ now: () => at });
      const { store } = world.servicenow;
      store.addTicket(CHG);
      store.addTicket({ ...CHG, number: 'CHG0031338', title: 'Something harmless' });
      const sysIdOf = (number: string) => (number === '' ? '' : (store.ticket(number).sys_id ?? ''));
      const [first = '', ...others] = records;
      const approval = store.addApproval(REF, { sys_id: sysIdOf(first) }, 'lena.brandt');
      const grant = () => store.edit('sysapproval_approver', approval, { state: 'approved' }, 'lena.brandt');
      const steps = others.map(
        (to) => () => store.edit('sysapproval_approver', approval, { sysapproval: sysIdOf(to) }, 'kim.adeyemi'),
      );
      for (const step of [...steps.slice(0, granted - 1), grant, ...steps.slice(granted - 1)]) {
        at += 60_000;
        step();
      }
      return (await read(world))?.approvals;
    }

    it.each([
      ['after its grant', ['CHG0031338', CHG.number], 1],
      ['after its grant, from none', ['', CHG.number], 1],
      ['before its grant, which may answer the request for the other', ['CHG0031338', CHG.number], 2],
      ['and back', [CHG.number, 'CHG0031338', CHG.number], 2],
    ])('%s, does not count', async (_, records, granted) => {
      expect(await approvalsAfter(records, granted)).toEqual([]);
    });

    it('counts where it was attached once, before its grant', async () => {
      expect(await approvalsAfter(['', CHG.number], 2)).toMatchObject([{ by: 'lena.brandt', ref: REF }]);
    });
  });

  it('tells who granted an approval beside the one it was asked of', async () => {
    let at = Date.UTC(2026, 10, 30, 8);
    await using world = await startTicketWorld({ now: () => at });
    const { store } = world.servicenow;
    store.addTicket(CHG);
    store.approve(CHG.number, 'lena.brandt');
    at += 60_000;
    const change = required(store.rowsOf('change_request')?.[0]);
    const approval = store.addApproval('0123456789abcdef0123456789abcdef', change, 'max.ito');
    store.edit('sysapproval_approver', approval, { state: 'approved' }, 'kim.adeyemi');
    expect((await read(world))?.approvals).toEqual([
      { by: 'lena.brandt', at: '2026-11-30T08:00:00.000Z', ref: expect.any(String) },
      { by: 'max.ito', at: '2026-11-30T08:01:00.000Z', ref: approval.sys_id, actor: 'kim.adeyemi' },
    ]);
  });
});

describe('listing behind an ACL', () => {
  it.each([false, true])('goes on behind a short page (uncounted: %s)', async (uncounted) => {
    await using world = await startTicketWorld();
    const { store, habits } = world.servicenow;
    for (let n = 1; n <= 180; n += 1) {
      const number = `CHG${String(n).padStart(7, '0')}`;
      store.addTicket({ ...CHG, number });
      store.approve(number, 'lena.brandt');
    }
    habits.uncounted = uncounted;
    habits.hides = (_, row) => row.number === 'CHG0000050';
    expect(await collected(world.reader('servicenow').listApproved(0))).toHaveLength(179);
  });
});
