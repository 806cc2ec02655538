import { type Lane, lanesOf } from '../../shared/domain/lane/change-ref.ts';
import { openPlace } from '../../shared/domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { ReconcilePorts } from './ports.ts';

const PAGE = 200;
/** The most tickets of one source in one run: reading 500 takes most of its time. */
const MAX_TICKETS = 500;

/** The open changes of some lanes could not be listed; the tickets of the other lanes were. */
class OpenTicketsError extends Error {
  override readonly name = 'OpenTicketsError';
  readonly code = 'open-tickets-incomplete';
}

/**
 * Lists each ticket of this source that has open changes and was not `processed` in this run, once. A change may wait for
 * its window for weeks; without this list, a withdrawal whose delivery was lost would go unnoticed until the change is
 * carried out. Of more tickets than one run reads, each run begins anywhere in the list, so that none is left for ever, and
 * `onLeft` gets the number of the others. A lane that cannot be read leaves the others alone; the list rejects at its end
 * then.
 */
export async function* openTickets(
  ports: ReconcilePorts,
  source: string,
  { processed, onLeft }: { processed: ReadonlySet<string>; onLeft: (count: number) => void },
): AsyncGenerator<string> {
  const { listed, unread } = await listTickets(ports, source);
  const open = [...listed].filter((id) => !processed.has(id));
  const first = open.length > MAX_TICKETS ? Math.floor(ports.chance.random() * open.length) : 0;
  yield* [...open.slice(first), ...open.slice(0, first)].slice(0, MAX_TICKETS);
  if (open.length > MAX_TICKETS) onLeft(open.length - MAX_TICKETS);
  if (unread.length > 0) throw new OpenTicketsError(`open changes were not read of lanes: ${unread.join(', ')}`);
}

async function listTickets(ports: ReconcilePorts, source: string): Promise<{ listed: Set<string>; unread: Lane[] }> {
  const listed = new Set<string>();
  const unread: Lane[] = [];
  for (const lane of lanesOf(ports.configuration).keys()) {
    try {
      for await (const { ref, state, ticket } of openChanges(ports, lane)) {
        if (ref.source === source && state !== 'settled') listed.add(ticket.id);
      }
    } catch (error) {
      unread.push(lane);
      ports.log.error('open changes of a lane could not be read', { source, lane, error });
      ports.meter.count('ReconcileLaneFailed', 1, { lane });
    }
  }
  return { listed, unread };
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
