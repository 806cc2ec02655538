import { expect, it } from 'vitest';
import { contentFingerprint } from '../../../shared/domain/plan/plan-binding.ts';
import { createMemoryPlans } from '../../fakes/memory-plans.ts';
import { createTicketWorld, snowPayload, snowTicket } from './ticket-world.ts';

const PLAN = { hash: 'a'.repeat(64), resolved: ['216196257331404691'], exposes: null };

/** The accepted changes of the ticket, if `planned` of it was stored before. */
async function accepted(planned: ReadonlyMap<string, typeof PLAN>) {
  const plans = createMemoryPlans();
  await plans.bind('servicenow', 'CHG0031337', planned, 2);
  const world = createTicketWorld({ planned: plans });
  world.tickets.tickets.set('CHG0031337', snowTicket());
  await world.send(snowPayload(), { source: 'snow' });
  const [record] = world.ledger.allChanges();
  if (record === undefined) throw new Error('it was not accepted');
  return record;
}

it('an approved change carries the plan that was made of it, and no other', async () => {
  const unplanned = await accepted(new Map([['of something else', PLAN]]));
  expect(unplanned).not.toHaveProperty('plan');
  const planned = await accepted(new Map([[contentFingerprint(unplanned.change), PLAN]]));
  expect(planned).toMatchObject({ plan: PLAN, fingerprint: unplanned.fingerprint });
});
