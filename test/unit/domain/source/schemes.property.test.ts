import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, judge, NOW, SCHEMES, scheme } from './sample-schemes.ts';

const anyId = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/);
const anyTime = fc.integer({ min: 1_000_000_000_000, max: NOW });
/** A body is decoded from bytes, so it holds no lone surrogates. */
const anyBody = fc.string({ unit: 'binary', maxLength: 200 });
const anyKey = fc.uint8Array({ minLength: 32, maxLength: 32 });

/** Schemes that only present a secret do not authenticate the body. */
const SHOWN = new Set(['bearer', 'a secret header', 'basic']);

/**
 * The name of an authentication scheme is not case-sensitive, so a change of case in those letters is no corruption.
 */
const LEAD = { bearer: 'Bearer '.length, basic: 'Basic '.length } as Record<string, number>;

describe.each(Object.keys(SCHEMES))('%s', (name) => {
  const one = scheme(SCHEMES[name]);

  it('takes what it signs, with either of two live secrets', () => {
    fc.assert(
      fc.property(anyKey, anyKey, anyId, anyTime, anyBody, (first, second, id, at, body) => {
        const secrets = [one.toSecret(first), one.toSecret(second)];
        for (const secret of secrets) {
          expect(one.isSecret(secret)).toBe(true);
          const headers = one.sign(secret, { id, at, body });
          expect(judge(one, { secrets, headers, body, now: at })).toEqual({ ok: true });
        }
      }),
    );
  });

  it('refuses it with any bit flipped, of what proves it and of the body', () => {
    fc.assert(
      fc.property(anyKey, anyId, anyTime, anyBody, fc.nat(), fc.nat(7), (key, id, at, body, place, bit) => {
        const secret = one.toSecret(key);
        const headers = one.sign(secret, { id, at, body });
        const parts = [...Object.entries(headers), ...(SHOWN.has(name) ? [] : [['body', body] as const])];
        const bits = parts.flatMap(([part, text]) => {
          const skipped = part === 'authorization' ? (LEAD[name] ?? 0) : 0;
          return Array.from(Buffer.from(text).subarray(skipped), (_, index) => ({ part, index: index + skipped }));
        });
        const chosen = bits[place % bits.length];
        if (chosen === undefined) throw new Error('a header is never empty');
        const flipped = (part: string, text: string) => (part === chosen.part ? flip(text, chosen.index, bit) : text);
        const wrong = Object.fromEntries(Object.entries(headers).map(([part, text]) => [part, flipped(part, text)]));
        const otherBody = flipped('body', body);
        // Bytes that are not UTF-8 decode to other text; ingest refuses them earlier.
        fc.pre(!otherBody.includes('\uFFFD') || body.includes('\uFFFD'));
        expect(judge(one, { secrets: [secret], headers: wrong, body: otherBody, now: at }).ok).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses the proof of any other secret, and a delivery without any', () => {
    fc.assert(
      fc.property(anyKey, anyKey, anyBody, (mine, other, body) => {
        fc.pre(Buffer.compare(mine, other) !== 0);
        const headers = one.sign(one.toSecret(other), { id: 'msg', at: NOW, body });
        const secrets = [one.toSecret(mine)];
        expect(judge(one, { secrets, headers, body })).toEqual({ ok: false, code: 'signature-wrong' });
        expect(judge(one, { secrets, headers: {}, body })).toEqual({ ok: false, code: 'signature-missing' });
      }),
    );
  });

  it('judges any headers without an exception, and finds none of them genuine', () => {
    const names = Object.keys(one.sign(one.toSecret(bytes(1)), { id: 'msg', at: NOW, body: '' }));
    const anyHeaders = fc.record(Object.fromEntries(names.map((header) => [header, fc.string({ unit: 'binary' })])), {
      requiredKeys: [],
    });
    fc.assert(
      fc.property(anyHeaders, anyBody, (headers, body) => {
        expect(judge(one, { secrets: [one.toSecret(bytes(1))], headers, body }).ok).toBe(false);
      }),
    );
  });

  it('refuses a header that came twice', () => {
    const secret = one.toSecret(bytes(1));
    const headers = one.sign(secret, { id: 'msg', at: NOW, body: 'x' });
    const proof = Object.keys(headers).at(-1) ?? '';
    for (const second of [headers[proof], 'x']) {
      const joined = { ...headers, [proof]: `${headers[proof]},${second}` };
      expect(judge(one, { secrets: [secret], headers: joined, body: 'x' }).ok).toBe(false);
    }
  });
});

function flip(text: string, index: number, bit: number): string {
  const raw = Buffer.from(text);
  raw[index] = (raw[index] ?? 0) ^ (1 << bit);
  return raw.toString('utf8');
}
