import { TicketError } from './ticket-error.ts';

/** Reads the text of the credential; `fresh` bypasses the cache. */
export type ReadSecret = (options?: { fresh?: boolean }) => Promise<string>;

/** Codes that may mean that the secret in the cache was replaced or put right meanwhile. */
const MAY_BE_REPLACED: ReadonlySet<string> = new Set(['tickets-refused', 'tickets-secret']);

/**
 * Attempts a call with the secret's text. After a refusal, or if the secret cannot be used, its text is read anew, past
 * the cache, and another text is tried once. The same text is not: it would be refused again, and some systems lock an
 * account after a few.
 */
export async function withFreshSecret<T>(readSecret: ReadSecret, attempt: (secret: string) => Promise<T>): Promise<T> {
  const known = await readSecret();
  try {
    return await attempt(known);
  } catch (error) {
    if (!(error instanceof TicketError) || !MAY_BE_REPLACED.has(error.code)) throw error;
    const secret = await readSecret({ fresh: true });
    if (secret === known) throw error;
    return attempt(secret);
  }
}
