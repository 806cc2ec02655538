import type { WebhookConfiguration } from '../domain/configuration/tickets-schema.ts';
import { signWebhook } from '../domain/source/webhook-signature.ts';
import { toMarkdown } from '../domain/text/markdown.ts';
import { toTerminal } from '../domain/text/terminal.ts';
import type { TicketWriter } from '../ports/ticket-system.ts';
import type { TicketClientOptions } from './http/caller.ts';
import { signingSecrets } from './http/credentials.ts';
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

type Event = { id: string; type: string; data: unknown };

/**
 * Sends one event. Resolves to false if the receiver has no such ticket (404); rejects if it does not accept the event.
 */
async function sendEvent(url: string, options: TicketClientOptions, { id, type, data }: Event): Promise<boolean> {
  const at = options.clock.now();
  const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data });
  const secrets = signingSecrets(await options.readSecret());
  // Ids must not contain a full stop, because the specification joins id, timestamp and body with full stops.
  const headers = signedHeaders(secrets, id.replaceAll('.', '_'), at, body);
  const { connections, clock, timeoutMs, signal } = options;
  const answer = await sendTicketRequest(
    { dispatcher: connections.dispatcher, now: clock.now, timeoutMs, signal },
    { method: 'POST', url: new URL(url), headers: { ...headers, 'content-type': 'application/json' }, body },
  );
  if (answer.status === 404) return false;
  if (answer.status >= 200 && answer.status < 300) return true;
  throw new TicketError('tickets-unavailable', `The webhook answered HTTP ${answer.status}.`);
}

function signedHeaders(secrets: readonly string[], id: string, at: number, body: string): Record<string, string> {
  const all = secrets.map((secret) => signWebhook(secret, id, at, body));
  const signatures = all.map((one) => one['webhook-signature'] ?? '');
  return { ...all[0], 'webhook-signature': signatures.join(' ') };
}
