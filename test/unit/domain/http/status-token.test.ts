import { describe, expect, it } from 'vitest';
import { isStatusToken, statusHash, statusToken, statusUrl } from '../../../../shared/domain/http/status-token.ts';

const ref = { lane: 'PRODUCTION:1', source: 'servicenow', tenant: 'acme', idempotencyKey: 'CHG1' };

describe('a status token', () => {
  it('is the same for the same change, and 256 bits', () => {
    expect(statusToken('secret', ref)).toBe(statusToken('secret', { ...ref }));
    expect(isStatusToken(statusToken('secret', ref))).toBe(true);
    expect(Buffer.from(statusToken('secret', ref), 'base64url')).toHaveLength(32);
  });

  it.each([
    ['secret', statusToken('other', ref)],
    ['lane', statusToken('secret', { ...ref, lane: 'BETA:1' })],
    ['source', statusToken('secret', { ...ref, source: 'jira' })],
    ['tenant', statusToken('secret', { ...ref, tenant: 'other' })],
    ['key', statusToken('secret', { ...ref, idempotencyKey: 'CHG2' })],
  ])('differs with the %s', (_, other) => {
    expect(other).not.toBe(statusToken('secret', ref));
  });

  it('is stored as a hash that does not hold it', () => {
    const token = statusToken('secret', ref);
    expect(statusHash(token)).toMatch(/^[0-9a-f]{64}$/);
    expect(statusHash(token)).not.toContain(token);
  });

  it('stands in one form of address', () => {
    expect(statusUrl('https://a.example', 'T')).toBe('https://a.example/changes/T');
    expect(statusUrl('https://a.example/prod/', 'T')).toBe('https://a.example/prod/changes/T');
  });

  it.each(['', 'x', `${'A'.repeat(42)}=`, 'A'.repeat(44), `${'A'.repeat(42)}/`, `${'A'.repeat(43)}\n`])(
    'is not %j',
    (text) => {
      expect(isStatusToken(text)).toBe(false);
    },
  );
});
