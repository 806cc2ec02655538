import { describe, expect, it } from 'vitest';
import { affectsChange, namesRequester } from '../../../shared/domain/approval/affects-change.ts';
import { approvalSchema, gateOf } from '../../../shared/domain/approval/approval-schema.ts';
import { judgeApproval } from '../../../shared/domain/approval/judge-approval.ts';
import { mappingSchema } from '../../../shared/domain/mapping/mapping-schema.ts';
import type { TicketRecord } from '../../../shared/ports/ticket-system.ts';
import { required, startTicketWorld } from './ticket-world.ts';

const TABLE = mappingSchema.parse({ preset: 'servicenow-task', rows: { tenant: { value: 'acme-prod' } } });
const JSONATA = mappingSchema.parse({ jsonata: '{"ticket": record.number.value, "changes": []}' });
const gate = required(gateOf(approvalSchema.parse({ gate: { preset: 'servicenow-task' } })));

function judged({ approvals, requesters, history }: TicketRecord, mapping = TABLE) {
  const isContent = (field: string) => affectsChange(mapping, gate, field);
  const facts = {
    ...{ approvals, requesters, history, affectsChange: isContent, now: Date.UTC(2026, 10, 30, 9) },
    namesRequester: (field: string) => namesRequester(mapping, field),
  };
  return judgeApproval(facts, { selfApproval: false, trustHistory: false });
}

/** Two changes, a task or an item below the first, all by Kim; one minute passes before each `then`. */
async function startTasks(columns: string[] = []) {
  let at = Date.UTC(2026, 10, 30, 8);
  const world = await startTicketWorld({ now: () => at, servicenow: { tickets: { fields: columns } } });
  const { store } = world.servicenow;
  for (const number of ['CHG0000001', 'CHG0000002']) store.addTicket({ number, title: 'A change', state: '-4' });
  const idOf = (number: string) => store.ticket(number).sys_id ?? '';
  const pass = () => {
    at += 60_000;
  };
  const task = () =>
    store.addTicket({ number: 'CTASK0000001', title: 'A task', fields: { change_request: idOf('CHG0000001') } });
  const read = async (number = 'CTASK0000001') => required(await world.reader('servicenow').read(number));
  return { store, idOf, pass, task, read, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

describe.each([
  ['a table', TABLE],
  ['an expression of unknown fields', JSONATA],
])('content that is younger than the approval of its change, mapped by %s', (_, mapping) => {
  it('a task that was there when its change was approved is approved with it', async () => {
    await using world = await startTasks();
    world.task();
    world.pass();
    world.store.approve('CHG0000001', 'lena.brandt');
    expect(judged(await world.read(), mapping)).toMatchObject({ kind: 'in-force' });
  });

  it('a task created after its change was approved is not', async () => {
    await using world = await startTasks();
    world.store.approve('CHG0000001', 'lena.brandt');
    world.pass();
    world.task();
    expect(judged(await world.read(), mapping)).toMatchObject({ kind: 'refused', code: 'approval-stale' });
    world.pass();
    world.store.approve('CHG0000001', 'max.ito');
    expect(judged(await world.read(), mapping)).toMatchObject({ kind: 'in-force' });
  });

  it('a task that was moved to a change which is approved already is not', async () => {
    await using world = await startTasks();
    world.task();
    world.pass();
    world.store.approve('CHG0000002', 'lena.brandt');
    world.pass();
    world.store.change('CTASK0000001', { change_request: world.idOf('CHG0000002') }, 'kim.adeyemi');
    expect(judged(await world.read(), mapping)).toMatchObject({ kind: 'refused', code: 'approval-stale' });
  });

  it('a change that is approved by itself may be attached to another', async () => {
    await using world = await startTasks();
    world.pass();
    world.store.approve('CHG0000001', 'lena.brandt');
    world.pass();
    world.store.change('CHG0000001', { parent: world.idOf('CHG0000002') }, 'kim.adeyemi');
    const ticket = await world.read('CHG0000001');
    const named = ticket.history.kind === 'complete' && ticket.history.value.map(({ field }) => field);
    expect(named).toEqual(['record.approval', 'record.parent']);
  });
});

it('an item that was attached to an approved request is not approved with it', async () => {
  await using world = await startTasks();
  world.store.addTicket({ number: 'RITM0000001', title: 'An item', fields: { request: '' } });
  world.pass();
  world.store.approve('CHG0000001', 'lena.brandt');
  world.pass();
  world.store.change('RITM0000001', { request: world.idOf('CHG0000001') }, 'kim.adeyemi');
  expect(judged(await world.read('RITM0000001'))).toMatchObject({ kind: 'refused', code: 'approval-stale' });
});

it('a task is not taken for an old one where nobody is shown when it was created', async () => {
  await using world = await startTasks();
  world.store.approve('CHG0000001', 'lena.brandt');
  world.pass();
  world.task();
  delete world.store.rowsOf('change_task')?.[0]?.sys_created_on;
  expect(judged(await world.read())).toMatchObject({ kind: 'refused', code: 'history-unknown' });
});

it('columns of the change that a task’s mapping reads are content of the task', async () => {
  await using world = await startTasks(['change_request.u_zpa_group']);
  world.task();
  world.pass();
  world.store.approve('CHG0000001', 'lena.brandt');
  world.pass();
  world.store.change('CHG0000001', { u_zpa_group: 'Finance', u_other: 'x' }, 'kim.adeyemi');
  const { history } = await world.read();
  expect(history.kind === 'complete' && history.value.map(({ field }) => field)).toEqual([
    'record.sys_created_on.value',
    'record',
    'record.change_request.u_zpa_group',
  ]);
});

describe('columns of a referenced record whose edits are not read', () => {
  it.each(['cmdb_ci.u_zpa_group', 'change_request.cmdb_ci.u_zpa_group', 'variables.zpa_app.u_zpa_group'])(
    'leave it unknown whether %s was edited after the approval',
    async (column) => {
      await using world = await startTasks([column]);
      world.task();
      Object.assign(required(world.store.rowsOf('change_task')?.[0]), { [column]: 'Web Apps' });
      world.pass();
      world.store.approve('CHG0000001', 'lena.brandt');
      const sentence = expect.stringContaining(`edits of ${column} are not in the audit of the ticket`);
      expect(judged(await world.read())).toMatchObject({ kind: 'refused', code: 'history-unknown', sentence });
    },
  );

  it('are of no matter to a ticket that has no such column', async () => {
    await using world = await startTasks(['cmdb_ci.u_zpa_group']);
    world.task();
    world.pass();
    world.store.approve('CHG0000001', 'lena.brandt');
    expect(judged(await world.read())).toMatchObject({ kind: 'in-force' });
  });
});
