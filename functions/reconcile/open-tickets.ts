import { type Lane, lanesOf } from '../../shared/domain/lane/change-ref.ts';
import { openPlace } from '../../shared/domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { ReconcilePorts } from './ports.ts';

const PAGE = 200;
/** The most tickets of one source in one run; later runs read the others once these are settled. */
const MAX_TICKETS = 500;

/** The open changes of some lanes could not be listed; the tickets of the other lanes were. */
class OpenTicketsError extends Error {
  override readonly name = 'OpenTicketsError';
  readonly code = 'open-tickets-incomplete';
}

/**
 * Lists each ticket of this source that has open changes, once. A change may wait for its window for weeks; without this
 * list, a withdrawal whose delivery was lost would go unnoticed until the change is carried out. A lane that cannot be read
 * leaves the others alone; the list rejects at its end then.
 */
export async function* openTickets(ports: ReconcilePorts, source: string): AsyncGenerator<string> {
  const listed = new Set<string>();
  const unread: Lane[] = [];
  for (const lane of lanesOf(ports.configuration).keys()) {
    if (listed.size >= MAX_TICKETS) break;
    try {
      for await (const { ref, state, ticket } of openChanges(ports, lane)) {
        if (ref.source !== source || state === 'settled' || listed.has(ticket.id)) continue;
        if (listed.size >= MAX_TICKETS) break;
        listed.add(ticket.id);
        yield ticket.id;
      }
    } catch (error) {
      unread.push(lane);
      ports.log.error('open changes of a lane could not be read', { source, lane, error });
      ports.meter.count('ReconcileLaneFailed', 1, { lane });
    }
  }
  if (unread.length > 0) throw new OpenTicketsError(`open changes were not read of lanes: ${unread.join(', ')}`);
}

async function* openChanges({ ledger }: Pick<ReconcilePorts, 'ledger'>, lane: Lane): AsyncGenerator<ChangeRecord> {
  for (let after = 0; ; ) {
    const page = await ledger.openChanges(lane, PAGE, after);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = openPlace(last);
  }
}
