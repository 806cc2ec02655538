import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_CREDENTIALS, LOCAL_READERS } from '../../../local/ticket-systems/open.ts';
import { type ServiceNow, startServiceNow } from '../../../local/ticket-systems/servicenow/servicenow.ts';
import { startWorld, type World } from '../../../local/world/world.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';

let servicenow: ServiceNow;
let world: World;
beforeAll(async () => {
  servicenow = await startServiceNow();
  world = await startWorld({
    timeFactor: 40,
    schedules: false,
    simulator: { limits: 'off' },
    secrets: (made) => ({
      ...made,
      'zpa-changes/tickets/servicenow': JSON.stringify(LOCAL_CREDENTIALS.servicenow),
      'zpa-changes/tickets-read/servicenow': JSON.stringify(LOCAL_READERS.servicenow),
    }),
    configure: (plain) =>
      configurationSchema.parse({
        ...plain,
        sources: {
          ...plain.sources,
          servicenow: {
            ...plain.sources.servicenow,
            mapping: { preset: 'servicenow-change', rows: { tenant: { value: 'acme-prod' } } },
            approval: { gate: { preset: 'servicenow-change' }, integrationUser: 'zpa.changes' },
            tickets: {
              kind: 'servicenow',
              url: servicenow.url,
              allowedPrivateCidrs: ['127.0.0.0/8'],
              readSecret: true,
            },
          },
        },
      }),
  });
});
afterAll(async () => {
  await world.close();
  await servicenow.close();
});

/** A change request that waits for its approval, and the delivery of its business rule. */
async function submit(number: string, variables: Record<string, string>): Promise<number> {
  const fields = Object.entries(variables).map(([name, value]) => [`variables.${name}`, value]);
  servicenow.store.addTicket({
    number,
    title: 'Segment group',
    state: '-3',
    fields: { approval: 'requested', type: 'normal', ...Object.fromEntries(fields) },
  });
  return (await tell(number)).status;
}

function tell(number: string) {
  const record: Record<string, unknown> = {};
  const variables: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(servicenow.store.ticket(number))) {
    if (name.startsWith('variables.')) variables[name.slice('variables.'.length)] = { value, display_value: value };
    else record[name] = { value, display_value: value };
  }
  return world.deliver('servicenow', { table: 'change_request', record: { ...record, variables } });
}

/** The full plan; on a slow machine an early comment precedes it. */
const planOn = (number: string) =>
  world.until(async () => servicenow.notes(number).find((note) => note.includes('1 would be applied')));

describe('a submitted ticket', () => {
  it('shows its plan, read with the read credential, and nothing has changed', async () => {
    const group = world.simulator.store.createGroup({ name: 'Plan Desks', enabled: false });
    const status = await submit('CHG0040001', {
      zpa_action: 'change group',
      zpa_group: 'Plan Desks',
      zpa_description: 'for the desks',
    });
    expect(status).toBe(202);
    const note = await planOn('CHG0040001');
    expect(note).toContain('Plan of 1 change: 1 would be applied');
    expect(note).toContain(`Plan Desks (${group.id})`);
    expect(note).toContain('for the desks');
    expect(world.simulator.store.group(group.id)?.description).not.toBe('for the desks');
    const writes = world.simulator.log.all().filter(({ kind }) => kind === 'write');
    expect(writes).toEqual([]);
  });

  it('is carried out once it is approved as planned', async () => {
    servicenow.store.change('CHG0040001', { state: '-2' }, 'david.loo');
    servicenow.store.approve('CHG0040001', 'david.loo');
    expect((await tell('CHG0040001')).status).toBe(202);
    const [record] = await world.until(async () => {
      const records = (await world.changes()).filter(({ ticket }) => ticket.id === 'CHG0040001');
      return records.length > 0 && records.every(({ state }) => state === 'settled') ? records : undefined;
    });
    expect(record?.outcome).toMatchObject({ kind: 'applied' });
    expect(record?.plan?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is told why its requester’s approval does not count, though ingest may only read it', async () => {
    await submit('CHG0040009', { zpa_action: 'change group', zpa_group: 'Plan Desks', zpa_description: 'own' });
    await planOn('CHG0040009');
    servicenow.store.change('CHG0040009', { state: '-2' }, 'kim.adeyemi');
    servicenow.store.approve('CHG0040009', 'kim.adeyemi');
    expect((await tell('CHG0040009')).body).toMatchObject({ result: 'refused', reason: 'self-approved' });
    const notes = () => servicenow.notes('CHG0040009').filter((note) => note.includes('Not applied'));
    const [note] = await world.until(async () => (notes().length > 0 ? notes() : undefined));
    expect(note).toContain('Have somebody else approve it.');
  });

  it('is rejected where its name leads to something else by then', async () => {
    const planned = world.simulator.store.createGroup({ name: 'Plan Labs', enabled: false });
    await submit('CHG0040002', { zpa_action: 'change group', zpa_group: 'Plan Labs', zpa_description: 'labs' });
    await planOn('CHG0040002');
    world.simulator.store.renameGroup('Plan Labs', 'Old Labs');
    const other = world.simulator.store.createGroup({ name: 'Plan Labs', enabled: false });
    servicenow.store.change('CHG0040002', { state: '-2' }, 'david.loo');
    servicenow.store.approve('CHG0040002', 'david.loo');
    await tell('CHG0040002');
    const [record] = await world.until(async () => {
      const records = (await world.changes()).filter(({ ticket }) => ticket.id === 'CHG0040002');
      return records.length > 0 && records.every(({ state }) => state === 'settled') ? records : undefined;
    });
    expect(record?.outcome).toMatchObject({
      kind: 'rejected',
      code: 'plan-outdated',
      details: { names: [{ kind: 'group', name: 'Plan Labs', planned: planned.id, now: other.id }] },
    });
  });

  it('leaves a note of the policy types it read rules of, so that the worker never takes one for not bought', async () => {
    const group = world.simulator.store.createGroup({ name: 'Plan Kiosks', enabled: false });
    world.simulator.store.createRule({ name: 'Isolate', policyType: 'ISOLATION_POLICY', groupIds: [group.id] });
    world.simulator.quirks.set('rule-blocks-delete', 'dangling');
    await submit('CHG0040003', { zpa_action: 'delete group', zpa_group: 'Plan Kiosks' });
    await world.until(async () => servicenow.notes('CHG0040003').find((note) => note.includes('Isolate')));

    const match = { path: '*/policySet/rules/policyType/ISOLATION_POLICY*' };
    world.simulator.faults.script(match, { kind: 'error', status: 400, id: 'resource.not.found' }, 1);
    const deletion = { action: 'delete', group: { id: group.id } };
    await world.deliver('ops', { schemaVersion: 1, idempotencyKey: 'K9', tenant: 'acme-prod', ...deletion });
    const ended = await world.until(async () =>
      (await world.changes()).find(({ ref, outcome }) => ref.idempotencyKey === 'K9' && outcome !== undefined),
    );
    expect(ended).toMatchObject({ outcome: { kind: 'rejected', code: 'group-in-use' } });
    expect(world.simulator.faults.pending()).toEqual([]);
    expect(world.simulator.store.group(group.id)).toBeDefined();
    expect(world.endpoint.denials).toEqual([]);
  });
});
