import { z } from 'zod';
import { type SourceConfiguration, secretNames } from '../../shared/domain/configuration/configuration.ts';
import { type HttpAnswer, problem } from '../../shared/domain/http/http-problem.ts';
import { isWithin } from '../../shared/domain/source/ip-allowlist.ts';
import type { Scheme } from '../../shared/domain/source/scheme.ts';
import { schemeOf } from '../../shared/domain/source/schemes.ts';
import { parseJson } from '../../shared/domain/text/parse-json.ts';
import { errorCode } from '../../shared/ports/error-code.ts';
import type { Delivery, IngestPorts } from './ports.ts';

/** The current secret and, while a rotation lasts, the previous one. */
const sourceSecret = z.strictObject({ secrets: z.array(z.string()).min(1).max(2) });

/** The refusal of a delivery from elsewhere than its source allows; nothing of its body is looked at for that. */
export function judgeAddress(source: SourceConfiguration, delivery: Delivery): HttpAnswer | undefined {
  const { allowedCidrs } = source;
  if (allowedCidrs === undefined || isWithin(delivery.sourceIp ?? '', allowedCidrs)) return undefined;
  return problem('address-not-allowed', {
    detail: 'This webhook takes deliveries from certain address ranges only. Ask whoever keeps the configuration.',
  });
}

/** The answer to a delivery that this source did not prove, or cannot be verified; undefined for a genuine one. */
export async function verifyDelivery(
  ingest: IngestPorts,
  source: SourceConfiguration,
  delivery: Delivery,
  body: string,
): Promise<HttpAnswer | undefined> {
  const scheme = schemeOf(source.scheme);
  const secrets = await readSecrets(ingest, delivery.source, scheme);
  if (secrets === undefined) {
    const detail = 'This webhook is not set up completely. Send the same delivery again later.';
    return problem('unavailable', { detail, headers: { 'retry-after': '60' } });
  }
  const verdict = scheme.verify({
    secrets,
    headers: delivery.headers,
    body,
    now: ingest.clock.now(),
    toleranceSeconds: source.toleranceSeconds,
  });
  if (verdict.ok) return undefined;
  const headers = { 'www-authenticate': scheme.challenge };
  return problem(verdict.code, { detail: scheme.details[verdict.code], headers });
}

/** undefined: the secret is missing or not as it must be; logged by its name, never by what it holds. */
async function readSecrets(ingest: IngestPorts, source: string, scheme: Scheme): Promise<string[] | undefined> {
  const name = secretNames.source(ingest.configuration.name, source);
  let text: string;
  try {
    text = await ingest.secrets.read(name);
  } catch (error) {
    if (errorCode(error) !== 'secret-missing') throw error;
    ingest.log.error('a source has no secret', { code: 'source-secret-missing', source });
    return undefined;
  }
  const parsed = sourceSecret.safeParse(parseJson(text));
  if (parsed.success && parsed.data.secrets.every((secret) => scheme.isSecret(secret))) return parsed.data.secrets;
  ingest.log.error('the secret of a source cannot be used', { code: 'source-secret-malformed', source });
  return undefined;
}
