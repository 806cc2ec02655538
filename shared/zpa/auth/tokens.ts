import type { Clock } from '../../ports/ports.ts';
import { codeOf, ZpaError } from '../http/zpa-error.ts';
import { type Credential, parseCredential } from './credential.ts';
import { credentialKey, type SignInTarget, type Token } from './sign-in.ts';

/** Reads the text of the tenant's ZPA secret; `fresh` asks past whatever caches it. */
export type ReadSecret = (options?: { fresh?: boolean }) => Promise<string>;

export type SignIn = (target: SignInTarget, credential: Credential) => Promise<Token>;

/** Tokens of one process, one per credential and token endpoint. */
export type TokenCache = {
  /** A token that still lives; undefined if there is none. */
  held(key: string): string | undefined;
  /** Signs in, or joins the sign-in under way for this key. */
  renew(key: string, request: () => Promise<Token>): Promise<string>;
  /** Forgets `token`, unless a newer one took its place. */
  drop(token: string): void;
};

export function createTokenCache(clock: Clock): TokenCache {
  const tokens = new Map<string, Token>();
  const underWay = new Map<string, Promise<string>>();
  return {
    held: (key) => {
      const token = tokens.get(key);
      return token !== undefined && clock.now() < token.renewAt ? token.text : undefined;
    },
    renew: (key, request) => {
      const joined = underWay.get(key);
      if (joined !== undefined) return joined;
      const started = request()
        .then((token) => {
          tokens.set(key, token);
          return token.text;
        })
        .finally(() => underWay.delete(key));
      underWay.set(key, started);
      return started;
    },
    drop: (dropped) => {
      for (const [key, token] of tokens) if (token.text === dropped) tokens.delete(key);
    },
  };
}

/** One tenant's way to a token: the secret, the cache, and the sign-in behind them. */
export type TokenSource = { get(): Promise<string>; drop(token: string): void };

/**
 * The secret is read when a sign-in is due, so that a rotated one is noticed then; after a refused sign-in it is read
 * again past its cache, and if it holds something new that is tried once. A batch thus survives a rotation in its
 * middle.
 */
export function createTokenSource(options: {
  target: SignInTarget;
  readSecret: ReadSecret;
  cache: TokenCache;
  signIn: SignIn;
}): TokenSource {
  const { target, cache } = options;
  let known: string | undefined;

  async function readSecret(fresh: boolean): Promise<{ key: string; credential: Credential }> {
    const credential = parseCredential(await readText(options.readSecret, fresh));
    return { key: credentialKey(target, credential), credential };
  }

  async function tokenFor({ key, credential }: { key: string; credential: Credential }): Promise<string> {
    known = key;
    return cache.held(key) ?? (await cache.renew(key, () => options.signIn(target, credential)));
  }

  async function obtain(): Promise<string> {
    let refused: string | undefined;
    try {
      const cached = await readSecret(false);
      refused = cached.key;
      return await tokenFor(cached);
    } catch (error) {
      if (!mayBeRotated(error)) throw error;
      const fresh = await readSecret(true);
      if (fresh.key === refused) throw error;
      return await tokenFor(fresh);
    }
  }

  return {
    get: async () => {
      const held = known === undefined ? undefined : cache.held(known);
      return held ?? (await obtain());
    },
    drop: (token) => cache.drop(token),
  };
}

const mayBeRotated = (error: unknown) =>
  error instanceof ZpaError && (error.code === 'sign-in-refused' || error.code === 'secret-malformed');

async function readText(readSecret: ReadSecret, fresh: boolean): Promise<string> {
  try {
    return await readSecret({ fresh });
  } catch (error) {
    const code = codeOf(error) === 'secret-missing' ? 'secret-missing' : 'secret-unreadable';
    throw new ZpaError(`the ZPA secret could not be read (${code})`, { code }, { cause: error });
  }
}
