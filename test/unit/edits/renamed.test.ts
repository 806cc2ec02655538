import { describe, expect, it } from 'vitest';
import { reconcileSources } from '../../../functions/reconcile/reconcile-sources.ts';
import { lanesToSweep } from '../../../functions/sweep/lanes-to-sweep.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { accessTo } from '../../fakes/memory-tickets.ts';
import { AGAIN, DAVID, snowTicket, TICKET_CONFIGURATION } from '../ingest/ticket-world.ts';
import { createReconcileWorld, NEVER } from '../reconcile/reconcile-world.ts';

/** An approved ticket is found again after the configuration gave its change another key: its approval is spent. */

const { tenants, sources } = TICKET_CONFIGURATION;
const { 'acme-prod': prod, ...otherTenants } = tenants;
const { snow, ...otherSources } = sources;
const grants = (tenant: string) => snow?.grants.map((one) => ({ ...one, tenants: [tenant] }));
const mapping = (tenant: string) => ({ preset: 'servicenow-change', rows: { tenant: { value: tenant } } });
const askingFor = (tenant: string) => ({ ...snow, grants: grants(tenant), mapping: mapping(tenant) });

const EDITS: Record<string, object> = {
  'its source was renamed': { sources: { renamed: snow } },
  'its tenant was renamed': { tenants: { renamed: prod, ...otherTenants }, sources: { snow: askingFor('renamed') } },
  'both were renamed': { tenants: { renamed: prod }, sources: { renamed: askingFor('renamed') } },
  'another source took its table over': { sources: { snow, renamed: snow } },
  'its mapping led to another tenant': { sources: { snow: askingFor('acme-beta') } },
};

async function editedAfter(edit: object | undefined) {
  const world = createReconcileWorld();
  await lanesToSweep(world.ports);
  world.snow.tickets.set('CHG0031337', snowTicket());
  await world.run();
  const ports = {
    ...world.ports,
    configuration: configurationSchema.parse({ ...TICKET_CONFIGURATION, ...edit }),
  };
  ports.tickets = accessTo({ [Object.keys(ports.configuration.sources).at(-1) ?? '']: world.snow });
  return { ...world, again: () => reconcileSources(ports, NEVER) };
}

describe.each(Object.entries(EDITS))('a ticket that was accepted before %s', (_, edit) => {
  it('is not accepted again under the same approval, and nothing is said on it', async () => {
    const world = await editedAfter(edit);
    expect(await world.again()).toMatchObject({ tickets: 1, found: 0, failed: 0 });
    expect(world.ledger.allChanges()).toHaveLength(1);
    expect(world.snow.comments).toEqual([]);
  });

  it('is accepted under another one', async () => {
    const world = await editedAfter(edit);
    world.snow.tickets.set('CHG0031337', snowTicket({ approvals: [DAVID, AGAIN] }));
    expect(await world.again()).toMatchObject({ found: 1 });
  });
});

it('a source of another ticket system may have a ticket of that number', async () => {
  const elsewhere = { ...snow, system: 'another' };
  const world = await editedAfter({ sources: { ...otherSources, renamed: elsewhere } });
  expect(await world.again()).toMatchObject({ found: 1 });
});
