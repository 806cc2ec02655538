import { hmacScheme } from './hmac.ts';
import type { Scheme } from './scheme.ts';

/**
 * `X-Hub-Signature-256: sha256=<hex HMAC of the raw body>` (docs.github.com, "Validating webhook deliveries"). GitHub
 * also sends the older `X-Hub-Signature` with SHA-1, which this scheme ignores.
 */
export const github: Scheme = hmacScheme({
  kind: 'hmac',
  header: 'x-hub-signature-256',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: 'sha256=',
  content: '{body}',
  timestampUnit: 'seconds',
  keyEncoding: 'utf-8',
});
