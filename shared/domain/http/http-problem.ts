import type { ChangeFault } from '../change/change-fault.ts';
import { jsonAnswer } from './json-answer.ts';

/** An HTTP function's answer, before API Gateway's own format. */
export type HttpAnswer = { status: number; headers: Record<string, string>; body: string };

type ProblemRow = { status: number; title: string; resend: 'unchanged' | 'corrected' | 'no' };

/**
 * Every refusal of the HTTP functions (RFC 9457), generated into `docs/rejection-codes.md`. `resend`: whether the same
 * delivery may be sent again unchanged, only corrected, or not at all.
 */
export const PROBLEMS = {
  'malformed-request': { status: 400, title: 'The request cannot be read.', resend: 'corrected' },
  'body-not-utf8': { status: 400, title: 'The body is not UTF-8.', resend: 'corrected' },
  'delivery-unmarked': { status: 400, title: 'The delivery has no id or no time.', resend: 'corrected' },
  'not-json': { status: 400, title: 'The body is not JSON.', resend: 'corrected' },
  'invalid-query': { status: 400, title: 'A parameter of the address cannot be read.', resend: 'corrected' },
  'credentials-missing': { status: 401, title: 'The request has no credentials.', resend: 'corrected' },
  'credentials-wrong': { status: 401, title: 'The credentials are wrong.', resend: 'corrected' },
  'signature-missing': { status: 401, title: 'The delivery is not signed.', resend: 'corrected' },
  'signature-malformed': { status: 401, title: 'The signature headers cannot be read.', resend: 'corrected' },
  'signature-wrong': { status: 401, title: 'The signature does not match the delivery.', resend: 'corrected' },
  'timestamp-stale': { status: 401, title: 'The delivery was signed too long ago.', resend: 'corrected' },
  'timestamp-future': { status: 401, title: 'The delivery was signed in the future.', resend: 'corrected' },
  'address-not-allowed': { status: 403, title: 'This address is not allowed.', resend: 'corrected' },
  'delivery-replayed': { status: 403, title: 'The same body was delivered before in another delivery.', resend: 'no' },
  'not-permitted': { status: 403, title: 'The source has no grant for a change.', resend: 'corrected' },
  'unknown-source': { status: 404, title: 'There is no such webhook.', resend: 'no' },
  'unknown-status': { status: 404, title: 'There is no such change, or its link has expired.', resend: 'no' },
  'unknown-change': { status: 404, title: 'There is no such change to cancel.', resend: 'corrected' },
  'method-not-allowed': { status: 405, title: 'This address does not support this HTTP method.', resend: 'corrected' },
  'key-conflict': { status: 409, title: 'An idempotency key names two different changes.', resend: 'corrected' },
  'not-cancelled': { status: 409, title: 'A change has ended, or is being applied.', resend: 'unchanged' },
  'body-too-large': { status: 413, title: 'The body is too large.', resend: 'corrected' },
  'unsupported-media-type': { status: 415, title: 'The content type is not JSON.', resend: 'corrected' },
  'unsupported-content-encoding': { status: 415, title: 'The body is compressed.', resend: 'corrected' },
  'invalid-change': { status: 422, title: 'A change does not match the schema.', resend: 'corrected' },
  'lane-full': { status: 429, title: 'Too many changes are waiting for this tenant.', resend: 'unchanged' },
  'rate-exceeded': { status: 429, title: 'The source sent more changes than it may per hour.', resend: 'unchanged' },
  'catalog-unavailable': { status: 503, title: 'The catalog cannot be read right now.', resend: 'unchanged' },
  unavailable: { status: 503, title: 'The delivery cannot be processed right now.', resend: 'unchanged' },
} as const satisfies Record<string, ProblemRow>;

export type ProblemCode = keyof typeof PROBLEMS;

type ProblemParts = {
  /** The detail of this case, for people. */
  detail: string;
  errors?: readonly ChangeFault[];
  /** The result of each part of the request, where the parts have different results. */
  results?: readonly object[];
  headers?: Record<string, string>;
};

/**
 * Builds an `application/problem+json` answer; `type` is the code's anchor in the documentation, relative to the
 * repository.
 */
export function problem(code: ProblemCode, { detail, errors, results, headers }: ProblemParts): HttpAnswer {
  const { status, title } = PROBLEMS[code];
  const type = `docs/rejection-codes.md#${code}`;
  // JSON leaves out what is undefined.
  const body = { type, title, status, detail, code, errors, results };
  return jsonAnswer(status, body, { 'content-type': 'application/problem+json', ...headers });
}

/** The answer where no settings can be loaded. Whoever asks may ask again, when there are some. */
export function settingsUnavailable(code: 'unavailable' | 'catalog-unavailable'): HttpAnswer {
  const detail = 'The settings of this stack cannot be loaded right now.';
  return problem(code, { detail, headers: { 'retry-after': '30' } });
}

/** API Gateway's format of an answer (HTTP API, payload version 2.0). */
export function toLambdaAnswer({ status, headers, body }: HttpAnswer) {
  return { statusCode: status, headers, body, isBase64Encoded: false };
}
