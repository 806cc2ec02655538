import { describe, expect, it } from 'vitest';
import { reconcileSources } from '../../../functions/reconcile/reconcile-sources.ts';
import { lanesToSweep } from '../../../functions/sweep/lanes-to-sweep.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { accessTo } from '../../fakes/memory-tickets.ts';
import { AGAIN, DAVID, snowTicket, TICKET_CONFIGURATION } from '../ingest/ticket-world.ts';
import { createReconcileWorld, NEVER } from '../reconcile/reconcile-world.ts';

/** An approved ticket is found again after its source or its tenant got another name: its approval is spent. */

const { tenants, sources } = TICKET_CONFIGURATION;
const { 'acme-prod': prod, ...otherTenants } = tenants;
const { snow, ...otherSources } = sources;
const grants = (tenant: string) => snow?.grants.map((one) => ({ ...one, tenants: [tenant] }));
const mapping = (tenant: string) => ({ preset: 'servicenow-change', rows: { tenant: { value: tenant } } });
const askingFor = (tenant: string) => ({ ...snow, grants: grants(tenant), mapping: mapping(tenant) });

const RENAMED: Record<string, object> = {
  source: { tenants, sources: { renamed: snow } },
  tenant: { tenants: { renamed: prod, ...otherTenants }, sources: { snow: askingFor('renamed') } },
  'source and tenant': { tenants: { renamed: prod }, sources: { renamed: askingFor('renamed') } },
};

async function renamed(edit: object | undefined) {
  const world = createReconcileWorld();
  await lanesToSweep(world.ports);
  world.snow.tickets.set('CHG0031337', snowTicket());
  await world.run();
  const ports = {
    ...world.ports,
    configuration: configurationSchema.parse({ ...TICKET_CONFIGURATION, ...edit }),
    tickets: accessTo({ snow: world.snow, renamed: world.snow, other: world.other }),
  };
  return { ...world, again: () => reconcileSources(ports, NEVER) };
}

describe.each(Object.keys(RENAMED))('a ticket that was accepted before its %s was renamed', (what) => {
  it('is not accepted again under the same approval, and nothing is said on it', async () => {
    const world = await renamed(RENAMED[what]);
    expect(await world.again()).toMatchObject({ tickets: 1, found: 0, failed: 0 });
    expect(world.ledger.allChanges()).toHaveLength(1);
    expect(world.snow.comments).toEqual([]);
  });

  it('is accepted under another one', async () => {
    const world = await renamed(RENAMED[what]);
    world.snow.tickets.set('CHG0031337', snowTicket({ approvals: [DAVID, AGAIN] }));
    expect(await world.again()).toMatchObject({ found: 1 });
  });
});

it('a source of another ticket system may have a ticket of that number', async () => {
  const elsewhere = { ...snow, system: 'another' };
  const world = await renamed({ sources: { ...otherSources, renamed: elsewhere } });
  expect(await world.again()).toMatchObject({ found: 1 });
});
