import * as z from 'zod';
import { acrossFields, type FieldsFault } from '../change/across-fields.ts';

/** A header's name in lower case, as an HTTP API passes it on. */
const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, { error: 'must be the name of one header' })
  .transform((name) => name.toLowerCase());

/** A field of the body: names from the top level with dots in between. */
const fieldPath = z.string().regex(/^[^.\s]+(?:\.[^.\s]+){0,7}$/, { error: 'must be names with dots in between' });

const PLACEHOLDER = /\{(?:id|timestamp|body)\}/g;

/** The literal text between and around the placeholders of a template. */
export function literalsOf(content: string): string[] {
  return content.split(PLACEHOLDER);
}

const hmac = acrossFields(
  z.strictObject({
    kind: z.literal('hmac'),
    /** The header that holds the signature. */
    header: headerName,
    algorithm: z.enum(['sha256', 'sha384', 'sha512']).default('sha256'),
    encoding: z.enum(['hex', 'base64', 'base64url']).default('hex'),
    /** Text before the signature in its header: `sha256=`. */
    prefix: z
      .string()
      .regex(/^[\x21-\x7e]{0,32}$/)
      .default(''),
    /** The signed content: `{id}.{timestamp}.{body}`; each placeholder at most once, the body always. */
    content: z.string().max(200).default('{body}'),
    idHeader: headerName.optional(),
    timestampHeader: headerName.optional(),
    timestampUnit: z.enum(['seconds', 'milliseconds', 'iso-8601']).default('seconds'),
    /** The encoding by which the text in Secrets Manager becomes the key. */
    keyEncoding: z.enum(['utf-8', 'base64', 'hex']).default('utf-8'),
  }),
  (settings, isSound) => (isSound([], 'content') ? contentFaults(settings) : []),
);

type HmacHeaders = { content: string; idHeader?: string | undefined; timestampHeader?: string | undefined };

/**
 * Faults of the signed content: characters must not be able to move from one signed part to another, and every header
 * that counts as signed must be part of it.
 */
function contentFaults({ content, idHeader, timestampHeader }: HmacHeaders): FieldsFault[] {
  const count = (name: string) => content.split(`{${name}}`).length - 1;
  const between = literalsOf(content).slice(1, -1);
  const rules: [boolean, string, string][] = [
    [count('body') === 1, 'content', 'must hold {body} once'],
    [count('id') <= 1 && count('timestamp') <= 1, 'content', 'must not hold {id} or {timestamp} twice'],
    [
      between.every((text) => text !== '' && !/[\dA-Za-z]/.test(text)),
      'content',
      'needs a mark between two placeholders, such as a full stop, and no letters or digits there',
    ],
    [count('id') === 0 || idHeader !== undefined, 'idHeader', 'is needed: {id} is part of what is signed'],
    [
      (count('timestamp') === 1) === (timestampHeader !== undefined),
      'timestampHeader',
      'belongs to {timestamp} in "content", and that to it: a timestamp that is not signed protects nothing',
    ],
  ];
  return rules.filter(([holds]) => !holds).map(([, path, message]) => ({ path: [path], message }));
}

const bearer = z.strictObject({
  kind: z.literal('bearer'),
  header: headerName.default('authorization'),
  /** Text before the secret in that header. Default: `Bearer ` in `Authorization`, nothing in others. */
  prefix: z
    .string()
    .regex(/^[\x20-\x7e]{0,32}$/)
    .optional(),
});

const settings = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('standard-webhooks') }),
  z.strictObject({ kind: z.literal('jira') }),
  z.strictObject({ kind: z.literal('github') }),
  hmac,
  bearer,
  z.strictObject({ kind: z.literal('basic') }),
]);

/** The scheme by which a source authenticates its deliveries: `{kind, …}` with settings, or the kind alone. */
export const schemeSchema = z
  .preprocess((given) => (typeof given === 'string' ? { kind: given } : given), settings)
  .prefault('standard-webhooks');

export type SchemeSettings = z.output<typeof settings>;
export type HmacSettings = z.output<typeof hmac>;
export type BearerSettings = z.output<typeof bearer>;

/**
 * The fields that distinguish a delivery from an earlier one, where the scheme does not sign them. `none`: nothing
 * distinguishes them, and only its idempotency keys judge a body that arrives again. Omitted fields use the scheme's
 * defaults.
 */
export const replaySchema = z.union([
  z.literal('none'),
  z.strictObject({
    idHeader: headerName.optional(),
    idField: fieldPath.optional(),
    timestampField: fieldPath.optional(),
    /** The time during which the sender retries the same delivery. */
    retrySeconds: z
      .int()
      .min(60)
      .max(14 * 24 * 3600)
      .optional(),
  }),
]);

export type ReplaySettings = z.output<typeof replaySchema>;

/** Address ranges that deliveries may come from; absent: any address. */
const allowedCidrsSchema = z
  .array(z.union([z.cidrv4(), z.cidrv6()], { error: 'must be an address range such as 203.0.113.0/24' }))
  .min(1);

/** The fields of a source's configuration that verify its deliveries. */
export const verificationSettings = {
  scheme: schemeSchema,
  /** Allowed distance of a signed timestamp from this system's clock, both ways. */
  toleranceSeconds: z.int().min(1).max(3600).default(300),
  replay: replaySchema.optional(),
  allowedCidrs: allowedCidrsSchema.optional(),
};
