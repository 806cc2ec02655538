import { isUnfinished } from '../../shared/accept/tickets/ticket-revisions.ts';
import { formerSources } from '../../shared/domain/configuration/former-sources.ts';
import type { ChangeRef, Lane } from '../../shared/domain/lane/change-ref.ts';
import { everyOpenChange } from '../../shared/ledger/every-open-change.ts';
import { tenantLanes } from '../../shared/ledger/tenant-lanes.ts';
import type { UnreadableRecord } from '../../shared/ports/ports.ts';
import { fromAnywhere } from './from-anywhere.ts';
import type { ReconcilePorts } from './ports.ts';

/** The most tickets of one source in one run: reading 500 takes most of its time. */
const MAX_TICKETS = 500;

/** The open changes or failures of some lanes could not be listed; the tickets of the other lanes were. */
class OpenTicketsError extends Error {
  override readonly name = 'OpenTicketsError';
  readonly code = 'open-tickets-incomplete';
}

/**
 * Lists each ticket of this source, or of one that took it before, that has open changes or failures and was not
 * `processed` in this run, once, also in lanes that no tenant has any more. A change may wait for its window for weeks,
 * and a failure for its redrive; without this list, a withdrawal whose delivery was lost would go unnoticed until the
 * change is carried out. Each run begins anywhere in the list. Of more tickets than one run reads, `onLeft` gets the
 * number of the others. A lane that cannot be read leaves the others alone; the list rejects at its end then.
 */
export async function* openTickets(
  ports: ReconcilePorts,
  source: string,
  { processed, onLeft }: { processed: ReadonlySet<string>; onLeft: (count: number) => void },
): AsyncGenerator<string> {
  const { listed, unread } = await listTickets(ports, source);
  const open = [...listed].filter((id) => !processed.has(id));
  yield* fromAnywhere(ports.chance, open).slice(0, MAX_TICKETS);
  if (open.length > MAX_TICKETS) onLeft(open.length - MAX_TICKETS);
  if (unread.size > 0) throw new OpenTicketsError(`open changes were not read of lanes: ${[...unread].join(', ')}`);
}

async function listTickets(ports: ReconcilePorts, source: string): Promise<{ listed: Set<string>; unread: Set<Lane> }> {
  const listed = new Set<string>();
  const { sources: known = [] } = await ports.knownLanes.read();
  const isOurs = (ref: ChangeRef, ticketId: string) =>
    ref.source === source ||
    formerSources(ports.configuration.sources, known, { source, ticketId }).includes(ref.source);
  const unread = new Set<Lane>();
  for (const lane of new Set((await tenantLanes(ports)).map((one) => one.lane))) {
    const fail = (error: unknown) => {
      unread.add(lane);
      reportUnread(ports, { source, lane }, error);
    };
    const isUnread = (one: UnreadableRecord) => fail(new Error(`${one.key}: ${one.why}`));
    for (const list of [everyOpenChange(ports, lane, isUnread), ports.ledger.failedChanges(lane, isUnread)]) {
      try {
        for await (const record of list) {
          if (isUnfinished(record) && isOurs(record.ref, record.ticket.id)) listed.add(record.ticket.id);
        }
      } catch (error) {
        fail(error);
      }
    }
  }
  return { listed, unread };
}

function reportUnread({ log, meter }: ReconcilePorts, at: { source: string; lane: Lane }, error: unknown): void {
  log.error('open changes of a lane could not be read', { ...at, error });
  meter.count('ReconcileLaneFailed', 1, { lane: at.lane });
}
