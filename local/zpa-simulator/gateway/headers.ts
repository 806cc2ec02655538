import type { Answer } from '../api/answers.ts';
import type { Dice } from '../behaviour/chance.ts';
import type { GatewayCounter } from '../behaviour/rate-limits.ts';

/**
 * The header sets of the recordings, one per kind of answer. `content-encoding` and `transfer-encoding` are added where
 * the answer is sent. An array is sent as repeated headers.
 */
export type HeaderSet = Record<string, string | string[]>;

/** The host that the call came through. Legacy answers were never recorded: the controller's set without the gateway's. */
export type Api = 'oneapi' | 'legacy';

const JSON_WITH_CHARSET = 'application/json;charset=utf-8';
const VARY = 'Origin,Access-Control-Request-Method,Access-Control-Request-Headers, Accept-Encoding';
const TRANSPORT = 'max-age=31536000; includeSubDomains; preload';

const VERSIONS = { absent: '109.1.85', present: '109.1.146' };
export const GATEWAY_LIMIT = 5000;

export type HeaderContext = {
  api: Api;
  date: string;
  dice: Dice;
  gateway: GatewayCounter;
  now: number;
  /** Constant through one token's life; undefined without one. */
  transactionId: string | undefined;
  generation: 'absent' | 'present';
};

export function controllerHeaders(answer: Answer, context: HeaderContext): HeaderSet {
  const failed = answer.status >= 400;
  const set: HeaderSet = {
    'cache-control': 'no-store',
    ...(!failed && { 'content-security-policy': "default-src 'none'; upgrade-insecure-requests" }),
    ...(hasBody(answer) && { 'content-type': failed ? 'application/json' : JSON_WITH_CHARSET }),
    date: context.date,
    expires: 'Thu, 01 Jan 1970 00:00:00 GMT',
    pragma: 'no-cache',
    'referrer-policy': 'strict-origin-when-cross-origin',
    server: 'Zscaler',
    'strict-transport-security': TRANSPORT,
    vary: VARY,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-xss-protection': failed ? '1; mode=block' : '0',
  };
  return { ...set, ...gatewayHeaders(context, true), ...answer.headers };
}

/** Headers of answers that do not come from the controller: 429, 401 and 404 of the gateway. */
export function edgeHeaders(answer: Answer, context: HeaderContext): HeaderSet {
  const limited = answer.status === 429;
  const gateway = gatewayHeaders(context, limited);
  if (answer.status === 401) {
    delete gateway['x-envoy-upstream-service-time'];
    delete gateway['x-transaction-id'];
  }
  return {
    'content-type': 'application/json',
    date: context.date,
    server: 'Zscaler',
    'strict-transport-security': TRANSPORT,
    ...(limited && { vary: 'Accept-Encoding' }),
    ...gateway,
    ...answer.headers,
  };
}

function gatewayHeaders(context: HeaderContext, counted: boolean): HeaderSet {
  if (context.api === 'legacy') return {};
  const { remaining, resetSeconds } = counted ? context.gateway.count(context.now) : { remaining: 0, resetSeconds: 0 };
  return {
    'x-envoy-upstream-service-time': String(context.dice.between(30, 90)),
    'x-oneapi-host': 'https://apiusw2.zsapi.net',
    'x-oneapi-request-id': context.dice.uuid(),
    'x-oneapi-version': VERSIONS[context.generation],
    ...(counted && {
      'x-ratelimit-limit': `${GATEWAY_LIMIT}, ${GATEWAY_LIMIT};w=60`,
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-reset': String(resetSeconds),
    }),
    ...(context.transactionId !== undefined && { 'x-transaction-id': context.transactionId }),
  };
}

/** ZIdentity's token endpoint, for success and failure alike; it repeats some headers three times. */
export function tokenHeaders(date: string): HeaderSet {
  return {
    'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
    'content-security-policy':
      "default-src 'none' ;connect-src  https://simulator.zslogin.net/;font-src https://fonts.gstatic.com ;img-src data: https://www.zscaler.com https://info.zscaler.com ;script-src 'unsafe-inline' 'unsafe-eval' https://www.zscaler.com ;style-src 'unsafe-inline' https://fonts.googleapis.com ;frame-src  https://simulator.zslogin.net/ https://simulator-admin.zslogin.net/;frame-ancestors  ;upgrade-insecure-requests",
    'content-type': 'application/json;charset=UTF-8',
    date,
    expires: '0',
    pragma: 'no-cache',
    server: 'ingress-gateway',
    'strict-transport-security': [
      TRANSPORT,
      'max-age=31536000; includeSubDomains;',
      'max-age=31536000; includeSubDomains;',
    ],
    'x-content-type-options': ['nosniff', 'nosniff', 'nosniff'],
    'x-frame-options': ['DENY', 'SAMEORIGIN', 'SAMEORIGIN'],
    'x-ratelimit-limit': '150, 150;w=1, 100000;w=60, 10000;w=60',
    'x-ratelimit-remaining': '149',
    'x-ratelimit-reset': '1',
    'x-xss-protection': '0',
  };
}

const hasBody = (answer: Answer): boolean => answer.body !== undefined || answer.text !== undefined;
