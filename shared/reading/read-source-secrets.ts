import { parseRotatingSecret } from '../domain/source/rotating-secret.ts';
import { errorCode } from '../ports/error-code.ts';
import type { Log, SecretReader } from '../ports/ports.ts';

/**
 * The secret by which a source proves its deliveries, or itself where it reads the catalog. `name`: as the secret store
 * knows it.
 */
type SourceSecret = { kind: 'source' | 'catalog'; source: string; name: string };

const LOGGED = {
  source: {
    missing: { code: 'source-secret-missing', message: 'a source has no secret' },
    malformed: { code: 'source-secret-malformed', message: 'the secret of a source cannot be used' },
  },
  catalog: {
    missing: { code: 'catalog-secret-missing', message: 'a source has no catalog secret' },
    malformed: { code: 'catalog-secret-malformed', message: 'the catalog secret of a source cannot be used' },
  },
} as const;

/**
 * The current secret of a source and, while a rotation lasts, the previous one. undefined: it is missing or not as it must
 * be, which is logged by the source's name, never by what the secret holds. Rejects as the reader does otherwise.
 */
export async function readSourceSecrets(
  { secrets, log }: { secrets: SecretReader; log: Log },
  { kind, source, name }: SourceSecret,
  isSecret: (secret: string) => boolean,
): Promise<string[] | undefined> {
  const unusable = ({ code, message }: { code: string; message: string }) => {
    log.error(message, { code, source });
    return undefined;
  };
  let text: string;
  try {
    text = await secrets.read(name);
  } catch (error) {
    if (errorCode(error) !== 'secret-missing') throw error;
    return unusable(LOGGED[kind].missing);
  }
  return parseRotatingSecret(text, isSecret) ?? unusable(LOGGED[kind].malformed);
}
