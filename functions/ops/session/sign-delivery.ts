import { parseRotatingSecret } from '../../../shared/domain/source/rotating-secret.ts';
import { schemeOf } from '../../../shared/domain/source/schemes.ts';
import { signPayload } from '../../../shared/domain/source/sign-payload.ts';
import { EXIT, OpsError } from '../output/exit-codes.ts';
import { chooseSource } from './choose.ts';
import type { OpsSession } from './compose.ts';

/**
 * Signs a body as this source's ticket system would send it now: by the source's scheme with its first secret, and with
 * id and time if its replay protection requires them. Rejects with `OpsError` if the secret cannot be used.
 */
export async function signDelivery(session: OpsSession, name: string, id: string, body: string) {
  const source = chooseSource(session.configuration, name);
  const text = await session.secrets.read(session.sourceSecretName(name));
  const [secret] = parseRotatingSecret(text, schemeOf(source.scheme).isSecret) ?? [];
  if (secret === undefined) throw malformedSecret(name);
  return signPayload(source, secret, { id, at: session.clock.now(), body });
}

function malformedSecret(source: string): OpsError {
  const sentence = `The signing secret of source "${source}" is malformed.`;
  const remedy = 'It must be {"secrets": ["…"]} in the form of its scheme: docs/sources.md.';
  return new OpsError(EXIT.unreachable, 'secret-malformed', sentence, remedy);
}
