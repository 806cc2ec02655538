import type { z } from 'zod';
import { parseJson } from '../../domain/text/parse-json.ts';
import type { Clock, RateLimiter } from '../../ports/ports.ts';
import type { Endpoints } from '../auth/clouds.ts';
import type { TokenSource } from '../auth/tokens.ts';
import { abortable } from '../http/abortable.ts';
import { answerError } from '../http/answer-fault.ts';
import { rowFor, rowNamed } from '../http/faults.ts';
import { type Answer, type HttpRequest, sendRequest } from '../http/send-request.ts';
import { codeOf, type FaultDetail, ZpaError } from '../http/zpa-error.ts';
import type { Connections } from './pool.ts';

/** One call of the ZPA API, below `/mgmtconfig/{version}/admin/customers/{customerId}`. */
export type ZpaCall = {
  method: HttpRequest['method'];
  version: 'v1' | 'v2';
  /** Path with places, for example `/segmentGroup/{id}`: this is what an error shows. */
  pattern: string;
  /** What stands in the places, in order. */
  ids?: readonly string[];
  query?: Readonly<Record<string, string | undefined>>;
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** Epoch ms: after this the request is not sent any more, whatever it waited for. */
  sendBefore?: number | undefined;
};

/** Makes one call and answers it if its status is one of `success`; everything else rejects with `ZpaError`. */
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

/** What an error about this call may say: method and pattern, never a query, header or body. */
const shown = (call: ZpaCall): { on: 'read' | 'write'; call: string } => ({
  on: call.method === 'GET' ? 'read' : 'write',
  call: `${call.method} /${call.version}${call.pattern}`,
});

/**
 * One call: token, budget, exchange, judgement. Nothing is repeated but a call that ZPA refused with 401, once and with
 * a fresh token: a 401 is answered before anything is done, so this holds for writes too.
 */
export function createCaller(options: CallerOptions): Caller {
  const { tokens, clock } = options;

  async function attempt(call: ZpaCall, url: URL): Promise<{ answer: Answer; token: string }> {
    const token = await waitForToken(tokens, call);
    const answered = await takePlace(options.limiter, call);
    try {
      if (call.sendBefore !== undefined && clock.now() > call.sendBefore) {
        throw new ZpaError('its time to be sent is over', { code: 'too-late' }, { ...shown(call), unsent: true });
      }
      const watch = { ...shown(call), hide: [token], timeoutMs: options.requestTimeoutMs, signal: call.signal };
      const answer = await sendRequest(options.connections.to(url), toRequest(call, url, token), watch);
      return { answer, token };
    } finally {
      answered();
    }
  }

  return async (call, success) => {
    const url = toUrl(options, call);
    let { answer, token } = await attempt(call, url);
    if (wantsFreshToken(answer)) {
      tokens.drop(token);
      ({ answer, token } = await attempt(call, url));
      if (wantsFreshToken(answer)) tokens.drop(token);
    }
    if (success.includes(answer.status)) return answer;
    const error = answerError(answer, clock.now(), { ...shown(call), hide: [token] });
    const pause = error.fault.retryAfterMs;
    if (pause !== undefined && (answer.status === 429 || answer.status === 503)) options.limiter.obey(pause);
    throw error;
  };
}

/** 401 has other meanings as well (a feature not bought, load shed): those no token mends. */
function wantsFreshToken(answer: Answer): boolean {
  if (answer.status !== 401) return false;
  return answerError(answer, 0, {}).code === rowFor({ on: 'read', status: 401 }).code;
}

function toUrl({ endpoints, customerId }: CallerOptions, call: ZpaCall): URL {
  const ids = [...(call.ids ?? [])];
  const path = call.pattern.replace(/\{\w+\}/g, () => checkedId(ids.shift() ?? '', call));
  const query = Object.entries(call.query ?? {}).flatMap(([name, value]) =>
    // `%20` for a space: the documented form, and `+` would stand for itself in a filter.
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

/** An empty id would turn a get into a list, and `..` would walk up the path. */
function checkedId(id: string, call: ZpaCall): string {
  if (/^\w{1,64}$/.test(id)) return id;
  throw new ZpaError('not an id of ZPA', { code: 'invalid-argument' }, { ...shown(call), unsent: true });
}

async function takePlace(limiter: RateLimiter, call: ZpaCall): Promise<() => void> {
  const of = shown(call);
  try {
    return await limiter.take(of.on, call.signal);
  } catch (cause) {
    const code = codeOf(cause) === 'no-budget' ? 'no-budget' : 'aborted';
    throw new ZpaError(`${of.call}: not sent (${code})`, { code }, { ...of, unsent: true, cause });
  }
}

/** Others may wait for the same token: an abort ends the waiting, not the sign-in. */
async function waitForToken(tokens: TokenSource, call: ZpaCall): Promise<string> {
  try {
    return await (call.signal === undefined ? tokens.get() : abortable(tokens.get(), call.signal));
  } catch (cause) {
    if (cause instanceof ZpaError) throw cause;
    const of = shown(call);
    throw new ZpaError(`${of.call}: not sent (aborted)`, { code: 'aborted' }, { ...of, unsent: true, cause });
  }
}

/** The parsed body of a successful answer; a body that is empty, no JSON or of another shape rejects. */
export function parseAnswer<T>(schema: z.ZodType<T>, answer: Answer, call: ZpaCall): T {
  const value = parseJson(answer.text);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const of = shown(call);
  const row = rowNamed(value === undefined ? 'unreadable-answer' : 'unexpected-answer');
  const where = [...new Set(parsed.error.issues.map((issue) => issue.path.map(String).join('.')))]
    .slice(0, 5)
    .join(', ');
  const fact =
    value === undefined ? `${answer.text === '' ? 'an empty body' : 'no JSON'}` : `an unexpected shape at: ${where}`;
  const detail: FaultDetail = { ...of, status: answer.status, reason: `ZPA answered ${fact}` };
  throw new ZpaError(`${of.call}: HTTP ${answer.status} with ${fact}`, row, detail);
}
