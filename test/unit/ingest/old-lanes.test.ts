import { describe, expect, it } from 'vitest';
import { reconcileSources } from '../../../functions/reconcile/reconcile-sources.ts';
import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { rawUpdate } from '../domain/sample-changes.ts';
import { createReconcileWorld, NEVER } from '../reconcile/reconcile-world.ts';
import { createIngestWorld, CONFIGURATION as PLAIN, read } from './ingest-world.ts';
import { createTicketWorld, snowPayload, snowTicket, TICKET_CONFIGURATION } from './ticket-world.ts';

/** Changes whose tenant was removed, renamed, or got another customer, since they were accepted: no tenant has their lane. */

const NUMBER = 'CHG0031337';
const WINDOW = { start_date: '2026-12-05 22:00:00' };
const withdrawn = snowPayload({ ...WINDOW, approval: 'rejected' });

type Edit = [how: string, edit: (tenants: Configuration['tenants']) => Configuration['tenants']];

const { 'acme-prod': prod, ...others } = TICKET_CONFIGURATION.tenants;
if (prod === undefined) throw new Error('acme-prod is configured');
const edits: Edit[] = [
  ['was removed', () => others],
  ['was renamed', () => ({ ...others, acme: prod })],
  ['has another customer', () => ({ ...others, 'acme-prod': { ...prod, customerId: '8' } })],
];

describe.each(edits)('a ticket whose tenant %s', (_, edit) => {
  const configuration = { ...TICKET_CONFIGURATION, tenants: edit(TICKET_CONFIGURATION.tenants) };

  it('has its scheduled changes cancelled when it is withdrawn', async () => {
    const world = createTicketWorld();
    world.tickets.tickets.set(NUMBER, snowTicket({ payload: snowPayload(WINDOW) }));
    expect((await world.send(snowPayload(WINDOW), { source: 'snow' })).statusCode).toBe(202);
    expect(world.ledger.allChanges()).toMatchObject([{ state: 'scheduled' }]);
    const later = createTicketWorld({ configuration, ledger: world.ledger, knownLanes: world.knownLanes });
    later.tickets.tickets.set(NUMBER, snowTicket({ payload: withdrawn }));
    const answer = read(await later.send(withdrawn, { source: 'snow' }));
    expect(answer.body).toMatchObject({ result: 'withdrawn', cancelled: 1 });
    expect(world.ledger.allChanges()).toMatchObject([{ outcome: { kind: 'cancelled' } }]);
  });

  it('has them cancelled by reconciling when its withdrawal was lost', async () => {
    const { ports, snow, run, cancelled } = createReconcileWorld();
    snow.tickets.set(NUMBER, snowTicket({ payload: snowPayload(WINDOW) }));
    await run();
    snow.tickets.set(NUMBER, snowTicket({ payload: withdrawn }));
    snow.listApproved = () => ReadableStream.from<string>([]);
    expect(await reconcileSources({ ...ports, configuration }, NEVER)).toMatchObject({ failed: 0 });
    expect(cancelled()).toEqual([NUMBER]);
  });

  it('can be asked back by its source', async () => {
    const world = createIngestWorld();
    await world.send(rawUpdate({ set: { enabled: true }, notBefore: '2027-01-01T00:00:00Z' }));
    const { ledger, knownLanes } = world;
    const edited = { ...PLAIN, tenants: edit(PLAIN.tenants) };
    const later = createIngestWorld({ ledger, knownLanes, configuration: edited });
    const cancel = [{ idempotencyKey: 'CHG0031337/1@APPR0007', tenant: 'acme-prod', reason: 'not wanted' }];
    expect(read(await later.send({ cancel }))).toMatchObject({
      status: 200,
      body: { results: [{ result: 'cancelled' }] },
    });
  });
});

describe('a lane that cannot be read', () => {
  it('leaves the changes of a ticket unknown: nothing is decided on the others', async () => {
    const world = createTicketWorld();
    world.tickets.tickets.set(NUMBER, snowTicket({ payload: withdrawn }));
    const { changesOf } = world.ledger;
    world.ledger.changesOf = (scope, prefix) =>
      scope.tenant === 'acme-beta' ? Promise.reject(new Error('throttled')) : changesOf(scope, prefix);
    expect((await world.send(withdrawn, { source: 'snow' })).statusCode).toBe(503);
    world.knownLanes.read = () => Promise.reject(new Error('throttled'));
    Object.assign(world.ledger, { changesOf });
    expect((await world.send(withdrawn, { source: 'snow' })).statusCode).toBe(503);
  });
});
