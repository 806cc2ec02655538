import { z } from 'zod';
import { LIVE_HEADERS } from './desk/desk-script.ts';
import { plainHtml, ticketPage } from './desk/ticket-page.ts';
import { startTicketServer, type TicketServer } from './http/http.ts';
import type { StateFile } from './http/state-file.ts';

const message = z.looseObject({
  type: z.string(),
  timestamp: z.string(),
  data: z.looseObject({ ticket: z.object({ id: z.string() }), text: z.string().optional(), to: z.string().optional() }),
});

type NotifiedTicket = { id: string; state: string; messages: { type: string; at: number; text: string }[] };

export type ReceiverState = { tickets: NotifiedTicket[] };

export type Receiver = TicketServer & {
  /** The outcomes of each ticket, oldest first. */
  notified(): readonly NotifiedTicket[];
};

export type ReceiverOptions = {
  port?: number;
  /** Stores the state and restores it at the start; absent: in memory only. */
  state?: StateFile<ReceiverState>;
};

/** A third system that receives outcomes by webhook: it stores them and shows them. */
export async function startReceiver({ port, state }: ReceiverOptions = {}): Promise<Receiver> {
  const tickets = new Map<string, NotifiedTicket>(state?.read()?.tickets.map((ticket) => [ticket.id, ticket]));
  const server = await startTicketServer({
    ...(port === undefined ? {} : { port }),
    page: async ({ method, path }) =>
      method === 'GET' && path === '/'
        ? { status: 200, html: pageOf([...tickets.values()]), headers: LIVE_HEADERS }
        : undefined,
    limited: {},
    onChange: () => state?.write({ tickets: [...tickets.values()] }),
    act: ({ method, body }) => {
      const parsed = message.safeParse(body);
      if (method !== 'POST' || !parsed.success) return { status: 400, json: { fault: 'not an outcome' } };
      const { type, timestamp, data } = parsed.data;
      const { id } = data.ticket;
      const known = tickets.get(id) ?? { id, state: 'as it was', messages: [] };
      const notified = data.text === undefined ? [] : [{ type, at: Date.parse(timestamp), text: data.text }];
      tickets.set(id, { id, state: data.to ?? known.state, messages: [...known.messages, ...notified] });
      return { status: 204 };
    },
  });
  return Object.assign(server, { notified: () => [...tickets.values()] });
}

function pageOf(tickets: readonly NotifiedTicket[]): string {
  const shown = tickets.map(({ id, state, messages }) => ({
    id,
    title: '',
    state,
    entries: messages.map(({ type, at, text }) => ({ by: type, at, html: plainHtml(text) })),
  }));
  return ticketPage('Another ticket system (simulated)', shown);
}
