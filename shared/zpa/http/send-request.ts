import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { abortable } from './abortable.ts';
import { type FaultRow, rowFor, rowNamed } from './faults.ts';
import { codeOf, type FaultDetail, ZpaError } from './zpa-error.ts';

/** A list page of 500 groups with all 6,000 applications a customer may have is about 5 MiB. */
export const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

export type HttpRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: URL;
  headers: Record<string, string>;
  body?: string;
};

/** A whole answer, decoded. Header names are lower case; a repeated header is its first value. */
export type Answer = { status: number; headers: Record<string, string | undefined>; text: string };

/** How one exchange is watched over, and what an error about it may say. */
export type Watch = Pick<FaultDetail, 'on' | 'call' | 'hide'> & { timeoutMs: number; signal?: AbortSignal | undefined };

const TIMED_OUT = Symbol('timed out');
const inflate = promisify(gunzip);

/**
 * Sends one request and reads its whole answer, whatever the status. `timeoutMs` spans both. Rejects with `ZpaError`
 * when no complete answer came; its effect is 'none' if the request never reached a connection.
 */
export async function sendRequest(dispatcher: Dispatcher, request: HttpRequest, watch: Watch): Promise<Answer> {
  let started = false;
  const stop = new AbortController();
  const abort = () => stop.abort();
  const timer = setTimeout(() => stop.abort(TIMED_OUT), watch.timeoutMs);
  watch.signal?.addEventListener('abort', abort, { once: true });
  try {
    if (watch.signal?.aborted) abort();
    const noted = dispatcher.compose(
      noteStart(() => {
        started = true;
      }),
    );
    const answer = noted.request({ ...target(request), signal: stop.signal }).then(readWhole);
    return await abortable(answer, stop.signal);
  } catch (error) {
    const row = interruption(stop.signal) ?? observedRow(error, watch);
    const { on, call, hide } = watch;
    throw new ZpaError(sentence(row, call), row, { on, call, hide, unsent: !started, cause: error });
  } finally {
    clearTimeout(timer);
    watch.signal?.removeEventListener('abort', abort);
  }
}

function target(request: HttpRequest): Dispatcher.RequestOptions {
  const { method, url, headers, body } = request;
  return {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method,
    headers: { accept: 'application/json', 'accept-encoding': 'gzip', 'user-agent': 'zpa-changes', ...headers },
    body: body ?? null,
    // One timer watches the whole exchange.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}

/** undici starts a request when it is about to write it to a connected socket; before that ZPA knows nothing. */
function noteStart(onStart: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart: (controller, context) => {
        onStart();
        handler.onRequestStart?.(controller, context);
      },
      onResponseStart: (...of) => handler.onResponseStart?.(...of),
      onResponseData: (...of) => handler.onResponseData?.(...of),
      onResponseEnd: (...of) => handler.onResponseEnd?.(...of),
      onResponseError: (...of) => handler.onResponseError?.(...of),
    });
}

async function readWhole(response: Dispatcher.ResponseData): Promise<Answer> {
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
  const bytes = await response.body.bytes();
  // Recorded traffic is gzip throughout; nothing else was asked for.
  const zipped = bytes.length > 0 && /^(x-)?gzip$/i.test(headers['content-encoding'] ?? '');
  const plain = zipped ? await inflate(bytes, { maxOutputLength: MAX_ANSWER_BYTES }) : bytes;
  return { status: response.statusCode, headers, text: new TextDecoder().decode(plain) };
}

function interruption(signal: AbortSignal): FaultRow | undefined {
  if (!signal.aborted) return undefined;
  return rowNamed(signal.reason === TIMED_OUT ? 'timeout' : 'aborted');
}

function observedRow(error: unknown, watch: Watch): FaultRow {
  const networkCode = codeOf(error);
  const unreadable = networkCode?.startsWith('Z_') || networkCode?.startsWith('HPE_');
  return unreadable ? rowNamed('unreadable-answer') : rowFor({ on: watch.on ?? 'read', networkCode });
}

function sentence(row: FaultRow, call: string | undefined): string {
  return `${call ?? 'call'}: no complete answer (${row.code})`;
}
