import type { Clock } from '../../ports/ports.ts';
import type { Connections } from './connections.ts';
import { authorization } from './credentials.ts';
import { sendTicketRequest, type TicketAnswer, type TicketRequest } from './send-ticket-request.ts';
import { TicketError } from './ticket-error.ts';

/** What every client of a ticket system is made of. */
export type ClientOptions = {
  /** From the configuration, without a slash at its end or with one. */
  url: string;
  connections: Pick<Connections, 'dispatcher'>;
  /** The credential's text; `fresh` asks past the cache. */
  readSecret: (options?: { fresh?: boolean }) => Promise<string>;
  clock: Pick<Clock, 'now'>;
  /** One call's; the sender's own in Standard Webhooks' spirit: 15 s. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
};

export type ApiCall = {
  method: TicketRequest['method'];
  /** Below the configured address; ids in it are percent-encoded already. */
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
};

export type ApiCaller = (call: ApiCall) => Promise<TicketAnswer>;

/** Calls one API with its credential; a 401 is tried once more with a credential read anew, which may be rotated. */
export function createApiCaller(kind: 'servicenow' | 'jira', options: ClientOptions): ApiCaller {
  const { connections, readSecret, clock, timeoutMs, signal } = options;
  const attempt = async (call: ApiCall, fresh: boolean) => {
    const headers = {
      ...authorization(kind, await readSecret({ fresh })),
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const request = { method: call.method, url: addressOf(options.url, call), headers };
    const body = call.body === undefined ? {} : { body: JSON.stringify(call.body) };
    const how = { dispatcher: connections.dispatcher, now: clock.now, timeoutMs, signal };
    return sendTicketRequest(how, { ...request, ...body });
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

function addressOf(base: string, { path, query = {} }: ApiCall): URL {
  const parameters = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return new URL(`${base.replace(/\/+$/, '')}${path}${parameters.length === 0 ? '' : `?${parameters.join('&')}`}`);
}
