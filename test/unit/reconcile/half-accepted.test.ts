import { expect, it } from 'vitest';
import { reconcileSources } from '../../../functions/reconcile/reconcile-sources.ts';
import { interrupted } from '../../fakes/interrupted.ts';
import { anApplied } from '../../fakes/records.ts';
import { snowPayload, snowTicket } from '../ingest/ticket-world.ts';
import { createReconcileWorld, NEVER } from './reconcile-world.ts';

const QUARTER = 15 * 60_000;
const lines = JSON.stringify(['A', 'B', 'C'].map((zpa_group) => ({ zpa_group })));
const TICKET = snowTicket({ payload: snowPayload({}, { zpa_group: '', zpa_changes: lines }) });

/** A ticket of three changes whose function died after it had entered this many. */
async function partlyAccepted(entered: number) {
  const world = createReconcileWorld();
  world.snow.tickets.set(TICKET.id, TICKET);
  let writes = 0;
  const ledger = interrupted(world.ledger, 'ledger', ({ method, phase }) => {
    if (method === 'writeChange' && phase === 'before') writes += 1;
    if (writes > entered) throw Object.assign(new Error('dead'), { code: 'ledger-unavailable' });
  });
  await reconcileSources({ ...world.ports, ledger }, NEVER);
  expect(world.ledger.allChanges()).toHaveLength(entered);
  const runLater = async () => {
    await world.ports.clock.advance(QUARTER);
    await world.run();
  };
  return { ...world, runLater };
}

it('a ticket that was accepted in part is completed by the next run', async () => {
  const world = await partlyAccepted(1);
  await world.runLater();
  expect(world.ledger.allChanges()).toMatchObject(Array.from({ length: 3 }, () => ({ state: 'queued' })));
});

it.each([
  { entered: 1, applied: 0 },
  { entered: 2, applied: 1 },
])(
  'a ticket of which $entered changes were accepted and $applied applied, which was gone and is back, is told that its approval is spent',
  async ({ entered, applied }) => {
    const world = await partlyAccepted(entered);
    for (const one of world.ledger.allChanges().slice(0, applied)) {
      await world.ledger.writeChange({ ...one, state: 'settled', outcome: anApplied() }, one.version);
    }
    world.snow.tickets.delete(TICKET.id);
    await world.runLater();
    expect(world.cancelled()).toEqual([TICKET.id]);

    world.snow.tickets.set(TICKET.id, TICKET);
    await world.runLater();
    expect(world.ledger.allChanges().filter(({ state }) => state !== 'settled')).toEqual([]);
    expect(world.ledger.allChanges()).toHaveLength(entered);
    expect(world.snow.comments).toHaveLength(1);
    expect(JSON.stringify(world.snow.comments)).toContain('ended under this approval');
  },
);
