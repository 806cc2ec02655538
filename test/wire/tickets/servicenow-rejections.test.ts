import { describe, expect, it } from 'vitest';
import { required, startTicketWorld } from './ticket-world.ts';

const CHG = { number: 'CHG0031337', title: 'Web Apps' };

/** A change that Lena approved at 08:01; Max was asked too. Each `decide` happens a minute after the one before. */
async function startApproved() {
  let at = Date.UTC(2026, 10, 30, 8);
  const world = await startTicketWorld({ now: () => at });
  const { store } = world.servicenow;
  store.addTicket(CHG);
  const change = required(store.rowsOf('change_request')?.[0]);
  const asked = store.addApproval('0123456789abcdef0123456789abcdef', change, 'max.ito');
  at += 60_000;
  const ref = store.approve(CHG.number, 'lena.brandt');
  const granted = required(store.rowsOf('sysapproval_approver')?.find(({ sys_id }) => sys_id === ref));
  const decide = (row: typeof asked, state: string, by: string) => {
    at += 60_000;
    store.edit('sysapproval_approver', row, { state }, by);
  };
  const read = async () => required(await world.reader('servicenow').read(CHG.number));
  return Object.assign(world, { ref, asked, granted, decide, read });
}

describe('a ServiceNow approval that one approver gave', () => {
  it('stands with the rejection of another beside it, which is told', async () => {
    await using world = await startApproved();
    expect((await world.read()).rejections).toEqual([]);
    world.decide(world.asked, 'rejected', 'max.ito');
    expect(await world.read()).toMatchObject({
      approvals: [{ by: 'lena.brandt' }],
      rejections: [{ at: '2026-11-30T08:02:00.000Z', by: 'max.ito' }],
    });
  });

  it('was taken back and is another one when it is given again', async () => {
    await using world = await startApproved();
    world.decide(world.granted, 'requested', 'lena.brandt');
    expect(await world.read()).toMatchObject({ approvals: [], rejections: [{ at: '2026-11-30T08:02:00.000Z' }] });
    world.decide(world.granted, 'approved', 'lena.brandt');
    expect((await world.read()).approvals).toEqual([
      { by: 'lena.brandt', at: '2026-11-30T08:03:00.000Z', ref: `${world.ref}-2` },
    ]);
  });

  it('and a rejection that nobody audits is dated by its record', async () => {
    await using world = await startApproved();
    world.decide(world.asked, 'rejected', 'max.ito');
    const rows = required(world.servicenow.store.rowsOf('sys_audit'));
    rows.splice(0, rows.length, ...rows.filter(({ newvalue }) => newvalue !== 'rejected'));
    expect((await world.read()).rejections).toEqual([{ at: '2026-11-30T08:02:00.000Z', by: 'max.ito' }]);
  });

  it('bears nothing where what the others decided is not shown', async () => {
    await using world = await startApproved();
    world.decide(world.asked, 'rejected', 'max.ito');
    delete world.asked.state;
    expect((await world.read()).history).toMatchObject({ kind: 'unknown' });
  });

  it('is found beside more approvers than one address names', async () => {
    await using world = await startApproved();
    const change = required(world.servicenow.store.rowsOf('change_request')?.[0]);
    for (let n = 0; n < 150; n += 1) {
      world.servicenow.store.addApproval(String(n).padStart(32, '0'), change, `member.${n}`);
    }
    world.decide(world.asked, 'rejected', 'max.ito');
    expect(await world.read()).toMatchObject({ history: { kind: 'complete' }, rejections: [{ by: 'max.ito' }] });
  });
});
