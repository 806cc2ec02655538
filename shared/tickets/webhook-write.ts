import type { WebhookConfiguration } from '../domain/configuration/tickets-schema.ts';
import { signWebhook } from '../domain/source/webhook-signature.ts';
import { toMarkdown } from '../domain/text/markdown.ts';
import { toTerminal } from '../domain/text/terminal.ts';
import type { TicketWriter } from '../ports/ticket-system.ts';
import type { ClientOptions } from './http/caller.ts';
import { signingSecrets } from './http/credentials.ts';
import { sendTicketRequest } from './http/send-ticket-request.ts';
import { TicketError } from './http/ticket-error.ts';
import { checkedMarker, checkedTicketId } from './http/ticket-id.ts';

/**
 * Tells any other ticket system: signed POSTs as Standard Webhooks has them (`webhook-id` is the marker, so a receiver
 * that keeps ids hears everything once; the timestamp is each attempt's own; every live secret signs; the body is
 * `{type, timestamp, data}`). Anything but 2xx is a failed attempt, which the caller repeats on its schedule.
 */
export function createWebhookWriter(tickets: WebhookConfiguration, options: ClientOptions): TicketWriter {
  const send = (id: string, type: string, data: unknown) => sendEvent(tickets.url, options, { id, type, data });
  return {
    async comment(id, text, marker) {
      const ticket = { id: checkedTicketId(tickets.idPattern, id) };
      const data = { ticket, blocks: text, text: toTerminal(text), markdown: toMarkdown(text) };
      return (await send(checkedMarker(marker), 'ticket.comment', data)) ? 'said' : 'no-ticket';
    },
    async transition(id, to, fields, marker) {
      const ticket = { id: checkedTicketId(tickets.idPattern, id) };
      const taken = await send(`${checkedMarker(marker)}/state`, 'ticket.transition', { ticket, to, fields });
      return taken ? { result: 'done' } : { result: 'refused', reason: 'HTTP 404' };
    },
  };
}

type Event = { id: string; type: string; data: unknown };

/** Answers false if the receiver knows no such ticket (404); rejects if it did not take the event. */
async function sendEvent(url: string, options: ClientOptions, { id, type, data }: Event): Promise<boolean> {
  const at = options.clock.now();
  const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data });
  const secrets = signingSecrets(await options.readSecret());
  // The specification's ids hold no full stop: they are joined to timestamp and body with one.
  const headers = signed(secrets, id.replaceAll('.', '_'), at, body);
  const { connections, clock, timeoutMs, signal } = options;
  const answer = await sendTicketRequest(
    { dispatcher: connections.dispatcher, now: clock.now, timeoutMs, signal },
    { method: 'POST', url: new URL(url), headers: { ...headers, 'content-type': 'application/json' }, body },
  );
  if (answer.status === 404) return false;
  if (answer.status >= 200 && answer.status < 300) return true;
  throw new TicketError('tickets-unavailable', `The webhook answered HTTP ${answer.status}.`);
}

function signed(secrets: readonly string[], id: string, at: number, body: string): Record<string, string> {
  const all = secrets.map((secret) => signWebhook(secret, id, at, body));
  const signatures = all.map((one) => one['webhook-signature'] ?? '');
  return { ...all[0], 'webhook-signature': signatures.join(' ') };
}
