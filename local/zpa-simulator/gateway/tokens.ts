import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { isRecord } from '../api/call.ts';
import type { Credential } from '../tenant/seed.ts';

/** The claims of a simulated token. Clients decode it: the Go SDK's legacy mode trusts nothing but `exp`. */
export type Session = { clientId: string; transactionId: string; expiresAtSeconds: number };

export type Tokens = {
  issue(clientId: string, transactionId: string, lifetimeSeconds: number, nowSeconds: number): string;
  /** undefined: not ours, expired, or expired by command. */
  read(token: string | undefined, nowSeconds: number): Session | undefined;
  /** Every token issued so far is refused from now on. */
  expireAll(): void;
  /** Number of such expirations; stored in the data folder. */
  epoch(): number;
};

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export function createTokens(key: string, startEpoch: number): Tokens {
  let epoch = startEpoch;
  const sign = (unsigned: string): string => createHmac('sha256', key).update(unsigned).digest('base64url');
  return {
    issue: (clientId, transactionId, lifetimeSeconds, nowSeconds) => {
      const claims = {
        iss: 'https://simulator.zslogin.net',
        aud: 'https://api.zscaler.com',
        sub: clientId,
        jti: transactionId,
        iat: nowSeconds,
        exp: nowSeconds + lifetimeSeconds,
        epoch,
      };
      const unsigned = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
      return `${unsigned}.${sign(unsigned)}`;
    },
    read: (token, nowSeconds) => {
      const [head, payload, signature] = token?.split('.') ?? [];
      if (!head || !payload || !signature || !same(signature, sign(`${head}.${payload}`))) return undefined;
      const claims = readJson(payload);
      if (claims === undefined || claims.epoch !== epoch || Number(claims.exp) <= nowSeconds) return undefined;
      return {
        clientId: String(claims.sub),
        transactionId: String(claims.jti),
        expiresAtSeconds: Number(claims.exp),
      };
    },
    expireAll: () => {
      epoch += 1;
    },
    epoch: () => epoch,
  };
}

/** A `client_assertion`: RS256, issued by and about the client itself, for the API's audience, and not expired. */
export function assertedBy(
  assertion: string,
  credentials: readonly Credential[],
  nowSeconds: number,
): Credential | undefined {
  const [head = '', payload = '', signature = ''] = assertion.split('.');
  const claims = readJson(payload);
  const credential = credentials.find((one) => one.clientId === claims?.sub && one.publicKey !== undefined);
  if (claims === undefined || credential?.publicKey === undefined || readJson(head)?.alg !== 'RS256') return undefined;
  const audiences = [claims.aud].flat();
  if (claims.iss !== claims.sub || !audiences.includes('https://api.zscaler.com')) return undefined;
  if (!(Number(claims.exp) > nowSeconds)) return undefined;
  const key = createPublicKey(credential.publicKey);
  const signed = verify('sha256', Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, 'base64url'));
  return signed ? credential : undefined;
}

function readJson(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
