import { lookup } from './lookup.ts';
import { addressOf, isReadable, isSameSystem, type TicketSettings } from './shared-ticket-systems.ts';
import type { TicketsConfiguration } from './tickets-schema.ts';

type Named = { source: string; system: string };

/**
 * The other sources that a ticket of this source may have been taken by before the configuration was edited: the source had
 * another name, or the ticket's table or project was another source's. `known`: every name that a source had at any time. A
 * ticket that another source of the same system takes now is its own.
 */
export function formerSources(
  sources: Readonly<Record<string, TicketSettings>>,
  known: readonly Named[],
  { source, ticketId }: { source: string; ticketId: string },
): string[] {
  const own = lookup(sources, source);
  if (own === undefined || !takes(own, ticketId)) return [];
  const names = new Set(known.map((one) => one.source).filter((name) => name !== source));
  return [...names].filter((name) => {
    const other = lookup(sources, name);
    const isNamed = known.some((one) => one.source === name && isSameSystem(one.system, own.system));
    if (other === undefined || !isReadable(own) || !isReadable(other)) return isNamed;
    return isAtOneAddress(own, other) && !takes(other, ticketId);
  });
}

function isAtOneAddress({ tickets: one }: TicketSettings, { tickets: other }: TicketSettings): boolean {
  return one !== undefined && other !== undefined && addressOf(one) === addressOf(other);
}

/** True if a source's settings take a ticket of this number. */
function takes({ tickets }: TicketSettings, ticketId: string): boolean {
  return tickets === undefined || takesNumber(tickets, ticketId);
}

function takesNumber(tickets: TicketsConfiguration, ticketId: string): boolean {
  if (tickets.kind === 'servicenow') return Object.hasOwn(tickets.tables, /^[A-Z]+/.exec(ticketId)?.[0] ?? '');
  if (tickets.kind === 'webhook' || tickets.projects.length === 0) return true;
  return tickets.projects.includes(ticketId.replace(/-\d+$/, ''));
}
