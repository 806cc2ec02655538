import { type SourceConfiguration, secretNames } from '../../shared/domain/configuration/configuration.ts';
import { type HttpAnswer, problem } from '../../shared/domain/http/http-problem.ts';
import { isWithin } from '../../shared/domain/source/ip-allowlist.ts';
import { schemeOf } from '../../shared/domain/source/schemes.ts';
import { verifyBySecrets } from '../../shared/reading/read-source-secrets.ts';
import type { Delivery, IngestPorts } from './ports.ts';

/** The refusal of a delivery from elsewhere than its source allows; nothing of its body is looked at for that. */
export function judgeAddress(source: SourceConfiguration, delivery: Delivery): HttpAnswer | undefined {
  const { allowedCidrs } = source;
  if (allowedCidrs === undefined || isWithin(delivery.sourceIp ?? '', allowedCidrs)) return undefined;
  return problem('address-not-allowed', {
    detail: 'This webhook accepts deliveries from certain address ranges only. Ask the owner of the settings.',
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
  const name = secretNames.source(ingest.configuration.name, delivery.source);
  const verdict = await verifyBySecrets(
    ingest,
    { kind: 'source', source: delivery.source, name },
    scheme.isSecret,
    (secrets) =>
      scheme.verify({
        secrets,
        headers: delivery.headers,
        body,
        now: ingest.clock.now(),
        toleranceSeconds: source.toleranceSeconds,
      }),
    (one) => !one.ok && one.code === 'signature-wrong',
  );
  if (verdict === undefined) {
    const detail = 'This webhook is not set up completely. Send the same delivery again later.';
    return problem('unavailable', { detail, headers: { 'retry-after': '60' } });
  }
  if (verdict.ok) return undefined;
  const headers = { 'www-authenticate': scheme.challenge };
  return problem(verdict.code, { detail: scheme.details[verdict.code], headers });
}
