import { z } from 'zod';
import { type SourceConfiguration, secretNames } from '../../shared/domain/configuration.ts';
import { type HttpAnswer, problem } from '../../shared/domain/problem.ts';
import { isWebhookSecret, verifyWebhook } from '../../shared/domain/webhook-signature.ts';
import type { Delivery, Ingest } from './ports.ts';
import { CHALLENGE, type Envelope } from './read-envelope.ts';

/** The current secret and, while a rotation lasts, the previous one. */
const sourceSecret = z.strictObject({ secrets: z.array(z.string().refine(isWebhookSecret)).min(1).max(2) });

const DETAILS = {
  'signature-malformed': 'Sign as Standard Webhooks does: the timestamp in seconds, the id without a full stop.',
  'signature-wrong': 'Sign the raw body with the secret of this source.',
  'timestamp-stale': 'Sign each attempt anew, and hold the clock of the sender against a time server.',
  'timestamp-future': 'Hold the clock of the sender against a time server.',
};

/** The answer to a delivery that this source did not sign, or cannot be verified; undefined for a genuine one. */
export async function verifyDelivery(
  ingest: Ingest,
  source: SourceConfiguration,
  delivery: Delivery,
  envelope: Envelope,
): Promise<HttpAnswer | undefined> {
  const secrets = await readSecrets(ingest, delivery.source);
  if (secrets === undefined) {
    const detail = 'This webhook is not set up completely. Send the same delivery again later.';
    return problem('unavailable', { detail, headers: { 'retry-after': '60' } });
  }
  const verdict = verifyWebhook({
    secrets,
    headers: envelope.signature,
    body: envelope.body,
    now: ingest.clock.now(),
    toleranceSeconds: source.toleranceSeconds,
  });
  if (verdict.ok) return undefined;
  return problem(verdict.code, { detail: DETAILS[verdict.code], headers: CHALLENGE });
}

/** undefined: the secret is missing or not as it must be; logged by its name, never by what it holds. */
async function readSecrets(ingest: Ingest, source: string): Promise<string[] | undefined> {
  const name = secretNames.source(ingest.configuration.name, source);
  let text: string;
  try {
    text = await ingest.secrets.read(name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'secret-missing')) throw error;
    ingest.log.error('a source has no secret', { code: 'source-secret-missing', source });
    return undefined;
  }
  const parsed = sourceSecret.safeParse(parseJson(text));
  if (parsed.success) return parsed.data.secrets;
  ingest.log.error('the secret of a source cannot be used', { code: 'source-secret-malformed', source });
  return undefined;
}

/** The parser's error would quote the secret: it goes no further. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
