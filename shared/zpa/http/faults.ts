import type { FaultClass, FaultScope } from '../../domain/change/rejection-codes.ts';

/**
 * The one table of what can go wrong with a call to ZPA: from status, ZPA's dotted id, a phrase of the body or a
 * network condition to a stable code, a class, a scope and what a write may have done. The first row with a fitting
 * sign counts, so narrow signs stand above wide ones. What no row knows ends in the last rows, which are `unknown`.
 *
 * Only change scope ever rejects a change, so nothing wider is `permanent`: a tenant's trouble ends when somebody
 * mends the tenant. `effect` is about writes (a read has none): 'none' only where ZPA certainly did not act.
 *
 * Sources: help.zscaler.com "Understanding Response Codes & Error Messages" (ZPA) and "Configuring Segment Groups
 * Using API"; recordings of 2025-11-26; the retry lists of the public SDKs; issues of zscaler-terraformer.
 */
export type Sign = {
  /** One status, or all from `[first, last]`. */
  status?: number | readonly [number, number];
  /** ZPA's dotted id. */
  id?: string;
  /** In the body, wherever it stands. */
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
  /** Empty: the code is given by name, not found by a sign. */
  signs: readonly Sign[];
};

const row = (code: string, kind: FaultClass, scope: FaultScope, effect: FaultRow['effect'], ...signs: Sign[]) => ({
  code,
  class: kind,
  scope,
  effect,
  signs,
});
const id = (...ids: string[]): Sign[] => ids.map((one) => ({ id: one }));
const network = (...codes: string[]): Sign => ({ network: codes });

export const FAULTS: readonly FaultRow[] = [
  // Refusals ZPA names: definite, so nothing was done.
  // A feature the customer has not bought answers 401 (zscaler-terraformer #122), which is no sign-in problem.
  row('feature-disabled', 'permanent', 'change', 'none', ...id('authz.featureflag.permission.denied')),
  // "Resource Access Blocked" comes with 401, 409 or 412 and is how the gateway sheds load (public Go SDK).
  row('overloaded', 'transient', 'tenant', 'none', { text: /resource access blocked/i }),
  row('oneapi-only', 'transient', 'tenant', 'none', { text: /only through zscaler oneapi/i }),
  row('rate-limited', 'transient', 'tenant', 'none', { status: 429 }, ...id('invalid.toomanyrequests')),
  // A path nobody routes is not a missing object: a wrong base must never look like an empty tenant.
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
  // One public SDK retries these two; whether they ever pass by themselves is not established.
  row('entity-not-authorized', 'unknown', 'change', 'none', ...id('non.restricted.entity.authorization.failed')),
  row('bad-request', 'unknown', 'change', 'none', ...id('bad.request')),
  row('server-busy', 'transient', 'tenant', 'unknown', ...id('retryable.server.error')),

  // Statuses.
  row('sign-in-refused', 'transient', 'tenant', 'none', { status: 401 }),
  row('forbidden', 'unknown', 'change', 'none', { status: 403 }, ...id('access.denied')),
  // A gateway's plain "404 Not Found", though it calls itself JSON (recorded); JSON or no body is the API's own 404.
  row('no-such-route', 'unknown', 'change', 'none', { status: 404, text: /^\s*[^\s{]/ }),
  row('not-found', 'permanent', 'change', 'none', { status: 404 }),
  row('timeout', 'transient', 'tenant', 'unknown', { status: 408 }),
  row('conflict', 'unknown', 'change', 'none', { status: 409 }),
  // A 500 on a write may be due to what was written: it is counted against the change, not the tenant.
  row('server-error', 'unknown', 'change', 'unknown', { status: 500, on: 'write' }),
  row('server-error', 'transient', 'tenant', 'unknown', { status: 500 }),
  row('gateway-error', 'transient', 'tenant', 'unknown', { status: [501, 599] }),

  // No answer. Before a connection stands, nothing can have been done.
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

  // Given by name.
  row('unreadable-answer', 'unknown', 'change', 'unknown'),
  row('unexpected-answer', 'unknown', 'change', 'unknown'),
  row('incomplete-list', 'transient', 'tenant', 'unknown'),
  row('sign-in-failed', 'transient', 'tenant', 'none'),
  row('secret-missing', 'transient', 'tenant', 'none'),
  row('secret-malformed', 'transient', 'tenant', 'none'),
  row('secret-unreadable', 'transient', 'platform', 'none'),
  row('no-budget', 'transient', 'platform', 'none'),
  row('aborted', 'transient', 'platform', 'unknown'),
  row('too-late', 'transient', 'platform', 'none'),

  // Whatever else: a 4xx was refused, of the rest nothing is known.
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

function fits(sign: Sign, seen: Observed): boolean {
  const { status } = sign;
  if (sign.on !== undefined && sign.on !== seen.on) return false;
  if (sign.id !== undefined && sign.id !== seen.zpaId) return false;
  if (sign.text !== undefined && !sign.text.test(seen.text ?? '')) return false;
  if (sign.network !== undefined && !sign.network.includes(seen.networkCode ?? '')) return false;
  if (status === undefined) return true;
  const [first, last] = typeof status === 'number' ? [status, status] : status;
  return seen.status !== undefined && seen.status >= first && seen.status <= last;
}

/** The row for what was seen on a call; what nobody knows is `network-error`. */
export function rowFor(seen: Observed): FaultRow {
  return FAULTS.find((one) => one.signs.some((sign) => fits(sign, seen))) ?? rowNamed('network-error');
}

/** The row of a code that is given by name; an unheard-of code is a mistake in this program. */
export function rowNamed(code: string): FaultRow {
  const found = FAULTS.find((one) => one.code === code);
  if (found === undefined) throw new Error(`no row for fault code ${code}`);
  return found;
}
