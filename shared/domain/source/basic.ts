import { anyEqualInConstantTime } from './constant-time.ts';
import { CLOCK_DETAILS, headerOf, type Scheme } from './scheme.ts';

const FORM = /^basic +([A-Za-z0-9+/]+={0,2})$/i;

/**
 * HTTP Basic (RFC 7617), which every RESTMessageV2 of ServiceNow supports (ServiceNow docs, "Outbound REST
 * authentication"). A secret is `user:password`. As with a bearer secret, anyone who has read one delivery can send
 * others.
 */
export const basic: Scheme = {
  challenge: 'Basic realm="webhooks", charset="UTF-8"',
  details: {
    'signature-missing': 'The header authorization with user and password of this source is needed.',
    'signature-malformed': 'The header authorization holds "Basic" and the base64 of user:password, once.',
    'signature-wrong': 'Send user and password of this source.',
    ...CLOCK_DETAILS,
  },
  isSecret: (text) => /^[\x21-\x39\x3b-\x7e]{1,64}:[\x20-\x7e]{12,256}$/.test(text),
  toSecret: (bytes) => `zpa-changes:${Buffer.from(bytes).toString('base64url')}`,
  verify({ headers, secrets }) {
    const offered = headerOf(headers, 'authorization');
    if (offered === undefined) return { ok: false, code: 'signature-missing' };
    const encoded = FORM.exec(offered)?.[1];
    if (encoded === undefined) return { ok: false, code: 'signature-malformed' };
    const genuine = anyEqualInConstantTime([encoded], secrets.map(base64));
    return genuine ? { ok: true } : { ok: false, code: 'signature-wrong' };
  },
  sign: (secret) => ({ authorization: `Basic ${base64(secret)}` }),
};

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
