import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWebhookSecret, signWebhook, verifyWebhook } from '../../../../shared/domain/source/webhook-signature.ts';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const NOW = Date.UTC(2026, 11, 1, 8);
const BODY = '{"schemaVersion":1}';

type Signed = { id: string; timestamp: string; signature: string };

function signed(secret = SECRET, at = NOW, body = BODY, id = 'msg_1'): Signed {
  const headers = signWebhook(secret, id, at, body);
  return {
    id: headers['webhook-id'] ?? '',
    timestamp: headers['webhook-timestamp'] ?? '',
    signature: headers['webhook-signature'] ?? '',
  };
}

const verify = (headers: Signed, body = BODY, secrets = [SECRET], toleranceSeconds = 300) =>
  verifyWebhook({ secrets, headers, body, now: NOW, toleranceSeconds });

describe('a signature', () => {
  it('is the one the specification defines', () => {
    const mac = createHmac('sha256', Buffer.alloc(24, 7))
      .update(`msg_1.${NOW / 1000}.${BODY}`)
      .digest('base64');
    expect(signed().signature).toBe(`v1,${mac}`);
  });

  it('over the body is accepted', () => {
    expect(verify(signed())).toEqual({ ok: true });
    expect(verify(signed(SECRET, NOW, '\uFEFFé')).ok).toBe(false);
    expect(verify(signed(SECRET, NOW, '\uFEFFé'), '\uFEFFé').ok).toBe(true);
  });

  it('of the previous secret is accepted while both live, and one of several is enough', () => {
    expect(verify(signed(OTHER), BODY, [SECRET, OTHER]).ok).toBe(true);
    expect(verify(signed(OTHER), BODY, [SECRET])).toEqual({ ok: false, code: 'signature-wrong' });
    const two = { ...signed(), signature: `v1a,abc v1,${'A'.repeat(44)} ${signed().signature}` };
    expect(verify(two).ok).toBe(true);
  });

  it.each([
    ['another body', signed(SECRET, NOW, '{}'), 'signature-wrong'],
    ['another id', { ...signed(), id: 'msg_2' }, 'signature-wrong'],
    ['another time', { ...signed(), timestamp: String(NOW / 1000 + 1) }, 'signature-wrong'],
    ['another version', { ...signed(), signature: signed().signature.replace('v1', 'v2') }, 'signature-wrong'],
    ['nothing of it', { ...signed(), signature: 'v1,' }, 'signature-wrong'],
    ['only a part of it', { ...signed(), signature: signed().signature.slice(0, -2) }, 'signature-wrong'],
    ['an id with a full stop', signed(SECRET, NOW, BODY, 'msg.1'), 'signature-malformed'],
    ['a timestamp with letters', { ...signed(), timestamp: `${NOW / 1000}x` }, 'signature-malformed'],
    ['a timestamp in milliseconds', signed(SECRET, NOW * 1000), 'signature-malformed'],
    [
      'a hundred signatures',
      { ...signed(), signature: Array(100).fill(signed().signature).join(' ') },
      'signature-malformed',
    ],
  ])('with %s is refused', (_, headers, code) => {
    expect(verify(headers)).toEqual({ ok: false, code });
  });

  it.each([
    [-300, true],
    [-301, 'timestamp-stale'],
    [300, true],
    [301, 'timestamp-future'],
  ])('made %i seconds from now: %s', (seconds, verdict) => {
    const judged = verify(signed(SECRET, NOW + seconds * 1000));
    expect(judged.ok ? true : judged.code).toBe(verdict);
  });

  it('knows the tolerance it is given, wider or narrower than the package has it', () => {
    expect(verify(signed(SECRET, NOW - 3_000_000), BODY, [SECRET], 3600).ok).toBe(true);
    expect(verify(signed(SECRET, NOW - 11_000), BODY, [SECRET], 10).ok).toBe(false);
  });

  it('cannot be moved to other bytes: a body cannot lend its text to the timestamp', () => {
    const body = `x.${NOW / 1000}.{"evil":true}`;
    const original = signed(SECRET, NOW, body);
    const shifted = { ...original, id: `${original.id}.${NOW / 1000}.x` };
    expect(verify(shifted, '{"evil":true}').ok).toBe(false);
  });

  it('of any text is judged without an exception', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (id, timestamp, signature, body) => {
        expect(verify({ id, timestamp, signature }, body).ok).toBe(false);
      }),
    );
  });
});

describe('a secret', () => {
  it.each([
    [SECRET, true],
    ['whsec_', false],
    [SECRET.slice(6), false],
    [`whsec_${Buffer.alloc(23).toString('base64')}`, false],
    [`whsec_${Buffer.alloc(65).toString('base64')}`, false],
    ['whsec_not base64 at all, only long enough', false],
    [`${SECRET}=`, false],
  ])('%s: %s', (text, usable) => {
    expect(isWebhookSecret(text)).toBe(usable);
  });
});
