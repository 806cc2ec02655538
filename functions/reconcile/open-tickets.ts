import { lanesOf } from '../../shared/domain/lane/change-ref.ts';
import { openPlace } from '../../shared/domain/ledger/schedule.ts';
import type { ReconcilePorts } from './ports.ts';

const PAGE = 200;
/** The most tickets of one source in one run; later runs read the others once these are settled. */
const MAX_TICKETS = 500;

/**
 * Lists each ticket of this source that has open changes, once. A change may wait for its window for weeks; without this
 * list, a withdrawal whose delivery was lost would go unnoticed until the change is carried out.
 */
export async function* openTickets(
  { ledger, configuration }: Pick<ReconcilePorts, 'ledger' | 'configuration'>,
  source: string,
): AsyncGenerator<string> {
  const listed = new Set<string>();
  for (const lane of lanesOf(configuration).keys()) {
    for (let after = 0; ; ) {
      const page = await ledger.openChanges(lane, PAGE, after);
      for (const { ref, state, ticket } of page) {
        if (ref.source !== source || state === 'settled' || listed.has(ticket.id)) continue;
        if (listed.size >= MAX_TICKETS) return;
        listed.add(ticket.id);
        yield ticket.id;
      }
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      after = openPlace(last);
    }
  }
}
