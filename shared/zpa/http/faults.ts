import type { FaultClass, FaultScope } from '../../domain/change/rejection-codes.ts';

/**
 * The table of all faults of a call to ZPA. It maps a status, ZPA's dotted id, a phrase of the body or a network error
 * to a stable code, a class, a scope and the effect that a write may have had. The first row with a matching sign
 * counts, so narrow signs stand above wide ones. A fault without a known sign matches one of the last rows, which are
 * `unknown`.
 *
 * Only a fault with change scope rejects a change, so no wider fault is `permanent`: a tenant's fault ends when somebody
 * repairs the tenant. `effect` is about writes (a read has none): it is 'none' only if ZPA certainly did not act.
 *
 * Sources: help.zscaler.com "Understanding Response Codes & Error Messages" (ZPA) and "Configuring Segment Groups
 * Using API"; recordings of 2025-11-26; the retry lists of the public SDKs; issues of zscaler-terraformer.
 */
export type FaultSign = {
  /** One status, or the inclusive range `[first, last]`. */
  status?: number | readonly [number, number];
  /** ZPA's dotted id. */
  id?: string;
  /** A phrase anywhere in the body. */
  text?: RegExp;
  /** `code` of a network, parser or decoder error. */
  network?: readonly string[];
  on?: 'read' | 'write';
};

export type FaultRow = {
  code: string;
  class: FaultClass;
  scope: FaultScope;
  effect: 'none' | 'unknown';
  /** Empty if the row is only looked up by its code (`faultRowOf`). */
  signs: readonly FaultSign[];
};

const row = (code: string, kind: FaultClass, scope: FaultScope, effect: FaultRow['effect'], ...signs: FaultSign[]) => ({
  code,
  class: kind,
  scope,
  effect,
  signs,
});
const id = (...ids: string[]): FaultSign[] => ids.map((one) => ({ id: one }));
const network = (...codes: string[]): FaultSign => ({ network: codes });

