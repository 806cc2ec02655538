import fc from 'fast-check';
import { SOURCES } from './fuzz-sources.ts';
import { bodies, CANARY, type HostileBody } from './hostile-json.ts';

/**
 * The proof of a request. `spoiled`: signed, and then something of it was changed; `foreign`: signed with another
 * secret; `stale`: signed long ago, where that is signed.
 */
export const PROOFS = ['genuine', 'genuine', 'genuine', 'genuine', 'spoiled', 'foreign', 'stale', 'none'] as const;

export type HostileRequest = {
  source: string;
  proof: (typeof PROOFS)[number];
  body: HostileBody;
  method: string;
  sourceIp: string | undefined;
  /** Laid under what the source signs. */
  noise: Record<string, string>;
  /** Laid over it; none of them proves anything. */
  over: Record<string, string>;
  base64: boolean;
  /** The following request: none, the very same again, or the same body under another delivery id. */
  followedBy: 'nothing' | 'again' | 'other-id';
  /** A part of the event itself that is not as API Gateway has it. */
  event: Record<string, unknown>;
};

const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });

const headerValue = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => `${CANARY}${text}`),
  fc.constantFrom(
    '',
    ',',
    'a,a',
    'v1,x',
    'v1, v1,',
    'sha256=',
    `sha256=${'0'.repeat(64)}`,
    'Bearer ',
    'Basic Og==',
    'x'.repeat(9000),
  ),
);

const noiseName = fc.constantFrom(
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'svix-id',
  'svix-timestamp',
  'svix-signature',
  'x-hub-signature',
  'x-hub-signature-256',
  'x-github-delivery',
  'x-atlassian-webhook-identifier',
  'authorization',
  'x-forwarded-for',
  'x-signature',
  'transfer-encoding',
  'content-length',
  'cookie',
  'accept',
  '__proto__',
  'constructor',
  'toString',
);

const contentType = mostly(
  'application/json',
  'application/json; charset=utf-8',
  'application/vnd.x+json',
  'APPLICATION/JSON',
  'application/json,application/json',
  'application/json; charset=utf-16',
  'application/x-www-form-urlencoded',
  'text/plain',
  '',
);

const contentEncoding = mostly<string | undefined>(undefined, 'identity', 'gzip', 'br', 'deflate', 'gzip,identity', '');

const over = fc.tuple(contentType, contentEncoding).map(([type, encoding]) => ({
  'content-type': type,
  ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
}));

const oddEvent = fc.oneof(
  fc.constant({}),
  fc.record(
    {
      headers: fc.constantFrom(null, [], 'x', { a: 1 }, { 'content-type': ['application/json'] }),
      pathParameters: fc.constantFrom(null, {}, { source: 1 }, { source: '__proto__' }),
      body: fc.constantFrom(null, 1, {}, [], '\uD800'),
      isBase64Encoded: fc.constantFrom('true', 1, null),
      requestContext: fc.constantFrom(null, {}, { http: {} }, { domainName: 1 }),
    },
    { requiredKeys: [] },
  ),
);

export const requests: fc.Arbitrary<HostileRequest> = fc.record({
  source: fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...Object.keys(SOURCES)) },
    { weight: 1, arbitrary: fc.constantFrom('nobody', '__proto__', 'constructor', '', '..', CANARY) },
  ),
  proof: fc.constantFrom(...PROOFS),
  body: bodies,
  method: mostly('POST', 'GET', 'PUT', 'post', 'DELETE', ''),
  sourceIp: mostly<string | undefined>(
    '203.0.113.7',
    '198.51.100.1',
    '2001:db8::1',
    '::ffff:203.0.113.7',
    '',
    'x',
    undefined,
  ),
  noise: fc
    .array(fc.tuple(noiseName, headerValue), { maxLength: 4 })
    .map((entries): Record<string, string> => Object.fromEntries(entries)),
  over,
  base64: fc.boolean(),
  followedBy: mostly<HostileRequest['followedBy']>('nothing', 'again', 'other-id'),
  event: fc.oneof({ weight: 12, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: oddEvent }),
});
