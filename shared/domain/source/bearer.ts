import { anyEqualInConstantTime } from './constant-time.ts';
import { CLOCK_DETAILS, headerOf, type Scheme } from './scheme.ts';
import type { BearerSettings } from './scheme-schema.ts';

/**
 * A long random text in a header, for senders that cannot sign: `Authorization: Bearer …` (RFC 6750), the hidden header
 * of Jira Automation's "Send web request", an API key. Anyone who has read one delivery can send others, so combine it
 * with address ranges.
 */
export function bearerScheme({ header, prefix = header === 'authorization' ? 'Bearer ' : '' }: BearerSettings): Scheme {
  const form = prefix === '' ? 'the secret of this source' : `"${prefix}" and the secret of this source`;
  return {
    challenge: 'Bearer',
    details: {
      'signature-missing': `The header ${header} with ${form} is needed.`,
      'signature-malformed': `The header ${header} holds ${form}, once.`,
      'signature-wrong': 'Send the secret of this source.',
      ...CLOCK_DETAILS,
    },
    isSecret: (text) => /^[\x21-\x7e]{20,512}$/.test(text),
    toSecret: (bytes) => Buffer.from(bytes).toString('base64url'),
    verify({ headers, secrets }) {
      const offered = headerOf(headers, header);
      if (offered === undefined) return { ok: false, code: 'signature-missing' };
      const lead = offered.slice(0, prefix.length);
      // RFC 9110: the name of an authentication scheme is not case-sensitive.
      if (lead.toLowerCase() !== prefix.toLowerCase()) return { ok: false, code: 'signature-malformed' };
      const genuine = anyEqualInConstantTime([offered.slice(prefix.length)], secrets);
      return genuine ? { ok: true } : { ok: false, code: 'signature-wrong' };
    },
    sign: (secret) => ({ [header]: `${prefix}${secret}` }),
  };
}
