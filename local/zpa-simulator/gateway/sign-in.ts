import type { Answer } from '../api/answers.ts';
import type { Quirks } from '../behaviour/chosen-quirks.ts';
import type { Credential } from '../tenant/seed.ts';
import { assertedBy, same, type Tokens } from './tokens.ts';

export type SignIn = {
  credentials: readonly Credential[];
  tokens: Tokens;
  /** Seconds; OneAPI answers it as an integer, legacy as a string (recorded; help.zscaler.com, Getting Started). */
  oneapiLifetimeSeconds: number;
  legacyLifetimeSeconds: number;
  quirks: Quirks;
  nowSeconds: number;
  uuid: () => string;
};

type SignedIn = { answer: Answer; client: string | undefined };

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const oauthError = (status: number, error: string): Answer => ({ status, body: { error } });

/** `POST /oauth2/v1/token`: client credentials by secret or by signed assertion; the audience is required. */
export function oneapiToken(form: URLSearchParams, signIn: SignIn): SignedIn {
  const client = form.get('client_id') ?? undefined;
  if (form.get('grant_type') !== 'client_credentials') {
    return { answer: oauthError(400, 'unsupported_grant_type'), client };
  }
  if (form.get('audience') !== 'https://api.zscaler.com') return { answer: oauthError(400, 'invalid_request'), client };
  const credential = form.has('client_assertion') ? byAssertion(form, signIn) : bySecret(form, signIn.credentials);
  if (credential === undefined) return { answer: oauthError(401, 'invalid_client'), client };
  const lifetime = signIn.oneapiLifetimeSeconds;
  const body = { access_token: issue(credential, lifetime, signIn), token_type: 'Bearer', expires_in: lifetime };
  return { answer: { status: 200, body }, client: credential.clientId };
}

/** `POST /signin` of the legacy API: form body of id and secret alone. */
export function legacySignIn(form: URLSearchParams, signIn: SignIn): SignedIn {
  const client = form.get('client_id') ?? undefined;
  if (signIn.quirks.get('legacy') === 'only-oneapi') return { answer: movedToOneapi, client };
  const credential = bySecret(form, signIn.credentials);
  if (credential === undefined) return { answer: deniedSignIn, client };
  const lifetime = signIn.legacyLifetimeSeconds;
  const token = issue(credential, lifetime, signIn);
  const body = { token_type: 'Bearer', access_token: token, expires_in: String(lifetime) };
  return { answer: { status: 200, body }, client: credential.clientId };
}

const deniedSignIn: Answer = {
  status: 401,
  error: true,
  body: { id: 'access.denied', reason: 'Access denied' },
};

/** The Go SDK looks for this sentence in an answer that is not JSON. */
export const movedToOneapi: Answer = {
  status: 403,
  text: 'This organization can be accessed only through Zscaler OneAPI.',
  headers: { 'content-type': 'text/plain' },
};

const issue = (credential: Credential, lifetime: number, { tokens, nowSeconds, uuid }: SignIn): string =>
  tokens.issue(credential.clientId, uuid(), lifetime, nowSeconds);

function bySecret(form: URLSearchParams, credentials: readonly Credential[]): Credential | undefined {
  const secret = form.get('client_secret') ?? '';
  const known = credentials.find((one) => one.clientId === form.get('client_id'));
  return known?.clientSecret !== undefined && same(known.clientSecret, secret) ? known : undefined;
}

function byAssertion(form: URLSearchParams, { credentials, nowSeconds }: SignIn): Credential | undefined {
  if (form.get('client_assertion_type') !== ASSERTION_TYPE) return undefined;
  const credential = assertedBy(form.get('client_assertion') ?? '', credentials, nowSeconds);
  const named = form.get('client_id');
  return named === null || named === credential?.clientId ? credential : undefined;
}
