import { describe, expect, it } from 'vitest';
import type { ReconcilePorts } from '../../../functions/reconcile/ports.ts';
import { reconcileSources } from '../../../functions/reconcile/reconcile-sources.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { accessTo } from '../../fakes/memory-tickets.ts';
import {
  AGAIN,
  createTicketWorld,
  DAVID,
  snowPayload,
  snowTicket,
  TICKET_CONFIGURATION,
} from '../ingest/ticket-world.ts';
import { createReconcileWorld, NEVER } from '../reconcile/reconcile-world.ts';

/** A ticket whose changes were accepted is found again after an edit of the configuration that would refuse it. */

const { tenants, sources } = TICKET_CONFIGURATION;
const snow = sources.snow ?? {};
const withSnow = (over: object) => ({ ...TICKET_CONFIGURATION, sources: { ...sources, snow: { ...snow, ...over } } });
const grant = { tenants: ['acme-prod'], actions: ['update'], groups: ['Other'] };

const EDITS: Record<string, object> = {
  'a grant was narrowed': withSnow({ grants: [grant] }),
  'its grants were taken': withSnow({ grants: [] }),
  'its tenant has microtenants now': {
    ...TICKET_CONFIGURATION,
    tenants: { ...tenants, 'acme-prod': { ...tenants['acme-prod'], microtenants: { a: '1', b: '2' } } },
  },
  'the mapping reads another field': withSnow({
    mapping: { preset: 'servicenow-change', rows: { tenant: { value: 'acme-prod' }, action: { from: 'record.none' } } },
  }),
  'a plan is required': withSnow({ approval: { gate: { preset: 'servicenow-change' }, requirePlan: true } }),
};

async function foundAgain(edit: object, ...lines: ReturnType<typeof snowTicket>[]) {
  const world = createReconcileWorld();
  for (const line of lines) world.snow.tickets.set(line.id, line);
  await world.run();
  const ports = { ...world.ports, configuration: configurationSchema.parse(edit) };
  return { ...world, again: (over: Partial<ReconcilePorts> = {}) => reconcileSources({ ...ports, ...over }, NEVER) };
}

describe.each(Object.entries(EDITS))('a ticket that is found again, and %s', (_, edit) => {
  it('is not refused on the ticket: what was accepted goes on', async () => {
    const world = await foundAgain(edit, snowTicket());
    expect(await world.again()).toMatchObject({ tickets: 1, refused: 0, failed: 0, unread: 0 });
    expect(world.snow.comments).toEqual([]);
    expect(world.ledger.allChanges()).toMatchObject([{ state: 'queued' }]);
  });

  it('is refused under another approval', async () => {
    const world = await foundAgain(edit, snowTicket());
    world.snow.tickets.set('CHG0031337', snowTicket({ approvals: [DAVID, AGAIN] }));
    expect(await world.again()).toMatchObject({ refused: 1 });
  });
});

describe('a ticket of which not everything was accepted', () => {
  const lines = (...groups: string[]) => ({
    zpa_group: '',
    zpa_changes: JSON.stringify(groups.map((zpa_group) => ({ zpa_group }))),
  });
  const asking = (...groups: string[]) => snowTicket({ payload: snowPayload({}, lines(...groups)) });

  it('is refused, and told so: a line came to it', async () => {
    const world = await foundAgain(EDITS['a grant was narrowed'] ?? {}, asking('A'));
    world.snow.tickets.set('CHG0031337', asking('A', 'B'));
    expect(await world.again()).toMatchObject({ refused: 1 });
    expect(world.snow.comments).toHaveLength(1);
  });

  it('is refused where the mapping has faults: the process died between its changes', async () => {
    const world = await foundAgain(EDITS['the mapping reads another field'] ?? {}, asking('A', 'B'));
    const [first] = world.ledger.allChanges();
    if (first === undefined) throw new Error('two were accepted');
    const ledger: ReconcilePorts['ledger'] = {
      ...world.ledger,
      changesOf: async ({ tenant }) => (tenant === first.ref.tenant ? [first] : []),
    };
    expect(await world.again({ ledger })).toMatchObject({ refused: 1 });
  });
});

describe('a ticket that was accepted by its trusted payload, once its source is read back', () => {
  /** The approval of DAVID as the payload calls it. */
  const inPayload = { ...DAVID, id: '4711' };

  async function readBack(...approvals: (typeof DAVID)[]) {
    const before = createTicketWorld();
    const payload = { ...snowPayload({ start_date: '2026-12-20 08:00:00' }), approval: inPayload };
    expect((await before.send(payload, { source: 'trusted' })).statusCode).toBe(202);
    const { trusted } = sources;
    const configuration = configurationSchema.parse({
      ...TICKET_CONFIGURATION,
      sources: { trusted: { ...trusted, approval: sources.snow?.approval } },
    });
    const world = createReconcileWorld(configuration);
    world.snow.tickets.set('CHG0031337', snowTicket({ payload, approvals }));
    const { ledger, knownLanes } = before;
    await reconcileSources({ ...world.ports, ledger, knownLanes, tickets: accessTo({ trusted: world.snow }) }, NEVER);
    return ledger.allChanges().map(({ ref, state }) => [ref.idempotencyKey, state]);
  }

  it('is not accepted again under the id by which its system calls the approval', async () => {
    expect(await readBack(DAVID)).toEqual([['CHG0031337/1@4711', 'scheduled']]);
  });

  it('is accepted under another approval', async () => {
    expect(await readBack(DAVID, AGAIN)).toContainEqual(['CHG0031337/1@appr2', 'scheduled']);
  });
});
