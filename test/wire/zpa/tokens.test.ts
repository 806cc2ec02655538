import { generateKeyPairSync, verify } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { AwsCause, AwsError } from '../../../shared/aws/aws-error.ts';
import type { Clock } from '../../../shared/ports/ports.ts';
import { redactFields } from '../../../shared/runtime/redact.ts';
import { createZpaPool } from '../../../shared/zpa/api/pool.ts';
import { CUSTOMER, type Reply, type ScriptedZpa, SECRET, type Seen, startScriptedZpa } from './scripted-zpa.ts';

let zpa: ScriptedZpa | undefined;
afterEach(() => zpa?.close());

const LIST: Reply = { status: 200, body: { totalPages: '1', list: [] } };
const UNAUTHORIZED: Reply = { status: 401, text: '{\n "detail": "unauthorized",\n "type": ""\n}' };
const start = async (...of: Parameters<typeof startScriptedZpa>) => {
  zpa = await startScriptedZpa(...of);
  return zpa;
};
const form = (seen: Seen | undefined) => Object.fromEntries(new URLSearchParams(seen?.body));

function steppedClock(): Clock & { at: number } {
  return {
    at: 1_700_000_000_000,
    now() {
      return this.at;
    },
    sleep: async () => undefined,
  };
}

describe('signing in', () => {
  it('OneAPI with a client secret sends exactly what ZIdentity wants', async () => {
    const server = await start(() => LIST);
    await server.zpa().probe();
    expect(form(server.signIns[0])).toEqual({
      grant_type: 'client_credentials',
      client_id: 'client-one',
      client_secret: 'cs-7Hq2-do-not-show',
      audience: 'https://api.zscaler.com',
    });
    expect(server.signIns[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(server.signIns[0]?.fullPath).toBe('/oauth2/v1/token');
    expect(server.calls[0]?.fullPath).toBe(`/zpa/mgmtconfig/v1/admin/customers/${CUSTOMER}/segmentGroup`);
    expect(server.calls[0]?.authorization).toBe('Bearer token-1');
    expect(server.limiter.taken).toEqual(['read']);
  });

  it('OneAPI with a private key sends a signed assertion and no secret', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const server = await start(() => LIST);
    await server.zpa({ readSecret: async () => JSON.stringify({ clientId: 'key-client', privateKey: pem }) }).probe();
    const { client_assertion = '', ...rest } = form(server.signIns[0]);
    expect(rest).toEqual({
      grant_type: 'client_credentials',
      client_id: 'key-client',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      audience: 'https://api.zscaler.com',
    });
    const [header, claims, signature = ''] = client_assertion.split('.');
    const signed = Buffer.from(`${header}.${claims}`);
    expect(verify('sha256', signed, publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  it('the legacy API takes id and secret alone, answers a string lifetime, and has no /zpa in its paths', async () => {
    const token: Reply = {
      status: 200,
      body: { token_type: 'Bearer', access_token: 'legacy-token', expires_in: '3600' },
    };
    const server = await start(
      () => LIST,
      () => token,
    );
    const client = server.zpa({ tenant: { cloud: 'GOV', auth: 'legacy', customerId: CUSTOMER, endpoint: server.url } });
    await client.probe();
    expect(server.signIns[0]?.fullPath).toBe('/signin');
    expect(server.calls[0]?.fullPath).toBe(`/mgmtconfig/v1/admin/customers/${CUSTOMER}/segmentGroup`);
    expect(server.signIns[0]?.body).toBe('client_id=client-one&client_secret=cs-7Hq2-do-not-show');
    expect(server.calls[0]?.authorization).toBe('Bearer legacy-token');
    expect(server.limiter.taken).toEqual(['read', 'read']);
  });

  it('the legacy API cannot be used with a private key', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const server = await start(() => LIST);
    const client = server.zpa({
      tenant: { cloud: 'BETA', auth: 'legacy', customerId: CUSTOMER, endpoint: server.url },
      readSecret: async () => JSON.stringify({ clientId: 'key-client', privateKey: pem }),
    });
    await expect(client.probe()).rejects.toMatchObject({ code: 'secret-malformed', fault: { scope: 'tenant' } });
    expect(server.signIns).toEqual([]);
  });
});

describe('a token', () => {
  it('is asked for once by many calls and clients, and used until shortly before its end', async () => {
    const clock = steppedClock();
    const server = await start(() => LIST);
    const pool = createZpaPool({ clock });
    try {
      const clients = [server.zpa({ pool, clock }), server.zpa({ pool, clock })];
      await Promise.all([...clients, ...clients].map((client) => client.probe()));
      expect(server.signIns).toHaveLength(1);
      clock.at += 3_539_000;
      await clients[0]?.probe();
      expect(server.signIns).toHaveLength(1);
      clock.at += 2_000;
      await clients[1]?.probe();
      expect(server.signIns).toHaveLength(2);
      expect(server.calls.at(-1)?.authorization).toBe('Bearer token-2');
    } finally {
      await pool.close();
    }
  });

  it('tells its API client by a digest that outlives a new secret of the same client', async () => {
    const server = await start(() => LIST);
    const clock = steppedClock();
    const pool = createZpaPool({ clock });
    const keyOf = async (clientId: string, clientSecret: string) => {
      const client = server.zpa({ pool, clock, readSecret: async () => JSON.stringify({ clientId, clientSecret }) });
      const before = client.clientKey?.();
      await client.probe();
      return [before, client.clientKey?.()];
    };
    const [before, first] = await keyOf('client-one', 'secret-a');
    expect(before).toBeUndefined();
    expect(first).toMatch(/^[\w-]{16}$/);
    expect(await keyOf('client-one', 'secret-b')).toEqual([undefined, first]);
    expect(await keyOf('client-two', 'secret-a')).not.toContain(first);
    await pool.close();
  });

  it('of a short life is renewed a tenth early', async () => {
    const clock = steppedClock();
    const server = await start(
      () => LIST,
      () => ({ status: 200, body: { access_token: 'short', expires_in: 30 } }),
    );
    const pool = createZpaPool({ clock });
    const client = server.zpa({ pool, clock });
    await client.probe();
    clock.at += 26_000;
    await client.probe();
    expect(server.signIns).toHaveLength(1);
    clock.at += 2_000;
    await client.probe();
    expect(server.signIns).toHaveLength(2);
    await pool.close();
  });

  it('is dropped on 401 and the call made once more with a fresh one, a write too', async () => {
    const server = await start(({ authorization }) =>
      authorization === 'Bearer token-1' ? UNAUTHORIZED : { status: 204 },
    );
    const write = { kind: 'delete', groupId: '45096653', microtenantId: '0' } as const;
    expect(await server.zpa().write(write, null)).toEqual({ groupId: '45096653' });
    expect(server.calls.map(({ authorization }) => authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
    expect(server.limiter.taken).toEqual(['write', 'write']);
  });

  it('refused twice is the tenant, not the change, and nothing was done', async () => {
    const server = await start(() => UNAUTHORIZED);
    const write = { kind: 'delete', groupId: '45096653', microtenantId: '0' } as const;
    await expect(server.zpa().write(write, null)).rejects.toMatchObject({
      code: 'sign-in-refused',
      fault: { class: 'transient', scope: 'tenant', effect: 'none', status: 401 },
    });
    expect(server.calls).toHaveLength(2);
  });

  it('is not renewed for a 401 that speaks of load', async () => {
    const server = await start(() => ({ status: 401, text: 'Resource Access Blocked' }));
    await expect(server.zpa().probe()).rejects.toMatchObject({ code: 'overloaded', fault: { class: 'transient' } });
    expect([server.calls.length, server.signIns.length]).toEqual([1, 1]);
  });
});

describe('a credential', () => {
  const rotated = JSON.stringify({ clientId: 'client-two', clientSecret: 'cs-after-rotation' });
  const onlyNew = (seen: Seen): Reply =>
    form(seen).client_id === 'client-two'
      ? { status: 200, body: { access_token: 'new-token', expires_in: 600 } }
      : { status: 401, body: { error: 'invalid_client' } };

  it('rotated in mid-batch is found by reading past the cache', async () => {
    const asked: unknown[] = [];
    const server = await start(() => LIST, onlyNew);
    const readSecret = async (options?: { fresh?: boolean }) => {
      asked.push(options?.fresh);
      return options?.fresh ? rotated : SECRET;
    };
    await server.zpa({ readSecret }).probe();
    expect(asked).toEqual([false, true]);
    expect(server.calls[0]?.authorization).toBe('Bearer new-token');
  });

  it('refused and not rotated is tried once', async () => {
    const server = await start(() => LIST, onlyNew);
    await expect(server.zpa().probe()).rejects.toMatchObject({
      code: 'sign-in-refused',
      fault: { scope: 'tenant', class: 'transient', effect: 'none', reason: 'invalid_client', call: 'POST sign-in' },
    });
    expect(server.signIns).toHaveLength(1);
    expect(server.calls).toEqual([]);
  });

  it.each<[string, () => Promise<string>, string, string]>([
    [
      'missing',
      () => Promise.reject(Object.assign(new Error('gone'), { code: 'secret-missing' })),
      'secret-missing',
      'tenant',
    ],
    ['unreadable', () => Promise.reject(new Error('throttled')), 'secret-unreadable', 'platform'],
    ['no JSON', async () => 'plain-words', 'secret-malformed', 'tenant'],
    ['without fields', async () => '{}', 'secret-malformed', 'tenant'],
  ])('%s stops the tenant before anything is sent', async (_, readSecret, code, scope) => {
    const server = await start(() => LIST);
    await expect(server.zpa({ readSecret }).probe()).rejects.toMatchObject({
      code,
      fault: { scope, effect: 'none' },
    });
    expect([server.calls.length, server.signIns.length]).toEqual([0, 0]);
  });

  it.each([
    ['a connection that fails', Object.assign(new Error('hush'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    ['a refusal', Object.assign(new Error('hush'), { name: 'AccessDeniedException' }), 'AccessDeniedException'],
  ])('unreadable by %s says so to the log and as the reason, and nothing else of it', async (_, thrown, said) => {
    const cause = new AwsCause(thrown, { withMessage: false });
    const readSecret = () =>
      Promise.reject(new AwsError('secret-unavailable', `The secret a could not be read: ${cause.kind}`, cause));
    const server = await start(() => LIST);
    const failed: unknown = await server
      .zpa({ readSecret })
      .probe()
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ fault: { reason: `The secret a could not be read: ${said}` } });
    const logged = JSON.stringify(redactFields({ error: failed }));
    expect(logged).toContain(said);
    expect(logged).not.toContain('hush');
  });

  it.each<[string, Reply, string]>([
    ['too many', { status: 429, headers: { 'retry-after': '7s' } }, 'rate-limited'],
    ['a page', { status: 200, text: '<html>maintenance</html>' }, 'sign-in-failed'],
    ['no token', { status: 200, body: { token_type: 'Bearer' } }, 'sign-in-failed'],
    ['a token that is none', { status: 200, body: { access_token: 'two\nlines' } }, 'sign-in-failed'],
    ['trouble', { status: 503 }, 'gateway-error'],
    ['unknown', { status: 418 }, 'refused'],
    ['a moved tenant', { status: 403, text: 'API access only through Zscaler OneAPI' }, 'oneapi-only'],
  ])('%s at the token endpoint is the tenant, and the write behind it was not sent', async (_, reply, code) => {
    const server = await start(
      () => ({ status: 204 }),
      () => reply,
    );
    const write = { kind: 'delete', groupId: '1', microtenantId: '0' } as const;
    await expect(server.zpa().write(write, null)).rejects.toMatchObject({
      code,
      fault: { class: 'transient', scope: 'tenant', effect: 'none' },
    });
    expect(server.calls).toEqual([]);
  });
});
