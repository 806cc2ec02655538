import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { parseJson } from '../../domain/text/parse-json.ts';
import { ZpaError } from '../http/zpa-error.ts';

/** The credential of a ZPA API client; the fields of its secret decide the form of sign-in. */
export type Credential =
  | { form: 'client-secret'; clientId: string; clientSecret: string }
  | { form: 'private-key'; clientId: string; privateKey: KeyObject };

/** Distinguishes API clients in stored records: a digest of the client id, whatever its secret or key is. */
export const clientKey = ({ clientId }: Credential): string =>
  createHash('sha256').update(clientId).digest('base64url').slice(0, 16);

const secretSchema = z.object({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
  privateKey: z.string().min(1).optional(),
});

const malformed = (reason: string) => new ZpaError(`the ZPA secret ${reason}`, { code: 'secret-malformed' });

/**
 * Parses the text of a ZPA secret. Throws `secret-malformed` with tenant scope; the message names the faulty field and
 * never its value.
 */
export function parseCredential(text: string): Credential {
  const { clientId, clientSecret, privateKey } = parseFields(text);
  if (clientSecret !== undefined && privateKey !== undefined) {
    throw malformed('holds both "clientSecret" and "privateKey"; give one');
  }
  if (clientSecret !== undefined) return { form: 'client-secret', clientId, clientSecret };
  if (privateKey === undefined) throw malformed('lacks "clientSecret" or "privateKey"');
  return { form: 'private-key', clientId, privateKey: parseKey(privateKey) };
}

function parseFields(text: string): z.output<typeof secretSchema> {
  const value = parseJson(text);
  if (value === undefined) throw malformed('is not JSON');
  const parsed = secretSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => (issue.path.length === 0 ? 'object' : issue.path.join('.')));
  throw malformed(`lacks or misstates: ${[...new Set(fields)].join(', ')}`);
}

/** ZIdentity accepts RSA keys of 2048 bits and more (the public Python SDK refuses shorter ones before it signs in). */
function parseKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw malformed('holds a "privateKey" that is not a PEM private key (PKCS#8, unencrypted)');
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa' || bits < 2048) {
    throw malformed('holds a "privateKey" that is not RSA of at least 2048 bits');
  }
  return key;
}
