import type { Headers, Scheme } from '../../../../shared/domain/source/scheme.ts';
import { schemeSchema } from '../../../../shared/domain/source/scheme-schema.ts';
import { schemeOf } from '../../../../shared/domain/source/schemes.ts';

export const NOW = Date.UTC(2026, 11, 1, 8);
export const BODY = '{"schemaVersion":1}';

/** A scheme as the configuration gives it, by name or with settings. */
export const scheme = (settings: unknown): Scheme => schemeOf(schemeSchema.parse(settings));

/** Every scheme, and the generic one in each of its forms. */
export const SCHEMES: Record<string, unknown> = {
  'Standard Webhooks': 'standard-webhooks',
  Jira: 'jira',
  GitHub: 'github',
  'HMAC of the body': { kind: 'hmac', header: 'x-signature' },
  'HMAC as Slack has it': {
    kind: 'hmac',
    header: 'X-Slack-Signature',
    prefix: 'v0=',
    content: 'v0:{timestamp}:{body}',
    timestampHeader: 'X-Slack-Request-Timestamp',
  },
  'HMAC with id and ISO time, SHA-512 in base64': {
    kind: 'hmac',
    header: 'x-signature',
    algorithm: 'sha512',
    encoding: 'base64',
    content: '{id}/{timestamp}/{body}',
    idHeader: 'x-id',
    timestampHeader: 'x-at',
    timestampUnit: 'iso-8601',
    keyEncoding: 'hex',
  },
  'HMAC with milliseconds, SHA-384 in base64url': {
    kind: 'hmac',
    header: 'x-signature',
    algorithm: 'sha384',
    encoding: 'base64url',
    content: '{timestamp}.{body}',
    timestampHeader: 'x-at',
    timestampUnit: 'milliseconds',
    keyEncoding: 'base64',
  },
  bearer: 'bearer',
  'a secret header': { kind: 'bearer', header: 'X-Automation-Secret' },
  basic: 'basic',
};

export const bytes = (fill: number) => new Uint8Array(32).fill(fill);

export type Judging = { secrets: readonly string[]; headers: Headers; body?: string; now?: number };

export const judge = (one: Scheme, { body = BODY, now = NOW, ...rest }: Judging) =>
  one.verify({ ...rest, body, now, toleranceSeconds: 300 });
