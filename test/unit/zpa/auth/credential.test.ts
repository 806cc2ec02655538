import { generateKeyPairSync, verify } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { buildClientAssertion } from '../../../../shared/zpa/auth/client-assertion.ts';
import { parseCredential } from '../../../../shared/zpa/auth/credential.ts';
import { ZpaError } from '../../../../shared/zpa/http/zpa-error.ts';

const pem = (bits: number) =>
  generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const KEY = pem(2048);

const failure = (text: string): ZpaError => {
  try {
    parseCredential(text);
  } catch (error) {
    if (error instanceof ZpaError) return error;
    throw error;
  }
  throw new Error('was taken');
};

describe('credential', () => {
  it('is a client secret or a private key', () => {
    expect(parseCredential('{"clientId":"abc","clientSecret":"s3cret-value"}')).toEqual({
      form: 'client-secret',
      clientId: 'abc',
      clientSecret: 's3cret-value',
    });
    const parsed = parseCredential(JSON.stringify({ clientId: 'abc', privateKey: KEY, note: 'rotated in May' }));
    expect(parsed.form).toBe('private-key');
  });

  it.each([
    ['not JSON', 'hunter2-hunter2', 'is not JSON'],
    ['a list', '["hunter2-hunter2"]', 'object'],
    ['no client id', '{"clientSecret":"hunter2-hunter2"}', 'clientId'],
    ['no proof', '{"clientId":"abc"}', 'lacks "clientSecret" or "privateKey"'],
    ['two proofs', `{"clientId":"abc","clientSecret":"hunter2-hunter2","privateKey":"hunter2-hunter2"}`, 'both'],
    ['a number', '{"clientId":"abc","clientSecret":71717171717}', 'clientSecret'],
    ['no PEM', '{"clientId":"abc","privateKey":"hunter2-hunter2"}', 'PEM'],
    ['a short key', JSON.stringify({ clientId: 'abc', privateKey: pem(1024) }), '2048'],
  ])('%s stops the tenant and quotes nothing', (_, text, words) => {
    const error = failure(text);
    expect(error.message).toContain(words);
    expect(error.fault).toMatchObject({
      code: 'secret-malformed',
      class: 'transient',
      scope: 'tenant',
      effect: 'none',
    });
    const shown = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error);
    expect(shown).not.toMatch(/hunter2|71717171717|BEGIN|MII/);
  });
});

describe('client assertion', () => {
  it('is RS256 over exactly the claims ZIdentity wants', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const assertion = buildClientAssertion('client-1', privateKey, 1_700_000_000_999);
    const [header = '', claims = '', signature = ''] = assertion.split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(read(header)).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(read(claims)).toEqual({
      iss: 'client-1',
      sub: 'client-1',
      aud: 'https://api.zscaler.com',
      exp: 1_700_000_600,
    });
    const signed = Buffer.from(`${header}.${claims}`);
    expect(verify('sha256', signed, publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
  });
});
