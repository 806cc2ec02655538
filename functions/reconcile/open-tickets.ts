import { lanesOf } from '../../shared/domain/lane/change-ref.ts';
import { openPlace } from '../../shared/domain/ledger/schedule.ts';
import type { ReconcilePorts } from './ports.ts';

const PAGE = 200;
/** Of one source in one run; the rest have their turn once these are settled. */
const MOST_TICKETS = 500;

/**
 * Tickets of this source whose changes have not been carried out, each once: those that wait for their window are why this
 * is asked, since a withdrawal that was not delivered would not be known before it is too late.
 */
export async function* openTickets(
  { ledger, configuration }: Pick<ReconcilePorts, 'ledger' | 'configuration'>,
  source: string,
): AsyncGenerator<string> {
  const seen = new Set<string>();
  for (const lane of lanesOf(configuration).keys()) {
    for (let after = 0; ; ) {
      const page = await ledger.openChanges(lane, PAGE, after);
      for (const { ref, state, ticket } of page) {
        if (ref.source !== source || state === 'settled' || seen.has(ticket.id)) continue;
        if (seen.size >= MOST_TICKETS) return;
        seen.add(ticket.id);
        yield ticket.id;
      }
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      after = openPlace(last);
    }
  }
}
