/** Addresses of the local world's ticket systems, by kind. */
export type TicketAddresses = Record<'servicenow' | 'jira' | 'webhook', string>;

/** The address range that the ticket systems' names may resolve to. */
export const LOOPBACK = ['127.0.0.0/8'];

/** The page on which people see a ticket. */
export const ticketPageOf = (address: string, id: string) => `${address}/#${id}`;
