import type { SourceConfiguration } from '../../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../../shared/domain/configuration/lookup.ts';
import { parseRotatingSecret } from '../../../shared/domain/source/rotating-secret.ts';
import { schemeOf } from '../../../shared/domain/source/schemes.ts';
import { signPayload } from '../../../shared/domain/source/sign-payload.ts';
import { EXIT, OpsError } from '../output/exit-codes.ts';
import type { Session } from './compose.ts';

/**
 * A body as this source's ticket system would send it now: proved by the source's scheme with its first secret, marked
 * with id and time where its replay guard wants them. Rejects with `OpsError` if the secret cannot be used.
 */
export async function signDelivery(desk: Session, name: string, id: string, body: string) {
  const source = sourceNamed(desk, name);
  const text = await desk.secrets.read(desk.sourceSecretName(name));
  const [secret] = parseRotatingSecret(text, schemeOf(source.scheme).isSecret) ?? [];
  if (secret === undefined) throw malformed(name);
  return signPayload(source, secret, { id, at: desk.clock.now(), body });
}

/** A configured source. Rejects with `OpsError` that names those there are. */
function sourceNamed(desk: Session, name: string): SourceConfiguration {
  const source = lookup(desk.configuration.sources, name);
  if (source !== undefined) return source;
  const remedy = `Name one of: ${Object.keys(desk.configuration.sources).join(', ')}.`;
  throw new OpsError(EXIT.usage, 'which-source', `There is no source "${name}".`, remedy);
}

function malformed(source: string): OpsError {
  const sentence = `The signing secret of source "${source}" is malformed.`;
  const remedy = 'It must be {"secrets": ["…"]} in the form of its scheme: docs/sources.md.';
  return new OpsError(EXIT.unreachable, 'secret-malformed', sentence, remedy);
}
