import type { z } from 'zod';
import type { Clock, RateLimiter } from '../../ports/ports.ts';
import type { Endpoints } from '../auth/clouds.ts';
import type { TokenSource } from '../auth/tokens.ts';
import { abortable } from '../http/abortable.ts';
import { answerError } from '../http/answer-fault.ts';
import { parseExactJson } from '../http/exact-json.ts';
import { faultRowOf, findFaultRow } from '../http/faults.ts';
import { type Answer, type HttpRequest, sendRequest } from '../http/send-request.ts';
import { codeOf, type FaultDetail, ZpaError } from '../http/zpa-error.ts';
import type { Connections } from './pool.ts';

/** One call of the ZPA API, below `/mgmtconfig/{version}/admin/customers/{customerId}`. */
export type ZpaCall = {
  method: HttpRequest['method'];
  version: 'v1' | 'v2';
  /** Path with placeholders, for example `/segmentGroup/{id}`; errors show it instead of the path. */
  pattern: string;
  /** Values of the placeholders, in order. */
  ids?: readonly string[];
  query?: Readonly<Record<string, string | undefined>>;
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** Epoch ms. The request is not sent after this instant, even if it only waited for its token or budget. */
  sendBefore?: number | undefined;
};

/** Makes one call and resolves to its answer if the status is one of `success`; otherwise rejects with `ZpaError`. */
export type Caller = (call: ZpaCall, success: readonly number[]) => Promise<Answer>;

export type CallerOptions = {
  endpoints: Endpoints;
  customerId: string;
  connections: Connections;
  tokens: TokenSource;
  limiter: RateLimiter;
  clock: Clock;
  requestTimeoutMs: number;
};

/** Describes a call for errors by method and pattern, because a query, header or body may hold a secret. */
const describeCall = (call: ZpaCall): { on: 'read' | 'write'; call: string } => ({
  on: call.method === 'GET' ? 'read' : 'write',
  call: `${call.method} /${call.version}${call.pattern}`,
});

/**
 * Creates the function that makes every call in four steps: get a token, wait for budget, send the request, judge the
 * answer. Only a call that ZPA refused with 401 is repeated, once and with a fresh token. ZPA answers 401 before it
 * does anything, so repeating a write is safe too.
 */
export function createCaller(options: CallerOptions): Caller {
  const { tokens, clock } = options;

  async function attempt(call: ZpaCall, url: URL): Promise<{ answer: Answer; token: string }> {
    const token = await waitForToken(tokens, call);
    const releaseBudget = await waitForBudget(options.limiter, call);
    try {
      if (call.sendBefore !== undefined && clock.now() > call.sendBefore) {
        throw new ZpaError(
          'its time to be sent is over',
          { code: 'too-late' },
          { ...describeCall(call), unsent: true },
        );
      }
      const sendOptions = {
        ...describeCall(call),
        hide: [token],
        timeoutMs: options.requestTimeoutMs,
        signal: call.signal,
      };
      const answer = await sendRequest(options.connections.to(url), toRequest(call, url, token), sendOptions);
      return { answer, token };
    } finally {
      releaseBudget();
    }
  }

  return async (call, success) => {
    const url = toUrl(options, call);
    let { answer, token } = await attempt(call, url);
    if (isTokenRefused(answer)) {
      tokens.drop(token);
      ({ answer, token } = await attempt(call, url));
      if (isTokenRefused(answer)) tokens.drop(token);
    }
    if (success.includes(answer.status)) return answer;
    const error = answerError(answer, clock.now(), { ...describeCall(call), hide: [token] });
    const pause = error.fault.retryAfterMs;
    if (pause !== undefined && (answer.status === 429 || answer.status === 503)) options.limiter.obey(pause);
    throw error;
  };
}

/** A 401 may also mean a feature that is not bought or shed load; a fresh token does not help then. */
function isTokenRefused(answer: Answer): boolean {
  if (answer.status !== 401) return false;
  return answerError(answer, 0, {}).code === findFaultRow({ on: 'read', status: 401 }).code;
}

function toUrl({ endpoints, customerId }: CallerOptions, call: ZpaCall): URL {
  const ids = [...(call.ids ?? [])];
  const path = call.pattern.replace(/\{\w+\}/g, () => requireId(ids.shift() ?? '', call));
  const query = Object.entries(call.query ?? {}).flatMap(([name, value]) =>
    // A space is sent as `%20`, the documented form, because ZPA would read `+` in a filter as a plus sign.
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  const base = `${endpoints.api}${endpoints.prefix}/mgmtconfig/${call.version}/admin/customers/${customerId}`;
  return new URL(`${base}${path}${query.length === 0 ? '' : `?${query.join('&')}`}`);
}

function toRequest({ method, body }: ZpaCall, url: URL, token: string): HttpRequest {
  const headers = { authorization: `Bearer ${token}` };
  if (body === undefined) return { method, url, headers };
  return { method, url, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Refuses other ids, because an empty one would turn a get into a list and `..` would address a parent path. */
function requireId(id: string, call: ZpaCall): string {
  if (/^\w{1,64}$/.test(id)) return id;
  throw new ZpaError('not an id of ZPA', { code: 'invalid-argument' }, { ...describeCall(call), unsent: true });
}

async function waitForBudget(limiter: RateLimiter, call: ZpaCall): Promise<() => void> {
  const of = describeCall(call);
  try {
    return await limiter.take(of.on, call.signal);
  } catch (cause) {
    const code = codeOf(cause) === 'no-budget' ? 'no-budget' : 'aborted';
    throw new ZpaError(`${of.call}: not sent (${code})`, { code }, { ...of, unsent: true, cause });
  }
}

/** An abort ends the waiting and not the sign-in, because other calls may wait for the same token. */
async function waitForToken(tokens: TokenSource, call: ZpaCall): Promise<string> {
  try {
    return await (call.signal === undefined ? tokens.get() : abortable(tokens.get(), call.signal));
  } catch (cause) {
    if (cause instanceof ZpaError) throw cause;
    const of = describeCall(call);
    throw new ZpaError(`${of.call}: not sent (aborted)`, { code: 'aborted' }, { ...of, unsent: true, cause });
  }
}

/** The first places at which a value has another shape, without the value. */
export function placesOf({ issues }: z.ZodError): string {
  return [...new Set(issues.map((issue) => issue.path.map(String).join('.')))].slice(0, 5).join(', ');
}

/** Parses the body of a successful answer. Throws `ZpaError` if it is empty, no JSON or of another shape. */
export function parseAnswer<T>(schema: z.ZodType<T>, answer: Answer, call: ZpaCall): T {
  const value = parseExactJson(answer.text);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const of = describeCall(call);
  const row = faultRowOf(value === undefined ? 'unreadable-answer' : 'unexpected-answer');
  const fact =
    value === undefined
      ? `${answer.text === '' ? 'an empty body' : 'no JSON'}`
      : `an unexpected shape at: ${placesOf(parsed.error)}`;
  const detail: FaultDetail = { ...of, status: answer.status, reason: `ZPA answered ${fact}` };
  throw new ZpaError(`${of.call}: HTTP ${answer.status} with ${fact}`, row, detail);
}
