import { createHash } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { z } from 'zod';
import { parseJson } from '../../domain/text/parse-json.ts';
import { describeAnswer } from '../http/answer-fault.ts';
import { rowFor } from '../http/faults.ts';
import { type Answer, sendRequest } from '../http/send-request.ts';
import { ZpaError } from '../http/zpa-error.ts';
import { AUDIENCE, buildClientAssertion } from './client-assertion.ts';
import type { Endpoints } from './clouds.ts';
import type { Credential } from './credential.ts';

export type Token = {
  text: string;
  /** Epoch milliseconds; earlier than the server's own by a margin. */
  renewAt: number;
};

const CALL = 'POST sign-in';
const RENEW_EARLY_MS = 60_000;
/** What ZPA documents where it does not say. */
const DEFAULT_LIFETIME_SECONDS = 3600;

/** OneAPI answers `expires_in` as a number (recorded), the legacy API as a string (documented). */
const grantedSchema = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: z.union([z.number(), z.string().regex(/^\d+$/)]).nullish(),
});

export type SignInTarget = { endpoints: Endpoints; auth: 'oneapi' | 'legacy' };

/**
 * Asks the tenant's token endpoint for a token. Rejects with tenant scope and effect 'none' whatever happens: the call
 * that wanted the token was not sent.
 *
 * @param now epoch milliseconds before the request; the token's life counts from there
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
      // The legacy endpoint takes these two and nothing else.
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
  if (answer.status < 200 || answer.status > 299) throw refusal(answer, now, hide);
  const granted = grantedSchema.safeParse(parseJson(answer.text));
  if (!granted.success) {
    throw new ZpaError(
      `${CALL}: the answer holds no token`,
      { code: 'sign-in-failed' },
      { status: answer.status, call: CALL },
    );
  }
  const lifetimeMs = Number(granted.data.expires_in ?? DEFAULT_LIFETIME_SECONDS) * 1000;
  // A minute early; of a short life a tenth, so that a token is always used at least once.
  return { text: granted.data.access_token, renewAt: now + lifetimeMs - Math.min(RENEW_EARLY_MS, lifetimeMs / 10) };
}

/** `{"error":"invalid_client"}` with 401 (recorded); 400 and 403 say the same in other words. */
function refusal(answer: Answer, now: number, hide: string[]): ZpaError {
  const seen = describeAnswer(answer, now);
  const general = rowFor({ ...seen, on: 'read' });
  const refused = [400, 401, 403].includes(answer.status) && general.scope === 'change';
  const row = refused || general.code === 'sign-in-refused' ? { code: 'sign-in-refused' } : general;
  const detail = { ...seen, call: CALL, hide };
  return new ZpaError(`${CALL}: HTTP ${answer.status}`, row, detail).asSignIn();
}

/** Names a credential in the token cache without holding it. */
export function credentialKey(target: SignInTarget, credential: Credential): string {
  const proof =
    credential.form === 'client-secret'
      ? credential.clientSecret
      : credential.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const parts = [target.endpoints.token, credential.clientId, proof];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
