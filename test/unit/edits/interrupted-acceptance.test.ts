import { describe, expect, it } from 'vitest';
import { reconcileSources } from '../../../functions/reconcile/reconcile-sources.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { interrupted } from '../../fakes/interrupted.ts';
import { AGAIN, DAVID, snowPayload, snowTicket, TICKET_CONFIGURATION } from '../ingest/ticket-world.ts';
import { createReconcileWorld, NEVER } from '../reconcile/reconcile-world.ts';

const { snow } = TICKET_CONFIGURATION.sources;
const EDITED = configurationSchema.parse({
  ...TICKET_CONFIGURATION,
  sources: {
    snow: {
      ...snow,
      grants: snow?.grants.map((one) => ({ ...one, tenants: ['acme-beta'] })),
      mapping: { preset: 'servicenow-change', rows: { tenant: { value: 'acme-beta' } } },
    },
  },
});
const QUARTER = 15 * 60_000;
const lines = JSON.stringify([{ zpa_group: 'A' }, { zpa_group: 'B' }]);
const TWO = snowTicket({ payload: snowPayload({}, { zpa_group: '', zpa_changes: lines }) });

/** A function that dies at a write of a change, after `written` of them; then the mapping leads to another tenant. */
async function interruptedAfter(written: number, ticket = TWO) {
  const world = createReconcileWorld();
  world.snow.tickets.set(ticket.id, ticket);
  let writes = 0;
  const ledger = interrupted(world.ledger, 'ledger', ({ method, phase }) => {
    if (method === 'writeChange' && phase === 'before') writes += 1;
    if (writes > written) throw Object.assign(new Error('dead'), { code: 'ledger-unavailable' });
  });
  await reconcileSources({ ...world.ports, ledger }, NEVER);
  expect(world.ledger.allChanges()).toHaveLength(written);
  const again = () => reconcileSources({ ...world.ports, configuration: EDITED }, NEVER);
  return { ...world, again, clock: world.ports.clock };
}

describe.each([
  { written: 0, ticket: snowTicket() },
  { written: 0, ticket: TWO },
  { written: 1, ticket: TWO },
])('an approval of which $written changes were accepted when a function died, before an edit of its mapping,', (at) => {
  const open = () => interruptedAfter(at.written, at.ticket);

  it('is told, once, that nothing more is accepted', async () => {
    const world = await open();
    for (let run = 0; run < 8; run += 1) {
      await world.clock.advance(QUARTER);
      await world.again();
    }
    expect(world.snow.comments).toHaveLength(1);
    expect(JSON.stringify(world.snow.comments)).toContain('Its acceptance was interrupted');
    expect(world.ledger.allChanges()).toHaveLength(at.written);
  });

  it('is not told so as long as its function may go on', async () => {
    const world = await open();
    await world.clock.advance(QUARTER - 1);
    await world.again();
    expect(world.snow.comments).toEqual([]);
  });

  it('is completed once the edit is undone', async () => {
    const world = await open();
    await world.clock.advance(QUARTER);
    await world.again();
    await world.run();
    const { tenant } = world.ledger.allChanges()[0]?.ref ?? {};
    expect(world.ledger.allChanges()).toHaveLength(at.ticket === TWO ? 2 : 1);
    expect(world.ledger.allChanges().every(({ ref }) => ref.tenant === tenant)).toBe(true);
  });

  it('is carried out by another approval', async () => {
    const world = await open();
    await world.clock.advance(QUARTER);
    world.snow.tickets.set(at.ticket.id, { ...at.ticket, approvals: [DAVID, AGAIN] });
    await world.again();
    const ofOther = world.ledger.allChanges().filter(({ state }) => state !== 'settled');
    expect(new Set(ofOther.map(({ ref }) => ref.tenant))).toEqual(new Set(['acme-beta']));
  });
});

it('an approval is accepted once, however long its function takes after it claimed the key', async () => {
  const world = createReconcileWorld();
  world.snow.tickets.set('CHG0031337', snowTicket());
  const slow = interrupted(world.ledger, 'ledger', async ({ method, phase }) => {
    if (method !== 'writeChange' || phase !== 'before' || world.ledger.allChanges().length > 0) return;
    await world.ports.clock.advance(8 * QUARTER);
    await reconcileSources({ ...world.ports, configuration: EDITED }, NEVER);
  });
  await reconcileSources({ ...world.ports, ledger: slow }, NEVER);
  expect(world.ledger.allChanges().map(({ ref }) => ref.tenant)).toEqual(['acme-prod']);
});
