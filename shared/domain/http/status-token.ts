import { createHash, createHmac } from 'node:crypto';
import { type ChangeRef, refKey } from '../lane/change-ref.ts';

/**
 * The secret part of a change's status address: 256 bits as 43 characters of base64url. It is derived from the change's
 * reference and the status secret, so that a resent delivery gets the same address although only the token's hash is
 * stored.
 */
export function statusToken(secret: string, ref: ChangeRef): string {
  return createHmac('sha256', secret)
    .update(`${refKey(ref)}#${ref.lane}`)
    .digest('base64url');
}

/** The stored form of the token: SHA-256, 64 hex characters. The token has 256 bits, so no salt is needed. */
export function statusHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** True if the text has the form of a status token. */
export function isStatusToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}

/** The status address: `https://example.com/changes/…`; `base` with or without a slash at its end. */
export function statusUrl(base: string, token: string): string {
  return `${base.replace(/\/+$/, '')}/changes/${token}`;
}
