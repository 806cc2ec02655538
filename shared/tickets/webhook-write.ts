import type { WebhookConfiguration } from '../domain/configuration/tickets-schema.ts';
import { signWebhook } from '../domain/source/webhook-signature.ts';
import { toMarkdown } from '../domain/text/markdown.ts';
import { toTerminal } from '../domain/text/terminal.ts';
import type { TicketOpener, TicketWriter } from '../ports/ticket-system.ts';
import type { TicketClientOptions } from './http/caller.ts';
import { signingSecrets } from './http/credentials.ts';
import { withFreshSecret } from './http/fresh-secret.ts';
import { sendTicketRequest } from './http/send-ticket-request.ts';
import { TicketError } from './http/ticket-error.ts';
import { requireMarker, requireTicketId } from './http/ticket-id.ts';

/**
 * Creates the writer for any other ticket system. It sends signed POSTs as Standard Webhooks specifies: `webhook-id` is
 * the marker, so that a receiver which stores ids can drop repetitions; the timestamp is that of the attempt; every live
 * secret signs; the body is `{type, timestamp, data}`. Any status except 2xx is a failed attempt, which the caller
 * repeats on its schedule.
 */
export function createWebhookWriter(tickets: WebhookConfiguration, options: TicketClientOptions): TicketWriter {
  const send = (id: string, type: string, data: unknown) => sendEvent(tickets.url, options, { id, type, data });
  return {
    async comment(id, text, marker) {
      const ticket = { id: requireTicketId(tickets.idPattern, id) };
      const data = { ticket, blocks: text, text: toTerminal(text), markdown: toMarkdown(text) };
      return (await send(requireMarker(marker), 'ticket.comment', data)) ? 'said' : 'no-ticket';
    },
    async transition(id, to, fields, marker) {
      const ticket = { id: requireTicketId(tickets.idPattern, id) };
      const accepted = await send(`${requireMarker(marker)}/state`, 'ticket.transition', { ticket, to, fields });
      return accepted ? { result: 'done' } : { result: 'refused', reason: 'HTTP 404' };
    },
  };
}

/** Creates the opener of any other ticket system: the receiver files a ticket whose id is the marker. */
export function createWebhookOpener(tickets: WebhookConfiguration, options: TicketClientOptions): TicketOpener {
  return {
    async open({ title, text, fields, marker }) {
      const ticket = { id: requireTicketId(tickets.idPattern, requireMarker(marker)) };
      const data = { ticket, title, fields, blocks: text, text: toTerminal(text), markdown: toMarkdown(text) };
      const accepted = await sendEvent(tickets.url, options, { id: `${marker}/open`, type: 'ticket.open', data });
      if (!accepted) throw new TicketError('tickets-refused', 'The webhook answered HTTP 404 to a new ticket.');
      return ticket.id;
    },
  };
}

type Event = { id: string; type: string; data: unknown };

/**
 * Statuses by which receivers refuse a signature. Standard Webhooks names none for that; its examples answer 400.
 */
const REFUSALS: readonly number[] = [400, 403];

/**
 * Sends one event. Resolves to false if the receiver has no such ticket (404); rejects if it does not accept the event.
 */
async function sendEvent(url: string, options: TicketClientOptions, { id, type, data }: Event): Promise<boolean> {
  const { connections, clock, timeoutMs, signal } = options;
  const at = clock.now();
  const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data });
  return withFreshSecret(options.readSecret, async (secret) => {
    // Ids must not contain a full stop, because the specification joins id, timestamp and body with full stops.
    const signed = signedHeaders(signingSecrets(secret), id.replaceAll('.', '_'), at, body);
    const { status } = await sendTicketRequest(
      { dispatcher: connections.dispatcher, now: clock.now, timeoutMs, signal },
      { method: 'POST', url: new URL(url), headers: { ...signed, 'content-type': 'application/json' }, body },
    );
    if (status === 404) return false;
    if (status >= 200 && status < 300) return true;
    const code = REFUSALS.includes(status) ? 'tickets-refused' : 'tickets-unavailable';
    throw new TicketError(code, `The webhook answered HTTP ${status}.`);
  });
}

function signedHeaders(secrets: readonly string[], id: string, at: number, body: string): Record<string, string> {
  const all = secrets.map((secret) => signWebhook(secret, id, at, body));
  const signatures = all.map((one) => one['webhook-signature'] ?? '');
  return { ...all[0], 'webhook-signature': signatures.join(' ') };
}
