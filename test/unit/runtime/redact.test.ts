import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactFields, redactText } from '../../../shared/runtime/redact.ts';

describe('redactText', () => {
  it('blanks what looks like a secret, wherever it stands', () => {
    const jwt = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.e30.c2ln`;
    const key = '-----BEGIN PRIVATE KEY-----\nTUlJ\n-----END PRIVATE KEY-----';
    const texts = [
      'signed with whsec_TUlJQUJDREVG today',
      `Authorization: Bearer ${jwt}`,
      `token ${jwt}`,
      `pem ${key} end`,
      'client_secret=TUlJ&grant_type=x',
      '{"access_token":"TUlJ","a":1}',
      'GET /changes/TUlJQUJDREVGTUlJQUJDREVGTUlJQUJDREVG1234567',
    ];
    for (const text of texts) {
      expect(redactText(text)).not.toMatch(/TUlJ|e30/);
      expect(redactText(text)).toContain('[redacted');
    }
  });

  it.each([
    ['of Jira', '{"email":"bot@acme.example","apiToken":"CANARY"}'],
    ['of ServiceNow', '{"apiKey":"CANARY"}'],
    ['in the header of ServiceNow', 'x-sn-apikey: CANARY'],
    ['of a source', '{"secrets":["CANARY"]}'],
    ['of a source in rotation', '{"secrets": ["a]b", "CANARY"]}'],
    ['of a source, cut off', 'in {"secrets":["a", "CANARY'],
    ['with blanks and commas', '{"user":"bot","password":"correct, CANARY"}'],
    ['with a quote', '{"clientSecret":"a\\"CANARY","clientId":"b"}'],
    ['that is no text', '{"password":4711, "apiKey":CANARY}'],
    ['in JSON in a text', JSON.stringify({ text: JSON.stringify({ apiToken: 'a "CANARY', a: 1 }) })],
    ['as a console shows it', "{ email: 'bot@acme.example', apiToken: 'a CANARY' }"],
  ])('blanks a secret %s', (_, text) => {
    expect(redactText(`unexpected token in ${text}`)).not.toMatch(/CANARY|4711/);
    expect(redactText(text)).toContain('[redacted]');
  });

  it('leaves what stands beside a secret', () => {
    expect(redactText('{"apiToken":"x","secrets":["a","b"],"group":"Sales"}')).toBe(
      '{"apiToken":[redacted],"secrets":[redacted],"group":"Sales"}',
    );
  });

  it('leaves ordinary texts alone', () => {
    for (const text of [
      'group 216196257331404691 renamed',
      'POST /webhooks/helpdesk answered 202',
      'the secret demo/zpa/a',
      "Unexpected token 'x' in JSON",
      'ZPA refuses the write credential: HTTP 401',
    ]) {
      expect(redactText(text)).toBe(text);
    }
  });

  it('bounds length', () => {
    expect(redactText('x'.repeat(100_000)).length).toBeLessThan(5000);
  });
});

describe('redactFields', () => {
  it('drops fields named like secrets or bodies, at any depth', () => {
    const hush = 'hush';
    const fields = {
      clientSecret: hush,
      client_secret: hush,
      password: hush,
      accessToken: hush,
      Authorization: hush,
      'webhook-signature': hush,
      privateKey: hush,
      cookie: hush,
      'x-api-key': hush,
      body: hush,
      rawBody: hush,
      headers: { a: hush },
      payload: hush,
      nested: [{ token: hush, lane: 'kept' }],
      idempotencyKey: 'kept too',
    };
    expect(redactFields(fields)).toEqual({ nested: [{ lane: 'kept' }], idempotencyKey: 'kept too' });
  });

  it('keeps of an error its name, code, message, stack and cause, and nothing that hangs on it', () => {
    const cause = Object.assign(new Error('reset'), { code: 'ECONNRESET', request: { body: 'hush' } });
    const error = Object.assign(new Error('Bearer aGVsbG8', { cause }), { code: 'unreachable', $response: 'hush' });
    const { error: shown } = redactFields({ error });
    expect(shown).toMatchObject({
      name: 'Error',
      code: 'unreachable',
      message: 'Bearer [redacted]',
      stack: expect.stringContaining('redact.test.ts'),
      cause: { code: 'ECONNRESET', message: 'reset' },
    });
    expect(JSON.stringify(shown)).not.toMatch(/hush|aGVsbG8/);
  });

  it('makes of anything something that JSON can hold', () => {
    const circle: Record<string, unknown> = { big: 10n, at: new Date(0), bytes: new Uint8Array(3), call: () => 1 };
    circle.self = circle;
    expect(redactFields(circle)).toMatchObject({ big: '10', at: '1970-01-01T00:00:00.000Z', bytes: '[3 bytes]' });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), (fields) => {
        expect(JSON.stringify(redactFields(fields))).toBeTypeOf('string');
      }),
    );
  });
});
