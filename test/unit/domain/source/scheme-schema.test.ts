import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { verificationSettings } from '../../../../shared/domain/source/scheme-schema.ts';

const schema = z.strictObject(verificationSettings);
const faults = (value: unknown) =>
  schema.safeParse(value).error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];

describe('how a source proves itself', () => {
  it('is Standard Webhooks within five minutes, from anywhere, unless told', () => {
    expect(schema.parse({})).toEqual({ scheme: { kind: 'standard-webhooks' }, toleranceSeconds: 300 });
    expect(schema.parse({ scheme: 'standard-webhooks' })).toEqual(schema.parse({}));
  });

  it('is a name, or a kind with settings, and the parsed configuration parses again', () => {
    for (const scheme of ['jira', 'github', 'basic', 'bearer', { kind: 'hmac', header: 'X-Sig' }]) {
      const once = schema.parse({ scheme, allowedCidrs: ['203.0.113.0/24', '2001:db8::/32'], replay: 'none' });
      expect(schema.parse(JSON.parse(JSON.stringify(once)))).toEqual(once);
    }
    expect(schema.parse({ scheme: { kind: 'hmac', header: 'X-Sig' } }).scheme).toMatchObject({ header: 'x-sig' });
  });

  it.each<[string, unknown, RegExp]>([
    ['an unknown scheme', { scheme: 'md5' }, /^scheme\.kind: .*standard-webhooks/],
    ['a keyed hash without header', { scheme: 'hmac' }, /^scheme\.header:/],
    ['a header that is two', { scheme: { kind: 'hmac', header: 'a, b' } }, /^scheme\.header: must be the name of one/],
    [
      'no body signed',
      { scheme: { kind: 'hmac', header: 'x', content: 'v0' } },
      /^scheme\.content: must hold \{body\}/,
    ],
    ['two bodies', { scheme: { kind: 'hmac', header: 'x', content: '{body}.{body}' } }, /^scheme\.content: must hold/],
    [
      'parts that touch',
      { scheme: { kind: 'hmac', header: 'x', content: '{timestamp}{body}', timestampHeader: 't' } },
      /^scheme\.content: needs a mark/,
    ],
    [
      'parts with a letter in between',
      { scheme: { kind: 'hmac', header: 'x', content: '{timestamp}T{body}', timestampHeader: 't' } },
      /^scheme\.content: needs a mark/,
    ],
    ['an id from nowhere', { scheme: { kind: 'hmac', header: 'x', content: '{id}.{body}' } }, /^scheme\.idHeader:/],
    [
      'a timestamp that nobody signs',
      { scheme: { kind: 'hmac', header: 'x', timestampHeader: 't' } },
      /^scheme\.timestampHeader: .*protects nothing/,
    ],
    ['a setting nobody knows', { scheme: { kind: 'github', secret: 'x' } }, /secret/],
    ['an address for a range', { allowedCidrs: ['203.0.113.7'] }, /^allowedCidrs\.0: must be an address range/],
    ['33 bits', { allowedCidrs: ['203.0.113.0/33'] }, /^allowedCidrs\.0/],
    ['no range at all', { allowedCidrs: [] }, /^allowedCidrs/],
    ['a replay guard of a minute’s half', { replay: { retrySeconds: 30 } }, /^replay/],
    ['a path with spaces', { replay: { idField: 'a b' } }, /^replay/],
  ])('with %s is refused by name', (_, value, fault) => {
    expect(faults(value).join('\n')).toMatch(fault);
  });
});
