import type { TicketAccess } from '../../shared/accept/tickets/ticket-ports.ts';
import type { TicketText } from '../../shared/domain/text/ticket-text.ts';
import type { TicketReader, TicketRecord, TicketWriter } from '../../shared/ports/ticket-system.ts';

export type MemoryTickets = TicketReader &
  TicketWriter & {
    readonly tickets: Map<string, TicketRecord>;
    readonly comments: { id: string; text: TicketText; marker: string }[];
    /** Ids read back so far. */
    readonly reads: string[];
    /** The rejection of the next calls; `hang`: they never answer. */
    trouble: Error | 'hang' | undefined;
  };

/** A ticket system in memory: tickets as a test puts them, comments once by marker. */
export function createMemoryTickets(): MemoryTickets {
  const tickets = new Map<string, TicketRecord>();
  const comments: MemoryTickets['comments'] = [];
  const reads: string[] = [];
  const system: MemoryTickets = {
    tickets,
    comments,
    reads,
    trouble: undefined,
    async read(id) {
      reads.push(id);
      await meetTrouble(system.trouble);
      return structuredClone(tickets.get(id));
    },
    async *listApproved() {
      for (const { id } of tickets.values()) {
        await meetTrouble(system.trouble);
        yield id;
      }
    },
    async comment(id, text, marker) {
      await meetTrouble(system.trouble);
      if (!tickets.has(id)) return 'no-ticket';
      if (comments.some((one) => one.id === id && one.marker === marker)) return 'already';
      comments.push({ id, text, marker });
      return 'said';
    },
    transition: async () => ({ result: 'done' }),
  };
  return system;
}

async function meetTrouble(trouble: MemoryTickets['trouble']): Promise<void> {
  if (trouble === 'hang') await new Promise<never>(() => undefined);
  if (trouble instanceof Error) throw trouble;
}

/** By the name of the source. */
export function accessTo(systems: Record<string, MemoryTickets>): TicketAccess {
  const of = (source: string) => (Object.hasOwn(systems, source) ? systems[source] : undefined);
  return { readerOf: of, writerOf: of };
}
