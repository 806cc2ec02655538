import { createHmac } from 'node:crypto';
import { anyEqualInConstantTime } from './constant-time.ts';
import { CLOCK_DETAILS, headerOf, type Scheme, type SchemeDelivery, type SchemeVerdict } from './scheme.ts';
import { type HmacSettings, literalsOf } from './scheme-schema.ts';
import { formatTimestamp, parseTimestamp } from './timestamp.ts';

/** A keyed hash (RFC 2104) over the content, in the header and in the form that the configuration states. */
export function hmacScheme(settings: HmacSettings): Scheme {
  const { algorithm, header, content } = settings;
  return {
    challenge: 'HMAC',
    details: {
      'signature-missing': `The headers ${neededHeaders(settings).join(', ')} are needed.`,
      'signature-malformed': `The header ${header} holds ${settings.prefix}<HMAC-${algorithm}, ${settings.encoding}>, once.`,
      'signature-wrong': `Sign ${content}, the body as raw bytes, with the secret of this source.`,
      ...CLOCK_DETAILS,
    },
    isSecret: (text) => isKey(text, settings.keyEncoding),
    toSecret: (bytes) =>
      Buffer.from(bytes).toString(settings.keyEncoding === 'utf-8' ? 'base64url' : settings.keyEncoding),
    verify: (delivery) => verify(settings, delivery),
    sign(secret, { id, at, body }) {
      const timestamp = formatTimestamp(at, settings.timestampUnit);
      return {
        ...(settings.idHeader === undefined ? {} : { [settings.idHeader]: id }),
        ...(settings.timestampHeader === undefined ? {} : { [settings.timestampHeader]: timestamp }),
        [header]: mac(settings, secret, { id, timestamp, body }),
      };
    },
  };
}

function neededHeaders({ header, idHeader, timestampHeader }: HmacSettings): string[] {
  return [header, idHeader, timestampHeader].filter((name) => name !== undefined);
}

type Parts = { id: string; timestamp: string; body: string };

/** The header's value as a genuine sender writes it. */
function mac(settings: HmacSettings, secret: string, parts: Parts): string {
  const { algorithm, encoding, prefix, content, keyEncoding } = settings;
  const signed = content.replaceAll(/\{(id|timestamp|body)\}/g, (_, name: keyof Parts) => parts[name]);
  return `${prefix}${createHmac(algorithm, Buffer.from(secret, keyEncoding)).update(signed).digest(encoding)}`;
}

/** Compares the signature as text, so that no second spelling of the same bytes is accepted. */
function verify(settings: HmacSettings, delivery: SchemeDelivery): SchemeVerdict {
  const { headers, secrets, body } = delivery;
  const [offered, ...needed] = neededHeaders(settings).map((name) => headerOf(headers, name));
  if (offered === undefined || needed.includes(undefined)) return { ok: false, code: 'signature-missing' };
  const id = settings.idHeader === undefined ? '' : (headerOf(headers, settings.idHeader) ?? '');
  const timestamp = settings.timestampHeader === undefined ? '' : (headerOf(headers, settings.timestampHeader) ?? '');
  const signedAt =
    settings.timestampHeader === undefined ? undefined : parseTimestamp(timestamp, settings.timestampUnit);
  const unreadable = settings.timestampHeader !== undefined && signedAt === undefined;
  if (unreadable || !isShaped(settings, offered) || !isId(settings, id)) {
    return { ok: false, code: 'signature-malformed' };
  }
  const expected = secrets.map((secret) => mac(settings, secret, { id, timestamp, body }));
  if (!anyEqualInConstantTime([offered], expected)) return { ok: false, code: 'signature-wrong' };
  const ageMs = signedAt === undefined ? 0 : delivery.now - signedAt;
  if (ageMs >= (delivery.toleranceSeconds + 1) * 1000) return { ok: false, code: 'timestamp-stale' };
  if (ageMs < -delivery.toleranceSeconds * 1000) return { ok: false, code: 'timestamp-future' };
  return { ok: true };
}

const BYTES = { sha256: 32, sha384: 48, sha512: 64 };

function isShaped({ prefix, encoding, algorithm }: HmacSettings, offered: string): boolean {
  const text = offered.slice(prefix.length);
  const form = encoding === 'hex' ? /^[0-9a-f]+$/ : encoding === 'base64' ? /^[A-Za-z0-9+/]+={0,2}$/ : /^[\w-]+$/;
  const length = Buffer.alloc(BYTES[algorithm]).toString(encoding).length;
  return offered.startsWith(prefix) && text.length === length && form.test(text);
}

/**
 * A signed id may not contain the separators of the signed parts, because part of the body could otherwise pass for
 * part of the id.
 */
function isId({ idHeader, content }: HmacSettings, id: string): boolean {
  if (idHeader === undefined) return true;
  const separators = content.includes('{id}') ? literalsOf(content).join('') : '';
  return /^[\x21-\x7e]{1,256}$/.test(id) && ![...separators].some((one) => id.includes(one));
}

/**
 * The key has at least 16 bytes. Ticket systems with a text field for the secret use the text itself as key, as GitHub
 * and Jira do.
 */
function isKey(text: string, encoding: HmacSettings['keyEncoding']): boolean {
  if (encoding === 'utf-8') return /^[\x20-\x7e]{16,256}$/.test(text);
  const key = Buffer.from(text, encoding);
  return key.length >= 16 && key.length <= 256 && key.toString(encoding) === text;
}
