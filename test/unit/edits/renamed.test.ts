import { describe, expect, it } from 'vitest';
import { reconcileSources } from '../../../functions/reconcile/reconcile-sources.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { meetAtEachCall } from '../../fakes/meeting.ts';
import { accessTo } from '../../fakes/memory-tickets.ts';
import { AGAIN, DAVID, snowPayload, snowTicket, TICKET_CONFIGURATION } from '../ingest/ticket-world.ts';
import { createReconcileWorld, NEVER } from '../reconcile/reconcile-world.ts';

type ReconcileWorld = ReturnType<typeof createReconcileWorld>;

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
  'its source was renamed and led to another tenant': { sources: { renamed: askingFor('acme-beta') } },
  'its source was renamed and led to another tenant of its customer': {
    tenants: { ...tenants, 'acme-two': prod },
    sources: { renamed: askingFor('acme-two') },
  },
  'another source took its table over for another tenant of its customer': {
    tenants: { ...tenants, 'acme-two': prod },
    sources: { snow, renamed: askingFor('acme-two') },
  },
  'its mapping led to another tenant': { sources: { snow: askingFor('acme-beta') } },
};

/** Reconciles by these settings; `system` is the ticket system of their last source. */
function takeBy(settings: object | undefined, system: ReconcileWorld['snow'], ports: ReconcileWorld['ports']) {
  const configuration = configurationSchema.parse(settings);
  const tickets = accessTo({ [Object.keys(configuration.sources).at(-1) ?? '']: system });
  return reconcileSources({ ...ports, configuration, tickets }, NEVER);
}

async function editedAfter(edit: object | undefined, payload = snowPayload()) {
  const world = createReconcileWorld();
  world.snow.tickets.set('CHG0031337', snowTicket({ payload }));
  await world.run();
  await world.ports.clock.advance(1000);
  return { ...world, again: () => takeBy({ ...TICKET_CONFIGURATION, ...edit }, world.snow, world.ports) };
}

describe.each(Object.entries(EDITS))('a ticket that was accepted before %s', (_, edit) => {
  it('is not accepted again under the same approval, and nothing is said on it', async () => {
    const world = await editedAfter(edit);
    expect(await world.again()).toMatchObject({ tickets: 1, found: 0, failed: 0 });
    expect(world.ledger.allChanges()).toHaveLength(1);
    expect(world.snow.comments).toEqual([]);
  });

  it('is accepted once, wherever two functions meet of which one works by the settings of before', async () => {
    const calls = await meetAtEachCall(() => {
      const { ports, snow: system, ledger } = createReconcileWorld();
      system.tickets.set('CHG0031337', snowTicket());
      return {
        ports: { ledger, knownLanes: ports.knownLanes },
        program: (over) => takeBy({ ...TICKET_CONFIGURATION, ...edit }, system, { ...ports, ...over }),
        other: () => takeBy({ ...TICKET_CONFIGURATION, sources: { snow } }, system, ports),
        judge: () => expect(ledger.allChanges()).toHaveLength(1),
      };
    });
    expect(calls).toBeGreaterThan(10);
  });

  it.each(['earlier', 'later'])(
    'is carried out by its later approval alone, wherever two functions meet that accept one each, the %s by the settings of before',
    async (which) => {
      const settings = [
        { ...TICKET_CONFIGURATION, sources: { snow } },
        { ...TICKET_CONFIGURATION, ...edit },
      ];
      const [first, second] = which === 'earlier' ? settings : settings.toReversed();
      await meetAtEachCall(() => {
        const { ports, snow: system, ledger } = createReconcileWorld();
        system.tickets.set('CHG0031337', snowTicket());
        return {
          ports: { ledger, knownLanes: ports.knownLanes },
          program: (over) => takeBy(first, system, { ...ports, ...over }),
          other() {
            system.tickets.set('CHG0031337', snowTicket({ approvals: [DAVID, AGAIN] }));
            return takeBy(second, system, ports);
          },
          judge() {
            const open = ledger.allChanges().filter(({ state }) => state !== 'settled');
            expect(open.map(({ ref }) => ref.idempotencyKey)).toEqual(['CHG0031337/1@appr2']);
          },
        };
      });
    },
  );

  it('is accepted under another one', async () => {
    const world = await editedAfter(edit);
    world.snow.tickets.set('CHG0031337', snowTicket({ approvals: [DAVID, AGAIN] }));
    expect(await world.again()).toMatchObject({ found: 1 });
  });
});

describe('the scheduled change of a ticket whose table another source took over', () => {
  const payload = snowPayload({ start_date: '2026-12-20 08:00:00' });
  const address = (of: object) => ({ kind: 'servicenow', url: 'https://acme.service-now.example', ...of });
  const readable = { ...snow, tickets: address({ tables: { RITM: { table: 'sc_req_item' } } }) };
  const keeper = { ...snow, system: 'other', tickets: address({ tables: { CHG: { table: 'change_request' } } }) };

  it.each<[string, object]>([
    ['by another name', { renamed: snow }],
    ['beside it', { snow, renamed: snow }],
    ['at its address, under another name of the system', { snow: readable, renamed: keeper }],
  ])('%s is cancelled with its approval', async (_, edited) => {
    const world = await editedAfter({ sources: edited }, payload);
    const withdrawn = { ...payload, record: { ...payload.record, approval: 'rejected' } };
    world.snow.tickets.set('CHG0031337', snowTicket({ payload: withdrawn, approvals: [] }));
    world.snow.listApproved = () => ReadableStream.from<string>([]);
    await world.again();
    expect(world.find()).toMatchObject({ outcome: { kind: 'cancelled', by: 'renamed' } });
  });

  it('is superseded by another approval', async () => {
    const world = await editedAfter({ sources: { snow, renamed: snow } }, payload);
    world.snow.tickets.set('CHG0031337', snowTicket({ approvals: [DAVID, AGAIN] }));
    expect(await world.again()).toMatchObject({ found: 1 });
    expect(world.find()).toMatchObject({ outcome: { kind: 'superseded', by: 'appr2' } });
  });

  it('stays while its own source takes the table, though another of its system does not see it', async () => {
    const world = await editedAfter(
      { sources: { snow: { ...snow, tickets: keeper.tickets }, renamed: readable } },
      payload,
    );
    world.snow.tickets.clear();
    await world.again();
    expect(world.find()).toMatchObject({ state: 'scheduled' });
  });
});

it('a source of another ticket system may have a ticket of that number', async () => {
  const elsewhere = { ...snow, system: 'another' };
  const world = await editedAfter({ sources: { ...otherSources, renamed: elsewhere } });
  expect(await world.again()).toMatchObject({ found: 1 });
});
