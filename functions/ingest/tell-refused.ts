import * as z from 'zod';
import { setTicket } from '../../shared/accept/changes/set-ticket.ts';
import { commentOnFaults, commentRefusal, type RefusalComment } from '../../shared/accept/tickets/comment-refusal.ts';
import { ticketSchema } from '../../shared/domain/change/change.ts';
import type { ChangeFault } from '../../shared/domain/change/change-fault.ts';
import type { SourceConfiguration } from '../../shared/domain/configuration/configuration.ts';
import { withTimeout } from '../../shared/runtime/with-timeout.ts';
import type { IngestPorts } from './ports.ts';

/** Comments on tickets must not delay the answer. */
const COMMENT_MS = 3000;
/** The most tickets that one delivery has a comment written on. */
const MOST_TICKETS = 5;

const ticketed = z.object({ ticket: z.object({ id: ticketSchema.shape.id }) });

/**
 * Comments on the tickets of a refused delivery of changes why it was refused, if its source can be answered. The same refusal
 * of the same ticket is commented once, however often it is sent. Best effort: the answer does not depend on it.
 */
export async function tellRefused(
  ports: IngestPorts,
  { name, source }: { name: string; source: SourceConfiguration },
  contents: unknown,
  faults: readonly ChangeFault[],
): Promise<void> {
  if (source.tickets === undefined) return;
  const tickets = new Map<string, ChangeFault[]>();
  for (const fault of faults) {
    const parsed = ticketed.safeParse(setTicket(changeAt(contents, fault.path), source));
    if (!parsed.success) continue;
    const { id } = parsed.data.ticket;
    tickets.set(id, [...(tickets.get(id) ?? []), fault]);
  }
  const notices = [...tickets]
    .slice(0, MOST_TICKETS)
    .map(([ticketId, found]) => ({ ticketId, notice: commentOnFaults(found, ticketId) }));
  await tellTickets(ports, name, notices);
}

/** The change that the path of a fault leads to: one of a list, or the only one. */
function changeAt(contents: unknown, path: string): unknown {
  const index = /^changes\[(\d+)\]/.exec(path)?.[1];
  if (typeof contents !== 'object' || contents === null || !('changes' in contents)) return contents;
  return Array.isArray(contents.changes) && index !== undefined ? contents.changes[Number(index)] : undefined;
}

/** Writes comments on tickets of one source, side by side. Never rejects. */
export async function tellTickets(
  ports: Pick<IngestPorts, 'tickets' | 'clock' | 'log'>,
  source: string,
  notices: readonly { ticketId: string; notice: RefusalComment }[],
): Promise<void> {
  const tell = async ({ ticketId, notice }: (typeof notices)[number]) => {
    try {
      await withTimeout(ports.clock, COMMENT_MS, async (signal) => {
        const writer = ports.tickets?.writerOf(source, signal);
        if (writer !== undefined) await commentRefusal(writer, ticketId, notice);
      });
    } catch (error) {
      ports.log.warn('a ticket was not told', { source, ticket: ticketId, error });
    }
  };
  await Promise.all(notices.map(tell));
}
