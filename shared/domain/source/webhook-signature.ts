import { Webhook } from 'standardwebhooks';
import { anyEqualInConstantTime } from './constant-time.ts';
import type { SchemeDelivery, SchemeVerdict } from './scheme.ts';

/** The three headers of a Standard Webhooks delivery (standardwebhooks.com), as received. */
export type WebhookHeaders = { id: string; timestamp: string; signature: string };

/** `secrets`: `whsec_…`; each must have passed `isWebhookSecret`. */
type SignedDelivery = Omit<SchemeDelivery, 'headers'> & { headers: WebhookHeaders };

/**
 * An id may not contain `.`, which separates the signed parts: part of the body could otherwise pass for a timestamp.
 */
const ID = /^[\x21-\x2d\x2f-\x7e]{1,256}$/;
const TIMESTAMP = /^[1-9]\d{0,11}$/;
const MAX_SIGNATURES = 10;

/**
 * Verifies one delivery. The package only signs here. Its `verify` is not used, because it reads the machine's clock
 * and knows one fixed tolerance, accepts timestamps with trailing letters, and parses the body (standardwebhooks
 * 1.1.1). Every secret is compared with every signature, in constant time and without an early end.
 */
export function verifyWebhook({ secrets, headers, body, now, toleranceSeconds }: SignedDelivery): SchemeVerdict {
  const offered = headers.signature.split(' ').filter((one) => one.startsWith('v1,'));
  if (!ID.test(headers.id) || !TIMESTAMP.test(headers.timestamp) || offered.length > MAX_SIGNATURES) {
    return { ok: false, code: 'signature-malformed' };
  }
  const signedAt = new Date(Number(headers.timestamp) * 1000);
  const ageSeconds = Math.floor(now / 1000) - Number(headers.timestamp);
  const expected = secrets.map((secret) => new Webhook(secret).sign(headers.id, signedAt, body));
  if (!anyEqualInConstantTime(offered, expected)) return { ok: false, code: 'signature-wrong' };
  if (ageSeconds > toleranceSeconds) return { ok: false, code: 'timestamp-stale' };
  return ageSeconds < -toleranceSeconds ? { ok: false, code: 'timestamp-future' } : { ok: true };
}

/** Signs a delivery as a source does; for the CLI, the local world and tests. `at`: epoch ms. Returns its headers. */
export function signWebhook(secret: string, id: string, at: number, body: string): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, new Date(at), body),
  };
}

/** True if the text is `whsec_` and the base64 of 24 to 64 bytes, as the specification requires. */
export function isWebhookSecret(text: string): boolean {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1];
  if (encoded === undefined) return false;
  const key = Buffer.from(encoded, 'base64');
  return key.length >= 24 && key.length <= 64 && key.toString('base64') === encoded;
}
