import type { Clock } from '../../ports/ports.ts';
import type { Connections } from './connections.ts';
import { authorization } from './credentials.ts';
import { sendTicketRequest, type TicketAnswer, type TicketRequest } from './send-ticket-request.ts';
import { TicketError } from './ticket-error.ts';

/** Options of every client of a ticket system. */
export type TicketClientOptions = {
  /** Base address from the configuration, with or without a slash at its end. */
  url: string;
  connections: Pick<Connections, 'dispatcher'>;
  /** Reads the text of the credential; `fresh` bypasses the cache. */
  readSecret: (options?: { fresh?: boolean }) => Promise<string>;
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
  const send = async (call: ApiCall, fresh: boolean) => {
    const headers = {
      ...authorization(kind, await readSecret({ fresh })),
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const request = { method: call.method, url: toUrl(options.url, call), headers };
    const body = call.body === undefined ? {} : { body: JSON.stringify(call.body) };
    const sendOptions = { dispatcher: connections.dispatcher, now: clock.now, timeoutMs, signal };
    return sendTicketRequest(sendOptions, { ...request, ...body });
  };
  const attempt = async (call: ApiCall, fresh: boolean) => {
    const answer = await send(call, fresh);
    await checkSignIn?.(answer, (next) => send(next, fresh));
    return answer;
  };
  return async (call) => {
    try {
      return await attempt(call, false);
    } catch (error) {
      if (!(error instanceof TicketError) || error.code !== 'tickets-refused') throw error;
      return attempt(call, true);
    }
  };
}

function toUrl(base: string, { path, query = {} }: ApiCall): URL {
  const parameters = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return new URL(`${base.replace(/\/+$/, '')}${path}${parameters.length === 0 ? '' : `?${parameters.join('&')}`}`);
}
