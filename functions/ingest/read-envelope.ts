import { type HttpAnswer, problem } from '../../shared/domain/http/http-problem.ts';
import { headerOf } from '../../shared/domain/source/scheme.ts';
import type { Delivery } from './ports.ts';

/** The most raw bytes of a delivery: a hundred changes of ten kilobytes. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Refuses by method and headers alone, without knowing the source or touching the body. */
export function judgeHead({ method, headers }: Delivery): HttpAnswer | undefined {
  if (method !== 'POST') {
    const detail = 'Deliveries are sent with POST.';
    return problem('method-not-allowed', { detail, headers: { allow: 'POST' } });
  }
  if (!isJson(headerOf(headers, 'content-type'))) {
    const detail = 'Send application/json, or another type that ends in +json, in UTF-8.';
    return problem('unsupported-media-type', { detail, headers: { 'accept-post': 'application/json' } });
  }
  // Nothing is decompressed, so a small request cannot become a large one in memory.
  if ((headerOf(headers, 'content-encoding') ?? 'identity').trim().toLowerCase() !== 'identity') {
    const detail = 'Send the body as it is signed, without Content-Encoding.';
    return problem('unsupported-content-encoding', { detail, headers: { 'accept-encoding': 'identity' } });
  }
  return undefined;
}

/**
 * Reads the raw body as text that encodes back to the very same bytes (the byte order mark stays), so a signature over the
 * text is one over the bytes. A lenient decoder would map different bodies to one text, and one signature would fit all.
 */
export function readBody({ body }: Delivery): { body: string } | { refusal: HttpAnswer } {
  if (leastBytes(body) > MAX_BODY_BYTES) return { refusal: tooLarge() };
  const bytes = Buffer.from(body.text, body.base64 ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY_BYTES) return { refusal: tooLarge() };
  const text = decode(bytes);
  if (text !== undefined) return { body: text };
  return { refusal: problem('body-not-utf8', { detail: 'The body holds bytes that are not UTF-8.' }) };
}

/** A lower bound before decoding: a character is a byte or more, four of base64 are three bytes less the padding. */
const leastBytes = ({ text, base64 }: Delivery['body']) => (base64 ? (text.length / 4) * 3 - 2 : text.length);

function tooLarge(): HttpAnswer {
  return problem('body-too-large', { detail: `A delivery has at most ${MAX_BODY_BYTES} bytes. Split it.` });
}

/** `application/json` or `application/…+json`; of its parameters only the charset matters, and it must be UTF-8. */
function isJson(contentType: string | undefined): boolean {
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  if (!/^application\/(?:[a-z0-9!#$&^_.-]+\+)?json$/.test(type.trim())) return false;
  const charsets = parameters.map((one) => one.trim()).filter((one) => one.startsWith('charset='));
  return charsets.every((one) => /^charset="?utf-?8"?$/.test(one));
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
