import { expect, it } from 'vitest';
import { reconcileSources } from '../../../functions/reconcile/reconcile-sources.ts';
import type { SourceConfiguration } from '../../../shared/domain/configuration/configuration.ts';
import { accessTo } from '../../fakes/memory-tickets.ts';
import { createPlanWorld, TICKET } from '../plan/plan-world.ts';
import { createReconcileWorld, NEVER } from '../reconcile/reconcile-world.ts';

it.each<[string, (source: SourceConfiguration) => Record<string, SourceConfiguration>, boolean]>([
  ['was renamed', (desk) => ({ renamed: desk }), true],
  ['got its system in another spelling', (desk) => ({ desk: { ...desk, system: ' desk' } }), true],
  ['is of another ticket system now', (desk) => ({ desk: { ...desk, system: 'Other' } }), false],
])('a ticket was planned, and its source %s before it was approved', async (_, edit, isHeld) => {
  const planning = createPlanWorld();
  planning.put({ group: { name: 'Web' }, set: { enabled: false } });
  await planning.ask();
  const { tickets: system, plans: planned } = planning;
  const ticket = system.tickets.get(TICKET);
  const { desk, ...others } = planning.ports.configuration.sources;
  if (ticket === undefined || desk === undefined) throw new Error('it was put there');
  const at = new Date(planning.clock.now()).toISOString();
  const approved = {
    ...ticket,
    payload: { ...Object(ticket.payload), status: 'approved' },
    approvals: [{ by: 'eve', at, ref: 'a1' }],
  };
  system.tickets.set(TICKET, approved);

  const { ports, ledger } = createReconcileWorld();
  const sources = { ...others, ...edit(desk) };
  const configuration = { ...planning.ports.configuration, sources };
  const tickets = accessTo(Object.fromEntries(Object.keys(sources).map((name) => [name, system])));
  await reconcileSources({ ...ports, clock: planning.clock, configuration, planned, tickets }, NEVER);
  expect(ledger.allChanges().map(({ plan }) => plan !== undefined)).toEqual([isHeld]);
});
