import { describe, expect, it } from 'vitest';
import { createReconcileHandler } from '../../../functions/reconcile/handler.ts';
import { reconcileSources } from '../../../functions/reconcile/reconcile-sources.ts';
import { lanesToSweep } from '../../../functions/sweep/lanes-to-sweep.ts';
import { failureId } from '../../../shared/domain/lane/change-ref.ts';
import { settle } from '../../../shared/domain/ledger/settlement.ts';
import { aRejected } from '../../fakes/records.ts';
import { AGAIN, DAVID, snowPayload, snowTicket, TICKET_CONFIGURATION } from '../ingest/ticket-world.ts';
import { createReconcileWorld, NEVER } from './reconcile-world.ts';

const nothing = () => ReadableStream.from<string>([]);

describe('reconciling', () => {
  it('takes an approved ticket that never arrived, once', async () => {
    const world = createReconcileWorld();
    world.snow.tickets.set('CHG0031337', snowTicket());
    expect(await world.run()).toMatchObject({ sources: 2, tickets: 1, found: 1, failed: 0 });
    expect(world.find()).toMatchObject({ state: 'queued', ticket: { approvals: [DAVID] } });
    expect(await world.run()).toMatchObject({ tickets: 1, found: 0 });
    expect(world.queue.sent).toHaveLength(1);
    expect(world.ports.meter.total('TicketsFound')).toBe(1);
  });

  it('takes a ticket that was approved long after its round began', async () => {
    const world = createReconcileWorld();
    world.snow.listApproved = async function* () {
      await world.ports.clock.advance(10 * 60_000);
      const at = new Date(world.ports.clock.now()).toISOString();
      world.snow.tickets.set('CHG0031337', snowTicket({ approvals: [{ ...DAVID, at }] }));
      yield 'CHG0031337';
    };
    expect(await world.run()).toMatchObject({ found: 1, refused: 0 });
  });

  it('takes nothing anew for the customer that a tenant has since, but under a new approval', async () => {
    const world = createReconcileWorld();
    const { ports, ledger } = world;
    world.snow.tickets.set('CHG0031337', snowTicket());
    await lanesToSweep(ports);
    expect(await world.run()).toMatchObject({ found: 1 });
    const { 'acme-prod': prod, ...others } = TICKET_CONFIGURATION.tenants;
    if (prod === undefined) throw new Error('acme-prod is configured');
    const tenants = { ...others, 'acme-prod': { ...prod, customerId: '8' } };
    const edited = { ...ports, configuration: { ...TICKET_CONFIGURATION, tenants } };
    expect(await reconcileSources(edited, NEVER)).toMatchObject({ tickets: 1, found: 0, refused: 1 });
    expect(ledger.allChanges()).toHaveLength(1);
    world.snow.tickets.set('CHG0031337', snowTicket({ approvals: [DAVID, AGAIN] }));
    expect(await reconcileSources(edited, NEVER)).toMatchObject({ found: 1 });
    expect(ledger.allChanges().map(({ ref }) => ref.lane)).toEqual(['PRODUCTION:216196257331281920', 'PRODUCTION:8']);
  });

  it('asks as far back as the source says', async () => {
    const world = createReconcileWorld();
    const asked: number[] = [];
    world.snow.listApproved = (since) => {
      asked.push(since);
      return nothing();
    };
    await world.run();
    expect(asked).toEqual([world.ports.clock.now() - 24 * 3_600_000]);
  });

  it('leaves a source that fails for the next run, and goes on with the others', async () => {
    const world = createReconcileWorld();
    world.snow.tickets.set('CHG0031337', snowTicket());
    world.snow.trouble = new Error('maintenance');
    world.other.tickets.set(
      'CHG0000002',
      snowTicket({ id: 'CHG0000002', payload: snowPayload({ number: 'CHG0000002' }) }),
    );
    expect(await world.run()).toMatchObject({ sources: 2, found: 1, failed: 1 });
    expect(world.ports.meter.total('ReconcileFailed')).toBe(1);
    world.snow.trouble = undefined;
    expect(await world.run()).toMatchObject({ found: 1, failed: 0 });
  });

  it('takes nothing that is not bound to an approval, and says so on the ticket once', async () => {
    const world = createReconcileWorld();
    world.snow.tickets.set('CHG0031337', snowTicket({ approvals: [] }));
    world.snow.tickets.set('CHG0000001', snowTicket({ id: 'CHG0000001', payload: snowPayload({ on_hold: 'true' }) }));
    for (let time = 0; time < 2; time += 1)
      expect(await world.run()).toMatchObject({ tickets: 2, found: 0, refused: 1 });
    expect(world.ledger.allChanges()).toEqual([]);
    expect(world.snow.comments).toHaveLength(1);
  });

  it('cancels what waits under an approval whose withdrawal was never delivered', async () => {
    const world = createReconcileWorld();
    const window = { start_date: '2026-12-05 22:00:00', end_date: '2026-12-06 02:00:00' };
    world.snow.tickets.set('CHG0031337', snowTicket({ payload: snowPayload(window) }));
    await world.run();
    expect(world.find()?.state).toBe('scheduled');
    world.snow.tickets.set('CHG0031337', snowTicket({ payload: snowPayload({ ...window, approval: 'rejected' }) }));
    world.snow.listApproved = nothing;
    await world.run();
    expect(world.find()?.outcome).toMatchObject({ kind: 'cancelled' });
    expect(world.ports.meter.total('ChangesCancelled')).toBe(1);
  });

  it.each([
    ['is gone', undefined],
    ['is out of scope', snowTicket({ outOfScope: 'it has another number now' })],
  ])('cancels what waits for a ticket that %s', async (_, ticket) => {
    const world = createReconcileWorld();
    const window = { start_date: '2026-12-05 22:00:00', end_date: '2026-12-06 02:00:00' };
    world.snow.tickets.set('CHG0031337', snowTicket({ payload: snowPayload(window) }));
    await world.run();
    expect(world.find()?.state).toBe('scheduled');
    world.snow.listApproved = nothing;
    if (ticket === undefined) world.snow.tickets.delete('CHG0031337');
    else world.snow.tickets.set('CHG0031337', ticket);
    await world.run();
    expect(world.find()?.outcome).toMatchObject({ kind: 'cancelled' });
    expect(world.ports.meter.total('ChangesCancelled')).toBe(1);
  });

  it.each([
    ['was withdrawn', snowTicket({ payload: snowPayload({ approval: 'rejected' }), approvals: [] })],
    ['waits for approval again', snowTicket({ payload: snowPayload({ approval: 'requested', state: '-4' }) })],
    ['is gone', undefined],
    ['stands as it was approved', snowTicket()],
  ])('looks after a ticket of which only failures are open, which %s', async (how, ticket) => {
    const world = createReconcileWorld();
    world.snow.tickets.set('CHG0031337', snowTicket());
    await world.run();
    const record = world.find();
    if (record === undefined) throw new Error('it was accepted');
    const outcome = aRejected();
    await world.ledger.writeChange({ ...record, state: 'settled', outcome, failed: true }, record.version);
    world.snow.listApproved = nothing;
    world.snow.reads.length = 0;
    if (ticket === undefined) world.snow.tickets.delete('CHG0031337');
    else world.snow.tickets.set('CHG0031337', ticket);
    await world.run();
    expect(world.snow.reads).toEqual(['CHG0031337']);
    const stands = how === 'stands as it was approved';
    expect(world.find()).toMatchObject({ failed: stands, outcome: { kind: stands ? 'rejected' : 'cancelled' } });
    await world.run();
    expect(world.snow.reads).toHaveLength(stands ? 2 : 1);
  });

  it('asks nothing about tickets of other sources, or of settled changes', async () => {
    const world = createReconcileWorld();
    world.snow.tickets.set('CHG0031337', snowTicket());
    await world.run();
    const record = world.find();
    if (record === undefined) throw new Error('it was accepted');
    world.snow.listApproved = nothing;
    world.snow.reads.length = 0;
    await world.run();
    expect([world.snow.reads, world.other.reads]).toEqual([['CHG0031337'], []]);
    const ended = settle(record, 1, { kind: 'cancelled', by: 'x', reason: 'y' }, world.ports.clock.now());
    if (ended !== undefined) await world.ledger.writeChange(ended, record.version);
    await world.run();
    expect(world.snow.reads).toEqual(['CHG0031337']);
  });

  it('takes the failure of a superseded change off the queue', async () => {
    const world = createReconcileWorld();
    world.snow.tickets.set('CHG0031337', snowTicket());
    await world.run();
    const record = world.find();
    if (record === undefined) throw new Error('it was accepted');
    const rejected = settle(record, 1, aRejected(), world.ports.clock.now());
    if (rejected !== undefined) await world.ledger.writeChange({ ...rejected, pending: [] }, record.version);
    world.snow.tickets.set('CHG0031337', snowTicket({ approvals: [DAVID, AGAIN] }));
    expect(await world.run()).toMatchObject({ found: 1 });
    expect(world.find()).toMatchObject({
      state: 'settled',
      generation: 2,
      failed: false,
      outcome: { kind: 'superseded', by: 'appr2', generation: 2 },
      history: [{ kind: 'rejected' }],
    });
    await world.run();
    expect(world.drained).toEqual([failureId(record.ref, 1)]);
  });

  it('stops when its time is over', async () => {
    const world = createReconcileWorld();
    world.snow.tickets.set('CHG0031337', snowTicket());
    expect(await reconcileSources(world.ports, AbortSignal.abort(new Error('over')))).toMatchObject({
      failed: 1,
      found: 0,
    });
  });

  it('flushes its meter whatever happens', async () => {
    const world = createReconcileWorld();
    const flushed: string[] = [];
    const meter = { ...world.ports.meter, flush: () => void flushed.push('flushed') };
    const handle = createReconcileHandler({
      ...world.ports,
      meter,
      drain: { remove: () => Promise.reject(new Error()) },
    });
    expect(await handle({}, { getRemainingTimeInMillis: () => 60_000 })).toMatchObject({ sources: 2 });
    expect(flushed).toEqual(['flushed']);
  });
});
