import { lookup } from '../domain/configuration/lookup.ts';
import { ticketAccess } from '../domain/configuration/tickets-schema.ts';
import type { CommentQueue, TicketOpener, TicketReader, TicketWriter } from '../ports/ticket-system.ts';
import { openLate } from '../runtime/open-late.ts';
import type { TicketSystems, TicketSystemsOptions } from './ticket-clients.ts';

const loadClients = () => import('./ticket-clients.ts');

/**
 * Creates the clients. Call it once per cold start: calls of one source share its connections. Their code is a quarter of a
 * bundle, so it is loaded with the first call of a ticket system; a load that fails is repeated by the next call.
 */
export function createTicketSystems(options: TicketSystemsOptions, importClients = loadClients): TicketSystems {
  const clients = openLate(async () => (await importClients()).openTicketClients(options));
  const ticketsOf = (source: string) => lookup(options.configuration.sources, source)?.tickets;

  return {
    readerOf(source, signal) {
      const kind = ticketsOf(source)?.kind;
      if (kind !== 'servicenow' && kind !== 'jira') return undefined;
      return loadedReader(async () => existing((await clients.open()).readerOf(source, signal)));
    },
    writerOf(source, signal) {
      const tickets = ticketsOf(source);
      if (tickets === undefined) return undefined;
      const isReadOnly = ticketAccess(tickets) !== 'one-secret';
      if (options.comments !== undefined && isReadOnly) return createQueuedWriter(options.comments, source);
      return loadedWriter(async () => existing((await clients.open()).writerOf(source, signal)));
    },
    openerOf(source, signal) {
      if (ticketsOf(source) === undefined) return undefined;
      return loadedOpener(async () => existing((await clients.open()).openerOf(source, signal)));
    },
    async close() {
      const loaded = await clients.opened()?.catch(() => undefined);
      await loaded?.close();
    },
  };
}

function existing<T>(client: T | undefined): T {
  if (client === undefined) throw new Error('a configured ticket system has no client');
  return client;
}

const loadedReader = (load: () => Promise<TicketReader>): TicketReader => ({
  read: async (id) => (await load()).read(id),
  async *listApproved(since) {
    yield* (await load()).listApproved(since);
  },
});

const loadedWriter = (load: () => Promise<TicketWriter>): TicketWriter => ({
  comment: async (...said) => (await load()).comment(...said),
  transition: async (...to) => (await load()).transition(...to),
});

const loadedOpener = (load: () => Promise<TicketOpener>): TicketOpener => ({
  open: async (ticket) => (await load()).open(ticket),
});

/** Comments by way of `plan`, which seals the marker and looks for the comment before it writes it. */
function createQueuedWriter(comments: CommentQueue, source: string): TicketWriter {
  return {
    async comment(ticketId, text, marker) {
      await comments.comment({ source, ticketId, text, marker });
      return 'said';
    },
    transition: () =>
      Promise.resolve({ result: 'refused', reason: 'this function may not write to the ticket system' }),
  };
}
