import { expect, it } from 'vitest';
import { required, startTicketWorld } from './ticket-world.ts';

const CHG = { number: 'CHG0031337', title: 'Web Apps', state: '-2' };
const APPROVAL = '0123456789abcdef0123456789abcdef';

/** A change with one approval, of which `meanwhile` becomes true between the read of its record and that of its approvals. */
async function startTorn(meanwhile: (store: Store, tick: () => void) => void) {
  let at = Date.UTC(2026, 10, 30, 8);
  const tick = () => {
    at += 60_000;
  };
  const world = await startTicketWorld({
    now: () => at,
    servicenow: { tickets: { fields: ['u_zpa_group'] } },
  });
  const { store } = world.servicenow;
  store.addTicket({ ...CHG, fields: { u_zpa_group: 'Harmless' } });
  tick();
  store.approve(CHG.number, 'lena.brandt');
  tick();
  store.change(CHG.number, { u_zpa_group: 'Everything' }, 'beth.anglin');
  tick();
  store.addApproval(APPROVAL, { sys_id: store.ticket(CHG.number).sys_id ?? '' }, 'max.ito');
  const { rowsOf } = store;
  store.rowsOf = (table) => {
    if (table === 'sysapproval_approver') {
      store.rowsOf = rowsOf;
      meanwhile(store, tick);
    }
    return rowsOf(table);
  };
  return world;
}

type Store = Awaited<ReturnType<typeof startTicketWorld>>['servicenow']['store'];

const approve = (store: Store) => {
  const asked = store.rowsOf('sysapproval_approver')?.find(({ sys_id }) => sys_id === APPROVAL);
  store.edit('sysapproval_approver', required(asked), { state: 'approved' }, 'max.ito');
};

it('a change that was edited and approved while it was read is not taken as it was before, and is read again', async () => {
  await using world = await startTorn((store, tick) => {
    store.change(CHG.number, { u_zpa_group: 'Harmless' }, 'beth.anglin');
    tick();
    approve(store);
  });
  const read = () => world.reader('servicenow').read(CHG.number);
  await expect(read()).rejects.toMatchObject({ code: 'tickets-unavailable' });
  const payload = { record: { u_zpa_group: { value: 'Harmless' } } };
  expect(await read()).toMatchObject({ payload, approvals: [{}, { ref: APPROVAL }] });
});

it('a change of which the audit is dated later than its last edit is taken as it is', async () => {
  await using world = await startTorn(approve);
  for (const row of required(world.servicenow.store.rowsOf('sys_audit'))) row.sys_created_on = '2026-11-30 08:30:00';
  const payload = { record: { u_zpa_group: { value: 'Everything' } } };
  expect(await world.reader('servicenow').read(CHG.number)).toMatchObject({ payload });
});
