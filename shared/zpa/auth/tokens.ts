import { errorCode } from '../../ports/error-code.ts';
import type { Clock } from '../../ports/ports.ts';
import { codeOf, ZpaError } from '../http/zpa-error.ts';
import { type Credential, clientKey, parseCredential } from './credential.ts';
import { credentialKey, type SignInTarget, type Token } from './sign-in.ts';

/** Reads the text of the tenant's ZPA secret; `fresh` bypasses the cache. */
export type ReadSecret = (options?: { fresh?: boolean }) => Promise<string>;

export type SignIn = (target: SignInTarget, credential: Credential) => Promise<Token>;

/** The tokens of one process: one per credential and token endpoint. */
export type TokenCache = {
  /** The stored token; undefined if there is none or it is due for renewal. */
  get(key: string): string | undefined;
  /** Signs in, or joins the sign-in that is already under way for this key. */
  renew(key: string, request: () => Promise<Token>): Promise<string>;
  /** Removes `token`, unless a newer one has replaced it. */
  drop(token: string): void;
};

export function createTokenCache(clock: Clock): TokenCache {
  const tokens = new Map<string, Token>();
  const inFlight = new Map<string, Promise<string>>();
  return {
    get: (key) => {
      const token = tokens.get(key);
      return token !== undefined && clock.now() < token.renewAt ? token.text : undefined;
    },
    renew: (key, request) => {
      const joined = inFlight.get(key);
      if (joined !== undefined) return joined;
      const started = request()
        .then((token) => {
          tokens.set(key, token);
          return token.text;
        })
        .finally(() => inFlight.delete(key));
      inFlight.set(key, started);
      return started;
    },
    drop: (dropped) => {
      for (const [key, token] of tokens) if (token.text === dropped) tokens.delete(key);
    },
  };
}

/** Source of one tenant's tokens. */
export type TokenSource = {
  get(): Promise<string>;
  drop(token: string): void;
  /** `clientKey` of the credential of the last token; undefined before the first. */
  clientKey(): string | undefined;
};

/**
 * Creates a token source from secret, cache and sign-in. The secret is read when a sign-in is due, so that a rotation is
 * noticed. After a refused sign-in the secret is read again, bypassing its cache, and a changed secret is tried once. A
 * batch therefore survives a rotation while it runs.
 */
export function createTokenSource(options: {
  target: SignInTarget;
  readSecret: ReadSecret;
  cache: TokenCache;
  signIn: SignIn;
}): TokenSource {
  const { target, cache } = options;
  let currentKey: string | undefined;
  let client: string | undefined;

  async function readSecret(fresh: boolean): Promise<{ key: string; credential: Credential }> {
    const credential = parseCredential(await readText(options.readSecret, fresh));
    return { key: credentialKey(target, credential), credential };
  }

  async function tokenFor({ key, credential }: { key: string; credential: Credential }): Promise<string> {
    currentKey = key;
    client = clientKey(credential);
    return cache.get(key) ?? (await cache.renew(key, () => options.signIn(target, credential)));
  }

  async function obtain(): Promise<string> {
    let refusedKey: string | undefined;
    try {
      const cached = await readSecret(false);
      refusedKey = cached.key;
      return await tokenFor(cached);
    } catch (error) {
      if (!mayBeRotated(error)) throw error;
      const fresh = await readSecret(true);
      if (fresh.key === refusedKey) throw error;
      return await tokenFor(fresh);
    }
  }

  return {
    get: async () => {
      const cached = currentKey === undefined ? undefined : cache.get(currentKey);
      return cached ?? (await obtain());
    },
    drop: (token) => cache.drop(token),
    clientKey: () => client,
  };
}

const mayBeRotated = (error: unknown) =>
  error instanceof ZpaError && (error.code === 'sign-in-refused' || error.code === 'secret-malformed');

async function readText(readSecret: ReadSecret, fresh: boolean): Promise<string> {
  try {
    return await readSecret({ fresh });
  } catch (error) {
    const code = codeOf(error) === 'secret-missing' ? 'secret-missing' : 'secret-unreadable';
    throw new ZpaError(
      `the ZPA secret could not be read (${code})`,
      { code },
      { cause: error, reason: reasonOf(error) },
    );
  }
}

/** The store's own sentence says which secret and why, and nothing of its value; others may. */
const reasonOf = (error: unknown) =>
  error instanceof Error && errorCode(error) === 'secret-unavailable' ? error.message : undefined;
