import type { Clock } from '../../ports/ports.ts';
import type { Connections } from './connections.ts';
import { authorization } from './credentials.ts';
import { type ReadSecret, withFreshSecret } from './fresh-secret.ts';
import { sendTicketRequest, type TicketAnswer, type TicketRequest } from './send-ticket-request.ts';

/** Options of every client of a ticket system. */
export type TicketClientOptions = {
  /** Base address from the configuration, with or without a slash at its end. */
  url: string;
  connections: Pick<Connections, 'dispatcher'>;
  readSecret: ReadSecret;
  clock: Pick<Clock, 'now'>;
  /** Time for one call. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
};

export type ApiCall = {
  method: TicketRequest['method'];
  /** Path below the base address; its ids are percent-encoded already. */
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
};

export type ApiCaller = (call: ApiCall) => Promise<TicketAnswer>;

/**
 * Checks that an answer was given to our user and not to an anonymous one. `call` sends with the same credential. Rejects
 * with `tickets-refused` otherwise.
 */
export type SignInCheck = (answer: TicketAnswer, call: ApiCaller) => Promise<void>;

/**
 * Creates the caller of one API. After a refused credential it reads the credential anew, as it may be rotated, and
 * calls once more.
 */
export function createApiCaller(
  kind: 'servicenow' | 'jira',
  options: TicketClientOptions,
  checkSignIn?: SignInCheck,
): ApiCaller {
  const { connections, readSecret, clock, timeoutMs, signal } = options;
  const send = async (call: ApiCall, secret: string) => {
    const headers = {
      ...authorization(kind, secret),
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const request = { method: call.method, url: toUrl(options.url, call), headers };
    const body = call.body === undefined ? {} : { body: JSON.stringify(call.body) };
    const sendOptions = { dispatcher: connections.dispatcher, now: clock.now, timeoutMs, signal };
    return sendTicketRequest(sendOptions, { ...request, ...body });
  };
  return (call) =>
    withFreshSecret(readSecret, async (secret) => {
      const answer = await send(call, secret);
      await checkSignIn?.(answer, (next) => send(next, secret));
      return answer;
    });
}

function toUrl(base: string, { path, query = {} }: ApiCall): URL {
  const parameters = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return new URL(`${base.replace(/\/+$/, '')}${path}${parameters.length === 0 ? '' : `?${parameters.join('&')}`}`);
}
