import { z } from 'zod';
import { startTicketServer, type TicketServer } from './http.ts';
import { journalHtml, type ShownTicket, ticketPage } from './page.ts';

const message = z.looseObject({
  type: z.string(),
  timestamp: z.string(),
  data: z.looseObject({ ticket: z.object({ id: z.string() }), text: z.string().optional(), to: z.string().optional() }),
});

/** Whatever else takes outcomes as a webhook: it keeps what it was told for as long as it runs, and shows it. */
export async function startReceiver(options: { port?: number } = {}): Promise<TicketServer> {
  const tickets = new Map<string, ShownTicket>();
  return startTicketServer({
    ...options,
    page: () => ticketPage('Another ticket system (simulated)', [...tickets.values()]),
    limited: {},
    act: ({ method, body }) => {
      const parsed = message.safeParse(body);
      if (method !== 'POST' || !parsed.success) return { status: 400, json: { fault: 'not an outcome' } };
      const { type, timestamp, data } = parsed.data;
      const { id } = data.ticket;
      const known = tickets.get(id) ?? { id, title: '', state: 'as it was', entries: [] };
      const entry = { by: type, at: Date.parse(timestamp), html: journalHtml(data.text ?? '') };
      const entries = data.text === undefined ? known.entries : [...known.entries, entry];
      tickets.set(id, { ...known, state: data.to ?? known.state, entries });
      return { status: 204 };
    },
  });
}
