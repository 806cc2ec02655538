import type { Dispatcher } from 'undici';
import { parseRetryAfter } from '../../domain/http/retry-after.ts';
import { parseJson } from '../../domain/text/parse-json.ts';
import { oneLine, truncateText } from '../../domain/text/truncate-text.ts';
import { errorCode } from '../../ports/error-code.ts';
import { TicketError } from './ticket-error.ts';

export type TicketRequest = {
  method: 'GET' | 'POST' | 'PATCH';
  url: URL;
  headers: Readonly<Record<string, string>>;
  /** As it is sent. */
  body?: string;
};

/** A whole answer. `json`: undefined if the body is none. */
export type TicketAnswer = { status: number; json: unknown };

export type ExchangeOptions = {
  dispatcher: Dispatcher;
  now: () => number;
  /** Of the whole exchange. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
};

/**
 * Sends one request and reads its whole answer. Redirects are not followed: the address is the configuration's, and a
 * credential goes nowhere else. Answers every status that says something about the ticket; rejects with a `TicketError`
 * for those that say something about the way to it: 3xx, 401, 408, 429, 5xx, and no answer at all.
 */
export async function sendTicketRequest(options: ExchangeOptions, request: TicketRequest): Promise<TicketAnswer> {
  const { method, url, headers, body } = request;
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  const call = `${method} ${url.origin}`;
  let status: number;
  let answered: Record<string, string | string[] | undefined>;
  let text: string;
  try {
    const response = await options.dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers: { accept: 'application/json', 'user-agent': 'zpa-changes', ...headers },
      body: body ?? null,
      signal,
    });
    status = response.statusCode;
    answered = response.headers;
    text = await response.body.text();
  } catch (error) {
    throw unanswered(call, error);
  }
  const fault = faultOf(call, status, answered, options.now());
  if (fault !== undefined) throw fault;
  return { status, json: parseJson(text) };
}

function unanswered(call: string, error: unknown): TicketError {
  if (error instanceof TicketError) return error;
  const code = errorCode(error) ?? 'no answer';
  const name = error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : code;
  return new TicketError('tickets-unavailable', `${call}: no complete answer (${name})`, { cause: error });
}

function faultOf(
  call: string,
  status: number,
  headers: Record<string, string | string[] | undefined>,
  now: number,
): TicketError | undefined {
  const said = `${call}: HTTP ${status}`;
  const retryAfterMs = parseRetryAfter(firstOf(headers['retry-after']), now, firstOf(headers.date));
  if (status >= 300 && status < 400) {
    return new TicketError('tickets-malformed', `${said}: it wants to send us elsewhere, which is not followed`);
  }
  if (status === 401) return new TicketError('tickets-refused', `${said}: the credential is not accepted`);
  if (status === 429) return new TicketError('tickets-limited', said, { retryAfterMs });
  if (status === 408 || status >= 500) return new TicketError('tickets-unavailable', said, { retryAfterMs });
  return undefined;
}

const firstOf = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

/** A status that this call has no meaning for, or a body of another shape. */
export function unexpected(what: string, { status }: Pick<TicketAnswer, 'status'>): TicketError {
  if (status === 403) return new TicketError('tickets-refused', `${what}: HTTP 403, this user may not`);
  return new TicketError('tickets-malformed', `${what}: HTTP ${status} with an answer of another shape`);
}

/** What a ticket system says of a refusal, on one line. It goes to logs and reports, so it is short. */
export function shortReason(parts: readonly (string | null | undefined)[]): string {
  const said = parts.filter((part) => part !== undefined && part !== null && part.trim() !== '').join(': ');
  return truncateText(oneLine(said === '' ? 'no reason given' : said), 300);
}
