import type { ApprovalConfiguration } from '../approval/approval-schema.ts';
import type { TicketsConfiguration } from './tickets-schema.ts';

/** The settings of a source that decide which tickets it accepts. */
export type TicketSettings = {
  system: string;
  mapping?: unknown;
  approval?: ApprovalConfiguration | undefined;
  tickets?: TicketsConfiguration | undefined;
};

export type SharedTickets = { path: string[]; message: string };

/**
 * Finds pairs of sources that would accept the same ticket: keys of changes belong to their source, so one approval would
 * be carried out once for each.
 */
export function sharedTicketSystems(sources: Readonly<Record<string, TicketSettings>>): SharedTickets[] {
  const accepting = Object.entries(sources).filter(([, source]) => acceptsTickets(source));
  return accepting.flatMap(([name, source], index) =>
    accepting.slice(0, index).flatMap(([other, earlier]) => {
      const remedy = sharedBy(source, earlier);
      if (remedy === undefined) return [];
      const message = `takes the same tickets as source "${other}", so one approval would be applied twice: ${remedy}`;
      return [{ path: ['sources', name, ...(isReadable(source) ? ['tickets'] : ['system'])], message }];
    }),
  );
}

/** Without read-back and without trust a source only gets plans. */
function acceptsTickets(source: TicketSettings): boolean {
  if (source.mapping === undefined || source.approval === undefined) return false;
  return isReadable(source) || source.approval.trustPayload;
}

/** True if its tickets are read back. */
export const isReadable = ({ tickets }: TicketSettings) => tickets !== undefined && tickets.kind !== 'webhook';

/** The way to keep the two apart; undefined: they are apart. Only its name identifies a system that is not read back. */
function sharedBy(one: TicketSettings, other: TicketSettings): string | undefined {
  const [a, b] = [one.tickets, other.tickets];
  if (isReadable(one) && isReadable(other) && a !== undefined && b !== undefined) {
    return addressOf(a) === addressOf(b) ? overlap(a, b) : undefined;
  }
  if (!isSameSystem(one.system, other.system)) return undefined;
  return 'keep one source, or give each ticket system a "system" of its own';
}

/** The name of a ticket system in one spelling. */
export const systemName = (system: string): string => system.trim().toLowerCase();

/** Two spellings of one ticket system's name. */
export const isSameSystem = (one: string, other: string): boolean => systemName(one) === systemName(other);

function overlap(a: TicketsConfiguration, b: TicketsConfiguration): string | undefined {
  if (a.kind === 'jira' && b.kind === 'jira') {
    const apart = a.projects.length > 0 && b.projects.length > 0 && areApart(a.projects, b.projects);
    return apart ? undefined : 'keep one source, or give each "tickets.projects" of its own';
  }
  if (a.kind === 'servicenow' && b.kind === 'servicenow') {
    // A table holds the records of the tables that extend it too, so only the letters of their numbers keep tickets apart.
    const apart = areApart(Object.keys(a.tables), Object.keys(b.tables));
    return apart ? undefined : 'keep one source, or give each letters of its own in "tickets.tables"';
  }
  return undefined;
}

const areApart = (some: readonly string[], others: readonly string[]) => some.every((one) => !others.includes(one));

/**
 * The address in one spelling. A URL's host is in lower case and its default port left out; a dot at the host's end, and
 * more than one slash in a row, lead to the same system.
 */
export function addressOf({ url }: TicketsConfiguration): string {
  const { protocol, hostname, port, pathname } = new URL(url);
  const path = pathname.replace(/\/+/g, '/').replace(/\/$/, '');
  return `${protocol}//${hostname.replace(/\.+$/, '')}:${port}${path}`;
}
