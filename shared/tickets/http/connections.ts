import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { addressGate } from './public-address.ts';
import { TicketError } from './ticket-error.ts';

/** Connections to one ticket system; never the global dispatcher. */
export type Connections = { dispatcher: Dispatcher; close(): Promise<void> };

const CONNECT_TIMEOUT_MS = 5_000;
/** A frozen Lambda's sockets are dead without knowing it: none outlives a short rest. */
const IDLE_MS = 2_000;
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * An agent that connects to public addresses and to `allowedPrivateCidrs` only. What counts is the address a name
 * resolves to at the moment of connecting, and the socket is opened to exactly that one, so that a name which answers
 * differently a moment later gains nothing.
 */
export function openConnections(allowedPrivateCidrs: readonly string[]): Connections {
  const mayCall = addressGate(allowedPrivateCidrs);
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(mayCall), allowH2: false });
  const agent = new Agent({
    keepAliveTimeout: IDLE_MS,
    connections: 8,
    maxResponseSize: MAX_ANSWER_BYTES,
    connect: (options, callback) => {
      const literal = options.hostname.replace(/^\[|\]$/g, '');
      // No name, no lookup: an address that stands in the configuration itself is judged here.
      if (isIP(literal) !== 0 && !mayCall(literal)) callback(notAllowed(literal), null);
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
      if (refused !== undefined || first === undefined) return callback(notAllowed(hostname), '');
      return options.all === true ? callback(null, found) : callback(null, first.address, first.family);
    });
  };
}

function notAllowed(host: string): TicketError {
  const remedy = 'Name its range in allowedPrivateCidrs if this ticket system is inside your network.';
  return new TicketError('tickets-address', `${host} is not a public address. ${remedy}`);
}
