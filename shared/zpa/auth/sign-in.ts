import { createHash } from 'node:crypto';
import type { Dispatcher } from 'undici';
import * as z from 'zod';
import { parseJson } from '../../domain/text/parse-json.ts';
import { describeAnswer } from '../http/answer-fault.ts';
import { findFaultRow } from '../http/faults.ts';
import { type Answer, sendRequest } from '../http/send-request.ts';
import { ZpaError } from '../http/zpa-error.ts';
import { AUDIENCE, buildClientAssertion } from './client-assertion.ts';
import type { Endpoints } from './clouds.ts';
import type { Credential } from './credential.ts';

export type Token = {
  text: string;
  /** Epoch milliseconds, earlier than the server's expiry by a margin. */
  renewAt: number;
};

const CALL = 'POST sign-in';
const RENEW_EARLY_MS = 60_000;
/** The documented lifetime, used if the answer states none. */
const DEFAULT_LIFETIME_SECONDS = 3600;

/** OneAPI answers `expires_in` as a number (recorded), the legacy API answers it as a string (documented). */
const grantedSchema = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: z.union([z.number(), z.string().regex(/^\d+$/)]).nullish(),
});

export type SignInTarget = { endpoints: Endpoints; auth: 'oneapi' | 'legacy' };

/**
 * Requests a token from the tenant's token endpoint. Every rejection has tenant scope and effect 'none', because the
 * call that needs the token was not sent.
 *
 * @param now epoch milliseconds before the request; the token's lifetime counts from there
 */
export async function signIn(
  dispatcher: Dispatcher,
  target: SignInTarget,
  credential: Credential,
  options: { now: number; timeoutMs: number },
): Promise<Token> {
  const form = buildForm(target, credential, options.now);
  const hide = [...form].filter(([name]) => name === 'client_secret' || name === 'client_assertion').map(([, v]) => v);
  const request = {
    method: 'POST',
    url: new URL(target.endpoints.token),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  } as const;
  const answer = await sendRequest(dispatcher, request, {
    on: 'read',
    call: CALL,
    hide,
    timeoutMs: options.timeoutMs,
  }).catch((error: unknown) => {
    throw error instanceof ZpaError ? error.asSignIn() : error;
  });
  return parseToken(answer, options.now, hide);
}

function buildForm(target: SignInTarget, credential: Credential, now: number): URLSearchParams {
  const { clientId } = credential;
  if (target.auth === 'legacy') {
    if (credential.form === 'client-secret') {
      // The legacy endpoint accepts only these two fields.
      return new URLSearchParams({ client_id: clientId, client_secret: credential.clientSecret });
    }
    throw new ZpaError('the ZPA secret lacks "clientSecret", which the legacy API needs', { code: 'secret-malformed' });
  }
  const common = { grant_type: 'client_credentials', client_id: clientId, audience: AUDIENCE };
  if (credential.form === 'client-secret') {
    return new URLSearchParams({ ...common, client_secret: credential.clientSecret });
  }
  return new URLSearchParams({
    ...common,
    client_assertion: buildClientAssertion(clientId, credential.privateKey, now),
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  });
}

function parseToken(answer: Answer, now: number, hide: string[]): Token {
  if (answer.status < 200 || answer.status > 299) throw signInError(answer, now, hide);
  const granted = grantedSchema.safeParse(parseJson(answer.text));
  if (!granted.success) {
    throw new ZpaError(
      `${CALL}: the answer holds no token`,
      { code: 'sign-in-failed' },
      { status: answer.status, call: CALL },
    );
  }
  const lifetimeMs = Number(granted.data.expires_in ?? DEFAULT_LIFETIME_SECONDS) * 1000;
  // Renewed a minute early; a short-lived token is renewed after nine tenths, so that it is used at least once.
  return { text: granted.data.access_token, renewAt: now + lifetimeMs - Math.min(RENEW_EARLY_MS, lifetimeMs / 10) };
}

/** ZPA refuses a credential with 401 and `{"error":"invalid_client"}` (recorded); 400 and 403 mean the same here. */
function signInError(answer: Answer, now: number, hide: string[]): ZpaError {
  const described = describeAnswer(answer, now);
  const general = findFaultRow({ ...described, on: 'read' });
  const refused = [400, 401, 403].includes(answer.status) && general.scope === 'change';
  const row = refused || general.code === 'sign-in-refused' ? { code: 'sign-in-refused' } : general;
  const detail = { ...described, call: CALL, hide };
  return new ZpaError(`${CALL}: HTTP ${answer.status}`, row, detail).asSignIn();
}

/** Key of a credential in the token cache: a hash, so that the cache does not hold the credential. */
export function credentialKey(target: SignInTarget, credential: Credential): string {
  const proof =
    credential.form === 'client-secret'
      ? credential.clientSecret
      : credential.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const parts = [target.endpoints.token, credential.clientId, proof];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
