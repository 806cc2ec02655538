import { hmacScheme } from './hmac.ts';
import type { Scheme } from './scheme.ts';

/**
 * A webhook that a Jira admin registered with a secret: `X-Hub-Signature: sha256=<hex HMAC of the raw body>`, in the
 * form of WebSub and without `-256` in its name (developer.atlassian.com, "Secure admin webhooks"; Jira Data Center
 * does the same: confluence.atlassian.com, "Managing webhooks"). The headers sign neither time nor delivery id; the
 * body's `timestamp` is signed with the body.
 */
export const jira: Scheme = hmacScheme({
  kind: 'hmac',
  header: 'x-hub-signature',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: 'sha256=',
  content: '{body}',
  timestampUnit: 'milliseconds',
  keyEncoding: 'utf-8',
});
