import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import type { Clock, SecretReader } from '../ports/ports.ts';
import { AwsCause, AwsError } from './aws-error.ts';
import { type ClientOrEnv, clientFrom } from './clients.ts';

/** Secrets are cached this long, which saves a call per message; a rotated secret is in use everywhere afterwards. */
const CACHED_MS = 3 * 60 * 1000;

/** A missing secret is looked for again after this time: senders repeat what is refused, and each try would be a call. */
const MISSING_CACHED_MS = 5_000;

/** Errors by which Secrets Manager answers that a secret does not exist or is marked for deletion. */
const MISSING = new Set(['ResourceNotFoundException', 'InvalidRequestException']);

const answerSchema = z.object({ SecretString: z.string().min(1) });

type Options = ClientOrEnv<SecretsManagerClient> & { clock: Pick<Clock, 'now'>; cachedMs?: number };

/**
 * Reads texts of secrets and caches them for three minutes, with one request in flight per name. That a secret is
 * missing is cached for seconds, other failures are not. Errors contain nothing of a secret or of the service's answer.
 */
export function createSecretReader(options: Options): SecretReader {
  const client = clientFrom(options, SecretsManagerClient);
  const cachedMs = options.cachedMs ?? CACHED_MS;
  const cache = new Map<string, { text: string; readAt: number }>();
  const askedAnew = new Map<string, number>();
  const missing = new Map<string, { error: AwsError; until: number }>();
  const inFlight = new Map<string, Promise<string>>();

  async function fetchAndCache(name: string): Promise<string> {
    const now = options.clock.now();
    try {
      const text = await fetchSecret(client, name);
      cache.set(name, { text, readAt: now });
      missing.delete(name);
      return text;
    } catch (error) {
      if (error instanceof AwsError && error.code === 'secret-missing')
        missing.set(name, { error, until: now + MISSING_CACHED_MS });
      throw error;
    }
  }

  return {
    async read(name, { fresh = false, anewEveryMs } = {}) {
      const now = options.clock.now();
      const absent = missing.get(name);
      if (!fresh && absent !== undefined && now < absent.until) throw absent.error;
      const last = askedAnew.get(name);
      const isAnew = anewEveryMs !== undefined && (last === undefined || now - last >= anewEveryMs);
      if (isAnew) askedAnew.set(name, now);
      const cached = cache.get(name);
      const isUsable = cached !== undefined && now - cached.readAt < cachedMs;
      if (isUsable && !fresh && !isAnew) return cached.text;
      const running = inFlight.get(name);
      if (running !== undefined) return running;
      const request = fetchAndCache(name).finally(() => inFlight.delete(name));
      inFlight.set(name, request);
      return request;
    },
  };
}

async function fetchSecret(client: SecretsManagerClient, name: string): Promise<string> {
  let answer: unknown;
  try {
    answer = await client.send(new GetSecretValueCommand({ SecretId: name }));
  } catch (error) {
    const cause = new AwsCause(error, { withMessage: false });
    if (MISSING.has(cause.name)) throw secretMissing(name, cause);
    throw new AwsError('secret-unavailable', `The secret ${name} could not be read: ${cause.kind}`, cause);
  }
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) throw secretMissing(name);
  return parsed.data.SecretString;
}

function secretMissing(name: string, cause?: AwsCause): AwsError {
  return new AwsError(
    'secret-missing',
    `The secret ${name} is missing or empty. Put its value in Secrets Manager.`,
    cause,
  );
}
