import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { abortable } from './abortable.ts';
import { type FaultRow, faultRowOf, findFaultRow } from './faults.ts';
import { codeOf, type FaultDetail, ZpaError } from './zpa-error.ts';

/** A list page of 500 groups with all 6,000 applications a customer may have is about 5 MiB. */
export const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

export type HttpRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: URL;
  headers: Record<string, string>;
  body?: string;
};

/** A complete, decoded answer. Header names are lower case; of a repeated header the first value is kept. */
export type Answer = { status: number; headers: Record<string, string | undefined>; text: string };

/** Limits of one request, and the details that an error about it may show. */
export type SendOptions = Pick<FaultDetail, 'on' | 'call' | 'hide'> & {
  timeoutMs: number;
  signal?: AbortSignal | undefined;
};

const TIMED_OUT = Symbol('timed out');
const inflate = promisify(gunzip);

/**
 * Sends one request and reads its whole answer, whatever the status. `timeoutMs` covers both. Rejects with `ZpaError`
 * if no complete answer arrives; its effect is 'none' if the request never reached a connection.
 */
export async function sendRequest(dispatcher: Dispatcher, request: HttpRequest, options: SendOptions): Promise<Answer> {
  let started = false;
  const stop = new AbortController();
  const abort = () => stop.abort();
  const timer = setTimeout(() => stop.abort(TIMED_OUT), options.timeoutMs);
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    if (options.signal?.aborted) abort();
    const observed = dispatcher.compose(
      observeStart(() => {
        started = true;
      }),
    );
    const answer = observed.request({ ...toRequestOptions(request), signal: stop.signal }).then(readAnswer);
    return await abortable(answer, stop.signal);
  } catch (error) {
    const row = findAbortRow(stop.signal) ?? findNetworkRow(error, options);
    const { on, call, hide } = options;
    throw new ZpaError(noAnswerMessage(row, call), row, { on, call, hide, unsent: !started, cause: error });
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
  }
}

function toRequestOptions(request: HttpRequest): Dispatcher.RequestOptions {
  const { method, url, headers, body } = request;
  return {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method,
    headers: { accept: 'application/json', 'accept-encoding': 'gzip', 'user-agent': 'zpa-changes', ...headers },
    body: body ?? null,
    // One timer of our own limits request and answer together.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}

/**
 * undici reports the start when it is about to write a request to a connected socket; ZPA has received nothing before.
 */
function observeStart(onStart: () => void): Dispatcher.DispatcherComposeInterceptor {
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

async function readAnswer(response: Dispatcher.ResponseData): Promise<Answer> {
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
  const bytes = await response.body.bytes();
  // The request accepts only gzip, and all recorded answers use it.
  const zipped = bytes.length > 0 && /^(x-)?gzip$/i.test(headers['content-encoding'] ?? '');
  const plain = zipped
    ? await inflate(bytes, { maxOutputLength: MAX_ANSWER_BYTES, chunkSize: chunkSizeFor(bytes) })
    : bytes;
  // A damaged name would be written back with the next update; the reason of a refusal is only shown.
  const decoder = new TextDecoder('utf-8', { fatal: response.statusCode < 300 });
  return { status: response.statusCode, headers, text: decoder.decode(plain) };
}

const CHUNK_BYTES = 16 * 1024;

/**
 * The size of the decoded answer as the end of the zipped one states it, and room that shows the decoder that nothing
 * follows: a large answer, decoded in one piece, is not copied. A wrong statement does no harm.
 */
function chunkSizeFor(zipped: Uint8Array): number {
  if (zipped.length < 4) return CHUNK_BYTES;
  const stated = new DataView(zipped.buffer, zipped.byteOffset + zipped.length - 4).getUint32(0, true);
  return Math.min(stated, MAX_ANSWER_BYTES) + CHUNK_BYTES;
}

function findAbortRow(signal: AbortSignal): FaultRow | undefined {
  if (!signal.aborted) return undefined;
  return faultRowOf(signal.reason === TIMED_OUT ? 'timeout' : 'aborted');
}

function findNetworkRow(error: unknown, options: SendOptions): FaultRow {
  const networkCode = codeOf(error);
  const unreadable = /^(Z_|HPE_|ERR_ENCODING_INVALID_ENCODED_DATA$)/.test(networkCode ?? '');
  return unreadable ? faultRowOf('unreadable-answer') : findFaultRow({ on: options.on ?? 'read', networkCode });
}

function noAnswerMessage(row: FaultRow, call: string | undefined): string {
  return `${call ?? 'call'}: no complete answer (${row.code})`;
}
