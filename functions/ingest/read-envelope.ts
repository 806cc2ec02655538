import { type HttpAnswer, problem } from '../../shared/domain/problem.ts';
import type { WebhookHeaders } from '../../shared/domain/webhook-signature.ts';
import type { Delivery } from './ports.ts';

/** Raw bytes of a delivery: a hundred changes of ten kilobytes. */
const MAX_BODY_BYTES = 1024 * 1024;

export type Envelope = { body: string; signature: WebhookHeaders };

/** What can be judged without knowing the source: the same answer whether it exists or not. */
export function readEnvelope(delivery: Delivery): Envelope | { refusal: HttpAnswer } {
  if (delivery.method !== 'POST') {
    const detail = 'Deliveries are sent with POST.';
    return { refusal: problem('method-not-allowed', { detail, headers: { allow: 'POST' } }) };
  }
  if (!isJson(delivery.contentType)) {
    const detail = 'Send application/json, or another type that ends in +json, in UTF-8.';
    return { refusal: problem('unsupported-media-type', { detail, headers: { 'accept-post': 'application/json' } }) };
  }
  if (delivery.body.length > MAX_BODY_BYTES) {
    const detail = `A delivery has at most ${MAX_BODY_BYTES} bytes. Split it.`;
    return { refusal: problem('body-too-large', { detail }) };
  }
  if (delivery.signature === undefined) {
    const detail = 'The headers webhook-id, webhook-timestamp and webhook-signature are needed.';
    return { refusal: problem('signature-missing', { detail, headers: CHALLENGE }) };
  }
  const body = decode(delivery.body);
  if (body === undefined) {
    return { refusal: problem('body-not-utf8', { detail: 'The body holds bytes that are not UTF-8.' }) };
  }
  return { body, signature: delivery.signature };
}

/** RFC 9110 wants a challenge with every 401. */
export const CHALLENGE = { 'www-authenticate': 'StandardWebhooks' };

/** `application/json` or `application/…+json`; of its parameters only the charset matters, and it must be UTF-8. */
function isJson(contentType: string | undefined): boolean {
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  if (!/^application\/(?:[a-z0-9!#$&^_.-]+\+)?json$/.test(type.trim())) return false;
  const charsets = parameters.map((one) => one.trim()).filter((one) => one.startsWith('charset='));
  return charsets.every((one) => /^charset="?utf-?8"?$/.test(one));
}

/**
 * Text that encodes back to the very same bytes (the byte order mark stays): so a signature over the text is one over
 * the raw body. A lenient decoder would map different bodies to one text, and one signature would fit them all.
 */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
