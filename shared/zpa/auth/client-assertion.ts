import { type KeyObject, sign } from 'node:crypto';

/** The audience of both token and assertion on every cloud (both public SDKs). */
export const AUDIENCE = 'https://api.zscaler.com';
const LIFETIME_SECONDS = 600;

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * Builds the signed JWT that replaces a client secret (RFC 7523): RS256, with exactly the claims that the public SDKs
 * send (`iss` and `sub` are the client id, `aud`, `exp` in ten minutes; no `iat`, `jti` or `kid`).
 *
 * @param now epoch milliseconds
 */
export function buildClientAssertion(clientId: string, privateKey: KeyObject, now: number): string {
  const claims = { iss: clientId, sub: clientId, aud: AUDIENCE, exp: Math.floor(now / 1000) + LIFETIME_SECONDS };
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
}
