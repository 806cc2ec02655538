import { describe, expect, it } from 'vitest';
import { snowPayload, snowTicket, TICKET_CONFIGURATION } from '../ingest/ticket-world.ts';
import { createReconcileWorld } from './reconcile-world.ts';

describe('more tickets of open changes than one run reads', () => {
  /** So many tickets, each with a change that waits for its window, none of them listed. */
  async function waiting(count: number) {
    const { snow, ...others } = TICKET_CONFIGURATION.sources;
    if (snow === undefined) throw new Error('it is configured');
    const grants = snow.grants.map((grant) => ({ ...grant, changesPerHour: 10_000 }));
    const world = createReconcileWorld({ ...TICKET_CONFIGURATION, sources: { ...others, snow: { ...snow, grants } } });
    const ids = Array.from({ length: count }, (_, n) => `CHG${1_000_000 + n}`);
    const set = (fields: object) => {
      for (const id of ids) {
        const payload = snowPayload({ number: id, start_date: '2026-12-05 22:00:00', ...fields });
        world.snow.tickets.set(id, snowTicket({ id, payload }));
      }
    };
    set({});
    expect(await world.run()).toMatchObject({ found: count, partial: 0, failed: 0 });
    world.snow.listApproved = () => ReadableStream.from<string>([]);
    return { world, set };
  }

  it('are left for the next runs, and the run says how many', async () => {
    const { world, set } = await waiting(510);
    set({ approval: 'rejected' });
    expect(await world.run()).toMatchObject({ tickets: 500, partial: 1, failed: 0 });
    expect(world.cancelled()).toHaveLength(500);
    const left = { name: 'OpenTicketsLeft', value: 10, dimensions: { source: 'snow' } };
    expect(world.ports.meter.counts).toContainEqual(left);
    expect(await world.run()).toMatchObject({ tickets: 10, partial: 0, failed: 0 });
    expect(world.cancelled()).toHaveLength(510);
  });

  it('are read by one run or another, as each begins elsewhere', async () => {
    const { world } = await waiting(501);
    const read = new Set<string>();
    for (let run = 0; run < 2; run += 1) {
      world.snow.reads.length = 0;
      expect(await world.run()).toMatchObject({ tickets: 500, partial: 1 });
      for (const id of world.snow.reads) read.add(id);
    }
    expect(read.size).toBe(501);
  });
});
