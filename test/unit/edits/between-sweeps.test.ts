import { describe, expect, it } from 'vitest';
import { snowPayload, snowTicket } from '../ingest/ticket-world.ts';
import { createPushedWorld, type PushedSettings } from './pushed-world.ts';

/**
 * Settings are data, and two versions can be pushed within a minute: what was accepted by the first one stands in a
 * lane, or under a name, that no sweep saw configured.
 */

const MINUTE = 60_000;
const FORMER = { customerId: '216196257331281920', vanity: 'acme' };
const PRESENT = { ...FORMER, customerId: '216196257331289999' };
const snow = (tenant = 'acme-prod') => ({
  system: 'servicenow',
  mapping: { preset: 'servicenow-change', rows: { tenant: { value: tenant } } },
  grants: [{ tenants: [tenant], actions: ['create', 'update', 'delete'], groups: ['*'], applications: ['*'] }],
  approval: { gate: { preset: 'servicenow-change' }, integrationUser: 'zpa.integration' },
  tickets: {
    kind: 'servicenow',
    url: 'https://acme.service-now.example',
    tables: { CHG: { table: 'change_request' } },
  },
});

const BEFORE: PushedSettings = { tenants: { other: { ...FORMER, customerId: '7' } }, sources: {} };
const DURING: PushedSettings = { tenants: { 'acme-prod': FORMER }, sources: { snow: snow() } };
const AFTER: PushedSettings = { tenants: { 'acme-prod': PRESENT }, sources: { snow: snow() } };

/** Accepts the ticket by settings that are pushed after one sweep, and replaced before the next. */
async function acceptBetweenSweeps({ payload = snowPayload(), after = AFTER } = {}) {
  const world = await createPushedWorld(BEFORE);
  const { clock } = world.ports;
  await world.sweep();
  await world.take();
  await world.push(DURING);
  await clock.advance(31_000);
  world.snow.tickets.set('CHG0031337', snowTicket({ payload }));
  await world.take();
  expect(world.ledger.allChanges()).toHaveLength(1);
  await world.push(after);
  await clock.advance(MINUTE);
  return world;
}

describe('a ticket that was accepted by settings that lived between two sweeps', () => {
  it.each<[string, PushedSettings]>([
    ['its tenant got another customer', AFTER],
    ['its tenant got another name', { tenants: { renamed: FORMER }, sources: { snow: snow('renamed') } }],
    ['its source got another name', { tenants: DURING.tenants, sources: { renamed: snow() } }],
  ])('is not accepted again under the same approval after %s', async (_, after) => {
    const world = await acceptBetweenSweeps({ after });
    await world.sweep();
    await world.take();
    expect(world.ledger.allChanges()).toHaveLength(1);
  });

  it('is released at its time, though its tenant has another customer', async () => {
    const world = await acceptBetweenSweeps({ payload: snowPayload({ start_date: '2026-12-01 09:00:00' }) });
    expect(world.find()).toMatchObject({ state: 'scheduled' });
    await world.ports.clock.advance(60 * MINUTE);
    await world.sweep();
    expect(world.find()).toMatchObject({ state: 'queued' });
  });

  it('is sent, though its function died before it sent it', async () => {
    const world = await createPushedWorld(DURING);
    world.snow.tickets.set('CHG0031337', snowTicket());
    const { send } = world.queue;
    world.queue.send = () => Promise.reject(new Error('the function died'));
    await world.take();
    world.queue.send = send;
    await world.push(AFTER);
    await world.ports.clock.advance(MINUTE);
    expect(world.find()).toMatchObject({ state: 'accepted' });
    await world.sweep();
    expect(world.find()).toMatchObject({ state: 'queued' });
  });

  it('is cancelled with its approval, though its tenant has another customer', async () => {
    const start = { start_date: '2026-12-20 08:00:00' };
    const world = await acceptBetweenSweeps({ payload: snowPayload(start) });
    const withdrawn = snowPayload({ ...start, approval: 'rejected' });
    world.snow.tickets.set('CHG0031337', snowTicket({ payload: withdrawn, approvals: [] }));
    world.snow.listApproved = () => ReadableStream.from<string>([]);
    await world.take();
    expect(world.find()).toMatchObject({ outcome: { kind: 'cancelled' } });
  });
});

it('a ticket is accepted for one tenant by two functions of which one has not looked for newer settings yet', async () => {
  const grants = snow().grants.map((one) => ({ ...one, tenants: ['acme-prod', 'acme-new'] }));
  const world = await createPushedWorld(DURING);
  const warm = world.createTake();
  await warm();
  const tenants = { ...DURING.tenants, 'acme-new': PRESENT };
  await world.push({ tenants, sources: { snow: { ...snow('acme-new'), grants } } });
  world.snow.tickets.set('CHG0031337', snowTicket());
  await world.take();
  await world.ports.clock.advance(5000);
  await warm();
  expect(world.ledger.allChanges().map(({ ref }) => ref.tenant)).toEqual(['acme-new']);
});
