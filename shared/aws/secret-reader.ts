import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import type { Clock, SecretReader } from '../ports/ports.ts';
import { AwsCause, AwsError } from './aws-error.ts';
import { type ClientOrEnv, clientFrom } from './clients.ts';

/** Secrets are cached this long, which saves a call per message; a rotated secret is in use everywhere afterwards. */
const CACHED_MS = 3 * 60 * 1000;

/** Errors by which Secrets Manager answers that a secret does not exist or is marked for deletion. */
const MISSING = new Set(['ResourceNotFoundException', 'InvalidRequestException']);

const answerSchema = z.object({ SecretString: z.string().min(1) });

type Options = ClientOrEnv<SecretsManagerClient> & { clock: Pick<Clock, 'now'>; cachedMs?: number };

/**
 * Reads texts of secrets and caches them for three minutes, with one request in flight per name; failures are not
 * cached. Errors contain nothing of a secret or of the service's answer.
 */
export function createSecretReader(options: Options): SecretReader {
  const client = clientFrom(options, (settings) => new SecretsManagerClient(settings));
  const cachedMs = options.cachedMs ?? CACHED_MS;
  const cache = new Map<string, { text: string; until: number }>();
  const inFlight = new Map<string, Promise<string>>();

  async function fetchAndCache(name: string): Promise<string> {
    const text = await fetchSecret(client, name);
    cache.set(name, { text, until: options.clock.now() + cachedMs });
    return text;
  }

  return {
    async read(name, { fresh = false } = {}) {
      const cached = cache.get(name);
      if (!fresh && cached !== undefined && options.clock.now() < cached.until) return cached.text;
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
    if (MISSING.has(cause.name)) throw missing(name, cause);
    throw new AwsError('secret-unavailable', `The secret ${name} could not be read: ${cause.name}`, cause);
  }
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) throw missing(name);
  return parsed.data.SecretString;
}

function missing(name: string, cause?: AwsCause): AwsError {
  return new AwsError(
    'secret-missing',
    `The secret ${name} is missing or empty. Put its value in Secrets Manager.`,
    cause,
  );
}
