import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { createAddressFilter } from './public-address.ts';
import { TicketError } from './ticket-error.ts';

/** Connections to one ticket system. The global dispatcher is not used. */
export type Connections = { dispatcher: Dispatcher; close(): Promise<void> };

const CONNECT_TIMEOUT_MS = 5_000;
/** Idle sockets are closed soon, because a frozen Lambda does not notice that a peer has closed them. */
const IDLE_MS = 2_000;
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * Opens an agent that connects only to public addresses and to `allowedPrivateCidrs`. It checks the address to which a
 * name resolves when it connects, and opens the socket to exactly that address. A name that resolves differently a
 * moment later (DNS rebinding) therefore gains nothing.
 */
export function openConnections(allowedPrivateCidrs: readonly string[]): Connections {
  const mayCall = createAddressFilter(allowedPrivateCidrs);
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(mayCall), allowH2: false });
  const agent = new Agent({
    keepAliveTimeout: IDLE_MS,
    connections: 8,
    maxResponseSize: MAX_ANSWER_BYTES,
    connect: (options, callback) => {
      const literal = options.hostname.replace(/^\[|\]$/g, '');
      // A literal address in the configuration needs no lookup, so it is checked here.
      if (isIP(literal) !== 0 && !mayCall(literal)) callback(addressError(literal), null);
      else connect(options, callback);
    },
  });
  return { dispatcher: agent, close: () => agent.close() };
}

function guardedLookup(mayCall: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error: Error | null, found: LookupAddress[]) => {
      if (error !== null) return callback(error, '');
      const refused = found.find(({ address }) => !mayCall(address));
      const [first] = found;
      if (refused !== undefined || first === undefined) return callback(addressError(hostname), '');
      return options.all === true ? callback(null, found) : callback(null, first.address, first.family);
    });
  };
}

function addressError(host: string): TicketError {
  const remedy = 'Name its range in allowedPrivateCidrs if this ticket system is inside your network.';
  return new TicketError('tickets-address', `${host} is not a public address. ${remedy}`);
}
