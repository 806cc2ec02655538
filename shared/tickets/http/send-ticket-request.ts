import type { Dispatcher } from 'undici';
import { parseRateLimitReset, parseRetryAfter } from '../../domain/http/retry-after.ts';
import { parseJson } from '../../domain/text/parse-json.ts';
import { oneLine, truncateText } from '../../domain/text/truncate-text.ts';
import { errorCode } from '../../ports/error-code.ts';
import { refusalWords } from './refusal-words.ts';
import { TicketError } from './ticket-error.ts';

export type TicketRequest = {
  method: 'GET' | 'POST' | 'PATCH';
  url: URL;
  headers: Readonly<Record<string, string>>;
  /** The text that is sent. */
  body?: string;
};

export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A complete answer. `json` is undefined if the body is not JSON; header names are in lower case. */
export type TicketAnswer = { status: number; json: unknown; headers: AnswerHeaders };

export type TicketSendOptions = {
  dispatcher: Dispatcher;
  now: () => number;
  /** Time for the request and its whole answer. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
};

/**
 * Sends one request and reads its whole answer. It does not follow redirects, because the credential must only go to the
 * configured address. It resolves for each status that concerns the ticket, and rejects with a `TicketError` for the
 * statuses that concern the connection or the credential (3xx, 401, 408, 429, 5xx) and if there is no answer.
 */
export async function sendTicketRequest(options: TicketSendOptions, request: TicketRequest): Promise<TicketAnswer> {
  const { method, url, headers, body } = request;
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  const call = `${method} ${url.origin}`;
  let status: number;
  let responseHeaders: AnswerHeaders;
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
    responseHeaders = response.headers;
    text = await response.body.text();
  } catch (error) {
    throw noAnswerError(call, error);
  }
  const fault = faultOf(call, status, responseHeaders, options.now());
  if (fault !== undefined) throw fault;
  return { status, json: parseJson(text), headers: responseHeaders };
}

function noAnswerError(call: string, error: unknown): TicketError {
  if (error instanceof TicketError) return error;
  const code = errorCode(error) ?? 'no answer';
  const name = error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : code;
  return new TicketError('tickets-unavailable', `${call}: no complete answer (${name})`, { cause: error });
}

function faultOf(call: string, status: number, headers: AnswerHeaders, now: number): TicketError | undefined {
  const message = `${call}: HTTP ${status}`;
  const date = firstOf(headers.date);
  const retryAfterMs = parseRetryAfter(firstOf(headers['retry-after']), now, date);
  if (status >= 300 && status < 400) {
    return new TicketError('tickets-malformed', `${message}: it redirects to another address, which is not followed`);
  }
  if (status === 401) return new TicketError('tickets-refused', `${message}: the credential is not accepted`);
  if (status === 429) {
    const resetMs = parseRateLimitReset(firstOf(headers['x-ratelimit-reset']), now, date);
    return new TicketError('tickets-limited', message, { retryAfterMs: retryAfterMs ?? resetMs });
  }
  if (status === 408 || status >= 500) return new TicketError('tickets-unavailable', message, { retryAfterMs });
  return undefined;
}

const firstOf = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

/**
 * A status that this call has no meaning for, or a body of another shape. A page in place of data comes from a hibernating
 * instance, a proxy or a sign-in page, and may be gone at the next call. The system's own words for a refusal are told,
 * nothing else of its answer.
 */
export function unexpectedAnswer(what: string, { status, json }: Pick<TicketAnswer, 'status' | 'json'>): TicketError {
  const words = status >= 400 ? refusalWords(json) : [];
  if (status === 403) {
    return new TicketError('tickets-refused', shortReason([`${what}: HTTP 403, this user may not`, ...words]));
  }
  if (json === undefined) {
    return new TicketError('tickets-unavailable', `${what}: HTTP ${status} with a page or nothing in place of data`);
  }
  const why = words.length > 0 ? [`${what}: HTTP ${status}`, ...words] : [`${what}: HTTP ${status} ${OTHER_SHAPE}`];
  return new TicketError('tickets-malformed', shortReason(why));
}

const OTHER_SHAPE = 'with an answer of another shape';

/** Joins a ticket system's reasons for a refusal to one short line for logs and reports. */
export function shortReason(parts: readonly (string | null | undefined)[]): string {
  const reason = parts.filter((part) => part !== undefined && part !== null && part.trim() !== '').join(': ');
  return truncateText(oneLine(reason === '' ? 'no reason given' : reason), 300);
}
