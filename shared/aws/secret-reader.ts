import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import type { Clock, SecretReader } from '../ports/ports.ts';
import { AwsCause, AwsError } from './aws-error.ts';
import { type ClientOrEnv, clientFrom } from './clients.ts';

/** A rotated secret is in use everywhere after this long, without a call per message. */
const KEPT_MS = 3 * 60 * 1000;

/** Names by which Secrets Manager says that there is nothing to read: absent, or marked for deletion. */
const MISSING = new Set(['ResourceNotFoundException', 'InvalidRequestException']);

const answerSchema = z.object({ SecretString: z.string().min(1) });

type Options = ClientOrEnv<SecretsManagerClient> & { clock: Pick<Clock, 'now'>; keptMs?: number };

/**
 * Secrets' texts, kept for three minutes, one request in flight per name; failures are not kept. Nothing of a secret,
 * nor of the service's answer, is in an error.
 */
export function createSecretReader(options: Options): SecretReader {
  const client = clientFrom(options, (settings) => new SecretsManagerClient(settings));
  const keptMs = options.keptMs ?? KEPT_MS;
  const kept = new Map<string, { text: string; until: number }>();
  const underWay = new Map<string, Promise<string>>();

  async function ask(name: string): Promise<string> {
    const text = await fetchSecret(client, name);
    kept.set(name, { text, until: options.clock.now() + keptMs });
    return text;
  }

  return {
    async read(name, { fresh = false } = {}) {
      const known = kept.get(name);
      if (!fresh && known !== undefined && options.clock.now() < known.until) return known.text;
      const running = underWay.get(name);
      if (running !== undefined) return running;
      const asked = ask(name).finally(() => underWay.delete(name));
      underWay.set(name, asked);
      return asked;
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
