import { equal, ok } from 'node:assert/strict';
import { sendTickets } from '../../../local/demo/send-tickets.ts';
import type { Story } from '../deployment.ts';
import { awaitFailures } from '../product/queues.ts';
import { until } from '../report/until.ts';

/**
 * A ticket in each of three systems: signed webhook, plan on the ticket, approval, effect in ZPA, answer on the ticket.
 * One of them asks for a group that is not there.
 */
export const carryTickets: Story = async (deployment, say) => {
  const { product, outside, signal } = deployment;
  const { ticketSystems, simulator } = outside;
  const world = {
    deliver: async (source: string, body: unknown) => {
      const answer = await product.deliver(source, body);
      equal(answer.status, 202, JSON.stringify(answer.body));
      return answer;
    },
    until: <Fact>(look: () => Promise<Fact | undefined>, within: AbortSignal = signal) =>
      until('an effect', { say: () => {}, signal: within }, look),
    changes: product.changes,
    awaitAnswered: () => until('the answers on the tickets', { say, signal }, product.isAnswered),
  };
  const tickets = await sendTickets({ world, systems: ticketSystems, report: say, signal });
  for (const { id, keys, plan, outcome } of tickets) {
    ok(keys.length > 0 && plan !== undefined && outcome !== undefined, `${id} has plan ${plan}, outcome ${outcome}`);
  }
  const { store } = simulator;
  equal(store.group('Intranet')?.description, 'Wiki and intranet, for every employee');
  equal(store.group('Partner Apps')?.description, 'For partners');
  const rejected = tickets.flatMap(({ id, keys }) => (id === 'REQ-7' ? keys : []));
  const failures = await awaitFailures(deployment, say, rejected);
  equal(failures.map(({ failure }) => failure.rejection.code).join(), 'group-not-found');
  return tickets.map(({ id, outcome }) => `${id}: ${outcome}`).join('\n');
};
