import type { SourceConfiguration } from '../../domain/configuration/configuration.ts';

/**
 * Puts the ticket on a raw change. Which system it comes from and where it can be read is what the configuration says
 * of the source, whatever the payload claims. The ticket's id, who asked and who approved are taken as this source
 * tells them: its signature vouches for them, nothing here has read them back. Without an id, the part of the
 * idempotency key before `/` or `@` is the ticket.
 */
export function setTicket(raw: unknown, source: SourceConfiguration): unknown {
  if (!isRecord(raw)) return raw;
  const told = raw.ticket === undefined ? {} : raw.ticket;
  if (!isRecord(told)) return raw;
  const { system: _system, url: _url, ...rest } = told;
  const id = told.id === undefined ? ticketOfKey(raw.idempotencyKey) : told.id;
  const url = linkTo(source.ticketUrl, id);
  return { ...raw, ticket: { ...rest, system: source.system, id, ...(url === undefined ? {} : { url }) } };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** `CHG0031337/1@APPR0007` → `CHG0031337`. */
function ticketOfKey(key: unknown): string {
  const text = typeof key === 'string' ? key : '';
  return (/^[^/@]+/.exec(text)?.[0] ?? text).slice(0, 200);
}

function linkTo(template: string | undefined, id: unknown): string | undefined {
  if (template === undefined || typeof id !== 'string' || !id.isWellFormed()) return undefined;
  return template.replaceAll('{id}', () => encodeURIComponent(id));
}
