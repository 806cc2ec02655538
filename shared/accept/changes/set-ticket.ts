import type { SourceConfiguration } from '../../domain/configuration/configuration.ts';

/**
 * Sets the ticket of a raw change. Its system and its link come from the source's configuration, never from the payload.
 * The ticket's id, requester and approvers come from the payload: the source's signature vouches for them, nothing here has
 * read them back. Without an id, the part of the idempotency key before `/` or `@` is the ticket's id.
 */
export function setTicket(raw: unknown, source: SourceConfiguration): unknown {
  if (!isRecord(raw)) return raw;
  const given = raw.ticket === undefined ? {} : raw.ticket;
  if (!isRecord(given)) return raw;
  const { system: _system, url: _url, ...rest } = given;
  const id = isBlank(given.id) ? ticketOfKey(raw.idempotencyKey) : given.id;
  const url = linkTo(source.ticketUrl, id);
  return { ...raw, ticket: { ...rest, system: source.system, id, ...(url === undefined ? {} : { url }) } };
}

/** A template of the source may have filled in nothing. */
const isBlank = (id: unknown) => id === undefined || (typeof id === 'string' && id.trim() === '');

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
