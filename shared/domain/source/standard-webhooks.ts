import { CLOCK_DETAILS, type Headers, headerOf, type Scheme } from './scheme.ts';
import { isWebhookSecret, signWebhook, verifyWebhook, type WebhookHeaders } from './webhook-signature.ts';

/**
 * Standard Webhooks (specification 1.0.0, standardwebhooks.com): `webhook-id`, `webhook-timestamp`,
 * `webhook-signature`. Svix sends the same headers under names that begin with `svix-` (docs.svix.com, "Verifying
 * payloads manually").
 */
export const standardWebhooks: Scheme = {
  challenge: 'StandardWebhooks',
  details: {
    'signature-missing': 'The headers webhook-id, webhook-timestamp and webhook-signature are needed.',
    'signature-malformed': 'Sign as Standard Webhooks does: the timestamp in seconds, the id without a full stop.',
    'signature-wrong': 'Sign the raw body with the secret of this source.',
    ...CLOCK_DETAILS,
  },
  isSecret: isWebhookSecret,
  toSecret: (bytes) => `whsec_${Buffer.from(bytes).toString('base64')}`,
  verify({ headers, ...delivery }) {
    const given = headersUnder('webhook', headers) ?? headersUnder('svix', headers);
    if (given === undefined) return { ok: false, code: 'signature-missing' };
    return verifyWebhook({ ...delivery, headers: given });
  },
  sign: (secret, { id, at, body }) => signWebhook(secret, id, at, body),
};

/** Returns all three or none, so that parts of two signatures are never combined. */
function headersUnder(prefix: string, headers: Headers): WebhookHeaders | undefined {
  const id = headerOf(headers, `${prefix}-id`);
  const timestamp = headerOf(headers, `${prefix}-timestamp`);
  const signature = headerOf(headers, `${prefix}-signature`);
  return id && timestamp && signature ? { id, timestamp, signature } : undefined;
}
