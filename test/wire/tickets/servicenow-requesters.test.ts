import { expect, it } from 'vitest';
import type { Row } from '../../../local/ticket-systems/servicenow/encoded-query.ts';
import { judgeApproval } from '../../../shared/domain/approval/judge-approval.ts';
import { required, startTicketWorld } from './ticket-world.ts';

const REQUESTER = 'a'.repeat(32);
const OPENER = 'b'.repeat(32);
/** Kim files the change in the name of a bystander. */
const CHANGE: Row = {
  requested_by: REQUESTER,
  'requested_by.user_name': 'by.stander',
  opened_by: OPENER,
  'opened_by.user_name': 'by.stander',
  sys_created_by: 'kim.adeyemi',
};

/** Reads a change, or a task below it, that `approver` approved alone, and judges its approval. */
async function judged(
  change: Row,
  approver: string,
  { task, trustHistory = false }: { task?: Row; trustHistory?: boolean } = {},
) {
  let at = Date.UTC(2026, 10, 30, 8);
  await using world = await startTicketWorld({ now: () => at });
  const { store } = world.servicenow;
  store.addTicket({ number: 'CHG0000001', title: 'A change', fields: change });
  const parent = store.ticket('CHG0000001').sys_id ?? '';
  if (task !== undefined) {
    store.addTicket({
      number: 'CTASK0000001',
      title: 'A task',
      requestedBy: 'max.ito',
      fields: { change_request: parent, ...task },
    });
  }
  at += 60_000;
  store.approve('CHG0000001', approver);
  const number = task === undefined ? 'CHG0000001' : 'CTASK0000001';
  const { approvals, requesters, history } = required(await world.reader('servicenow').read(number));
  const facts = { approvals, requesters, history, affectsChange: () => false, namesRequester: () => false, now: at };
  return judgeApproval(facts, { selfApproval: false, trustHistory });
}

it('whoever created a change in the name of others does not approve it', async () => {
  expect(await judged(CHANGE, 'kim.adeyemi')).toMatchObject({ kind: 'refused', code: 'self-approved' });
  expect(await judged(CHANGE, 'lena.brandt')).toMatchObject({ kind: 'in-force' });
});

it.each(['requested_by.user_name', 'opened_by.user_name', 'sys_created_by'])(
  'where %s is not shown, nobody can tell whether the approver is a requester',
  async (column) => {
    const hidden = { ...CHANGE, [column]: '' };
    for (const trustHistory of [false, true]) {
      expect(await judged(hidden, 'lena.brandt', { trustHistory })).toMatchObject({
        kind: 'refused',
        code: 'history-unknown',
        sentence: expect.stringContaining(`cannot see ${column}`),
      });
    }
  },
);

it('whoever requested, opened or created a change does not approve the task that somebody else opened below it', async () => {
  for (const column of ['requested_by.user_name', 'opened_by.user_name', 'sys_created_by']) {
    const change = { ...CHANGE, [column]: 'sam.oduya' };
    expect(await judged(change, 'sam.oduya', { task: {} })).toMatchObject({ kind: 'refused', code: 'self-approved' });
    expect(await judged(change, 'lena.brandt', { task: {} })).toMatchObject({ kind: 'in-force' });
  }
});

it('where the change of a task is not shown, its requester is unknown', async () => {
  const sentence = expect.stringContaining('cannot see change_request.sys_created_by');
  const task = { 'change_request.sys_created_by': '' };
  expect(await judged(CHANGE, 'lena.brandt', { task })).toMatchObject({ code: 'history-unknown', sentence });
});
