import { parseRotatingSecret } from '../domain/source/rotating-secret.ts';
import { errorCode } from '../ports/error-code.ts';
import type { Log, SecretAge, SecretReader } from '../ports/ports.ts';

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
 * The most often a proof that fails makes us read the secret anew. A secret that was replaced is in use at once then, and
 * wrong proofs by the thousand cost no more reads than that.
 */
const READ_ANEW_MS = 10_000;

/**
 * Verifies by the current secret of a source and, while a rotation lasts, the previous one. If `mayBeStale` is said of the
 * verdict, or the secret cannot be used, the secret is read anew and tried once more. undefined: it is missing or not as it
 * must be, which is logged by the source's name, never by what the secret holds. Rejects as the reader does otherwise.
 */
export async function verifyBySecrets<Verdict>(
  { secrets, log }: { secrets: SecretReader; log: Log },
  { kind, source, name }: SourceSecret,
  isSecret: (secret: string) => boolean,
  verify: (secrets: readonly string[]) => Verdict,
  mayBeStale: (verdict: Verdict) => boolean,
): Promise<Verdict | undefined> {
  const judge = async (age: SecretAge) => {
    const all = parseRotatingSecret(await secrets.read(name, age), isSecret);
    return all === undefined ? undefined : { verdict: verify(all) };
  };
  let judged: { verdict: Verdict } | undefined;
  try {
    judged = await judge({});
    if (judged !== undefined && !mayBeStale(judged.verdict)) return judged.verdict;
    judged = await judge({ anewEveryMs: READ_ANEW_MS });
  } catch (error) {
    const isMissing = errorCode(error) === 'secret-missing';
    // The verdict by the known secret stands if the secret cannot be read anew.
    if (!isMissing && judged === undefined) throw error;
    if (isMissing) return unusable(log, source, LOGGED[kind].missing);
  }
  return judged === undefined ? unusable(log, source, LOGGED[kind].malformed) : judged.verdict;
}

function unusable(log: Log, source: string, { code, message }: { code: string; message: string }): undefined {
  log.error(message, { code, source });
}