export const FAULTS: readonly FaultRow[] = [
  // Refusals that ZPA identifies by an id: they are definite, so ZPA did nothing.
  // A feature that the customer has not bought answers 401 (zscaler-terraformer #122), which is no sign-in problem.
  row('feature-disabled', 'permanent', 'change', 'none', ...id('authz.featureflag.permission.denied')),
  row('rate-limited', 'transient', 'tenant', 'none', { status: 429 }, ...id('invalid.toomanyrequests')),
  // A path without a route is not a missing object: a wrong base address must not look like an empty tenant.
  row('no-such-route', 'unknown', 'change', 'none', { status: 404, text: /no handler found/i }),
  row('not-found', 'permanent', 'change', 'none', ...id('resource.not.found')),
  row('referenced', 'permanent', 'change', 'none', ...id('resource.referenced')),
  row('invalid-argument', 'permanent', 'change', 'none', ...id('invalid.resource.argument')),
  row('already-exists', 'permanent', 'change', 'none', ...id('resource.already.exist')),
  row('payload-too-large', 'permanent', 'change', 'none', ...id('payload.size.exceeded'), { status: 413 }),
  row('search-refused', 'permanent', 'change', 'none', ...id('filtering.input.invalid.operand')),
  row('in-other-microtenant', 'permanent', 'change', 'none', ...id('domains.already.exists.in.other.microtenant')),
  row('match-style-overlaps', 'permanent', 'change', 'none', ...id('domain.match.style.overlapping')),
  row(
    'concurrent-change',
    'transient',
    'change',
    'none',
    ...id('api.concurrent.access.error', 'db.simultaneous.request'),
  ),
  // One public SDK retries these two; whether they ever end by themselves is not established.
  row('entity-not-authorized', 'unknown', 'change', 'none', ...id('non.restricted.entity.authorization.failed')),
  row('bad-request', 'unknown', 'change', 'none', ...id('bad.request')),
  row('server-busy', 'transient', 'tenant', 'unknown', ...id('retryable.server.error')),

  // Phrases. ZPA repeats names in its refusals, so a known id and the status go before a phrase.
  // The gateway sheds load with "Resource Access Blocked" and 401, 409 or 412 (public Go SDK).
  row(
    'overloaded',
    'transient',
    'tenant',
    'none',
    ...[401, 409, 412].map((status) => ({ status, text: /resource access blocked/i })),
  ),
  row('oneapi-only', 'transient', 'tenant', 'none', { status: [401, 403], text: /only through zscaler oneapi/i }),

  // Refusals that only the status identifies.
  row('sign-in-refused', 'transient', 'tenant', 'none', { status: 401 }),
  row('forbidden', 'unknown', 'change', 'none', { status: 403 }, ...id('access.denied')),
  // The gateway answers a plain "404 Not Found" labelled as JSON (recorded); the API's own 404 has JSON or no body.
  // A path of other methods alone, of which 405 is documented, has no route for this one either.
  row('no-such-route', 'unknown', 'change', 'none', { status: 404, text: /^\s*[^\s{]/ }, { status: 405 }),
  row('not-found', 'permanent', 'change', 'none', { status: 404 }),
  row('timeout', 'transient', 'tenant', 'unknown', { status: 408 }),
  row('conflict', 'unknown', 'change', 'none', { status: 409 }),
  // The content of a write may have caused a 500, so it counts against the change and not against the tenant.
  row('server-error', 'unknown', 'change', 'unknown', { status: 500, on: 'write' }),
  row('server-error', 'transient', 'tenant', 'unknown', { status: 500 }),
  row('gateway-error', 'transient', 'tenant', 'unknown', { status: [501, 599] }),

  // No answer. Nothing can have been done before a connection is established.
  row('name-not-resolved', 'transient', 'tenant', 'none', network('ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA')),
  row(
    'unreachable',
    'transient',
    'tenant',
    'none',
    network('ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT', 'ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL'),
  ),
  row(
    'certificate-refused',
    'transient',
    'tenant',
    'none',
    network(
      'CERT_HAS_EXPIRED',
      'CERT_NOT_YET_VALID',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ),
  ),
  row(
    'timeout',
    'transient',
    'tenant',
    'unknown',
    network('UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'),
  ),
  row(
    'connection-lost',
    'transient',
    'tenant',
    'unknown',
    network('UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'ECONNABORTED', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'),
  ),
  row(
    'answer-too-large',
    'unknown',
    'change',
    'unknown',
    network('UND_ERR_RES_EXCEEDED_MAX_SIZE', 'ERR_BUFFER_TOO_LARGE'),
  ),
  row('client-closed', 'transient', 'platform', 'unknown', network('UND_ERR_CLOSED', 'UND_ERR_DESTROYED')),

  // Looked up by code only.
  row('unreadable-answer', 'unknown', 'change', 'unknown'),
  row('unexpected-answer', 'unknown', 'change', 'unknown'),
  row('incomplete-list', 'transient', 'tenant', 'unknown'),
  // ZPA may have lost the list for a moment, or the customer its licence: repeated for half an hour, then a person decides.
  row('list-vanished', 'unknown', 'change', 'unknown'),
  // A replica of ZPA lags: the read shows less than an earlier one did.
  row('older-reading', 'transient', 'change', 'none'),
  row('sign-in-failed', 'transient', 'tenant', 'none'),
  row('secret-missing', 'transient', 'tenant', 'none'),
  row('secret-malformed', 'transient', 'tenant', 'none'),
  row('secret-unreadable', 'transient', 'platform', 'none'),
  row('no-budget', 'transient', 'platform', 'none'),
  row('aborted', 'transient', 'platform', 'unknown'),
  row('too-late', 'transient', 'platform', 'none'),

  // All other faults: a 4xx was refused; nothing is known about the rest.
  row('refused', 'unknown', 'change', 'none', { status: [400, 499] }),
  row('unexpected-answer', 'unknown', 'change', 'unknown', { status: [100, 599] }),
  row('network-error', 'unknown', 'change', 'unknown'),
];

export type Observed = {
  on: 'read' | 'write';
  status?: number;
  zpaId?: string | undefined;
  text?: string;
  networkCode?: string | undefined;
};

function matches(sign: FaultSign, observed: Observed): boolean {
  const { status } = sign;
  if (sign.on !== undefined && sign.on !== observed.on) return false;
  if (sign.id !== undefined && sign.id !== observed.zpaId) return false;
  if (sign.text !== undefined && !sign.text.test(observed.text ?? '')) return false;
  if (sign.network !== undefined && !sign.network.includes(observed.networkCode ?? '')) return false;
  if (status === undefined) return true;
  const [first, last] = typeof status === 'number' ? [status, status] : status;
  return observed.status !== undefined && observed.status >= first && observed.status <= last;
}

/** Finds the row for an observed failure of a call; an unknown failure is `network-error`. */
export function findFaultRow(observed: Observed): FaultRow {
  return FAULTS.find((one) => one.signs.some((sign) => matches(sign, observed))) ?? faultRowOf('network-error');
}

/** Finds the row of a code. Throws on an unknown code, which is a programming error. */
export function faultRowOf(code: string): FaultRow {
  const found = FAULTS.find((one) => one.code === code);
  if (found === undefined) throw new Error(`no row for fault code ${code}`);
  return found;
}
