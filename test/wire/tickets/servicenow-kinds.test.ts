import { describe, expect, it } from 'vitest';
import { sysId } from '../../../local/ticket-systems/servicenow/servicenow-store.ts';
import { collected, startTicketWorld } from './ticket-world.ts';

const KIM = 'kim.adeyemi';

/** A change with a task and a request's item, the ones of `2` approved; the tasks and items were not touched since. */
async function startKinds(servicenow: { gate: Record<string, unknown>; tickets?: Record<string, unknown> }) {
  let at = Date.UTC(2026, 10, 28, 8);
  const world = await startTicketWorld({ now: () => at, servicenow });
  const { store, calls } = world.servicenow;
  for (const n of [1, 2, 3]) {
    const change = `CHG000000${n}`;
    store.addTicket({ number: change, title: 'A change', state: '-2' });
    const fields = { approval: 'not requested', change_request: sysId(change) };
    store.addTicket({ number: `CTASK000000${n}`, title: 'A task', state: '1', fields });
    store.addTicket({ number: `RITM000000${n}`, title: 'An item', state: '1', fields: { u_decision: 'none' } });
  }
  store.approve('CHG0000003', 'lena.brandt');
  store.approve('RITM0000003', 'lena.brandt');
  at += 48 * 3_600_000;
  const since = at;
  store.approve('CHG0000002', 'lena.brandt');
  store.approve('RITM0000002', 'lena.brandt');
  store.change('CHG0000001', { u_decision: 'yes, go' }, KIM);
  store.change('CTASK0000001', { u_decision: 'yes' }, KIM);
  store.change('RITM0000001', { u_decision: 'yes' }, KIM);
  const listed = async () => (await collected(world.reader('servicenow').listApproved(since))).toSorted();
  return Object.assign(world, { listed, tablesAsked: () => calls.map((call) => call.replace(/^.*\/table\//, '')) });
}

describe('listing approved tickets by the gate of their source', () => {
  it.each([
    ['changes', 'servicenow-change', ['CHG0000002', 'RITM0000002']],
    ['tasks of changes', 'servicenow-task', ['CTASK0000002']],
    ['requested items', 'servicenow-request', ['CHG0000002', 'RITM0000002']],
  ])('finds %s that were approved since', async (_, preset, found) => {
    await using world = await startKinds({ gate: { preset } });
    expect(await world.listed()).toEqual(found);
  });

  it('asks no table that holds no ticket which the gate approves', async () => {
    await using world = await startKinds({ gate: { preset: 'servicenow-task' } });
    await world.listed();
    expect(world.tablesAsked().every((call) => call.startsWith('change_task'))).toBe(true);
  });

  it.each([
    ['by a column of their own', 'record.u_decision.value', ['yes', 'sure'], ['CTASK0000001', 'RITM0000001']],
    [
      'by a text for people, which no query can ask for',
      'record.approval.display_value',
      ['Approved'],
      ['CHG0000002', 'RITM0000002'],
    ],
    ['by a value that divides a query', 'record.u_decision', ['yes, go'], ['CHG0000002', 'RITM0000002']],
    ['by a variable, which no query can ask for', 'record.variables.go', ['yes'], ['CHG0000002', 'RITM0000002']],
  ])('finds those that are approved %s', async (_, field, oneOf, found) => {
    const gate = { ticket: 'record.number', approved: [{ field, oneOf }] };
    await using world = await startKinds({ gate });
    expect(await world.listed()).toEqual(found);
  });

  it('asks as the configuration says, also where only the record that bears the approval was touched', async () => {
    const tickets = { approvedQuery: 'number!=CTASK0000003', tables: { CTASK: { table: 'change_task' } } };
    await using world = await startKinds({ gate: { preset: 'servicenow-task' }, tickets });
    expect(await world.listed()).toEqual(['CTASK0000001', 'CTASK0000002']);
  });
});
