import { type SourceConfiguration, secretNames } from '../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../shared/domain/configuration/lookup.ts';
import { anyEqualInConstantTime } from '../../shared/domain/source/constant-time.ts';
import { isCatalogSecret } from '../../shared/domain/source/rotating-secret.ts';
import { headerOf } from '../../shared/domain/source/scheme.ts';
import { standardWebhooks } from '../../shared/domain/source/standard-webhooks.ts';
import { verifyBySecrets } from '../../shared/reading/read-source-secrets.ts';
import type { CatalogPorts, CatalogRequest } from './ports.ts';

export type Authenticated = { source: SourceConfiguration } | { refused: 'missing' | 'wrong' };

/** The claimed source and its proof. */
type Claim = { source: string; proves: (secrets: readonly string[]) => boolean };

/**
 * Authenticates the source of this request by its catalog secret: HTTP Basic with the source as user (RFC 7617), a bearer
 * (RFC 6750), or a signature of Standard Webhooks over method and address; for the last two the parameter `source` names
 * it. The catalog secret differs from the secret that signs deliveries, so a reader of names cannot request changes. A
 * source without a catalog gets the same answer as one with a wrong secret.
 */
export async function authenticate(ports: CatalogPorts, request: CatalogRequest): Promise<Authenticated> {
  const claim = claimOf(ports, request);
  if (claim === undefined) return { refused: 'missing' };
  const source = lookup(ports.configuration.sources, claim.source);
  if (source?.catalog !== true) return { refused: 'wrong' };
  const name = secretNames.catalog(ports.configuration.name, claim.source);
  const secret = { kind: 'catalog', source: claim.source, name } as const;
  const isProved = await verifyBySecrets(ports, secret, isCatalogSecret, claim.proves, (proved) => !proved);
  return isProved ? { source } : { refused: 'wrong' };
}

function claimOf(ports: CatalogPorts, request: CatalogRequest): Claim | undefined {
  const { source = '' } = request.query;
  const offered = headerOf(request.headers, 'authorization');
  const [, kind = '', value = ''] = /^(basic|bearer) +([\x21-\x7e]+)$/i.exec(offered ?? '') ?? [];
  if (kind.toLowerCase() === 'basic') {
    const [user = '', password = ''] = splitOnce(Buffer.from(value, 'base64').toString('utf8'));
    return { source: user, proves: (secrets) => anyEqualInConstantTime([password], secrets) };
  }
  if (kind.toLowerCase() === 'bearer') return { source, proves: (secrets) => anyEqualInConstantTime([value], secrets) };
  const signed = { headers: request.headers, body: `${request.method} ${request.address}`, now: ports.clock.now() };
  if (headerOf(request.headers, 'webhook-signature') === undefined) return undefined;
  const proves = (all: readonly string[]) => {
    const secrets = all.filter(standardWebhooks.isSecret);
    return secrets.length > 0 && standardWebhooks.verify({ ...signed, secrets, toleranceSeconds: 300 }).ok;
  };
  return { source, proves };
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf(':');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
