import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/zpa-simulator/simulator.ts';
import { type Caller, caller, signedIn } from './client.ts';

const AUDIENCE = 'https://api.zscaler.com';

describe('sign-in', () => {
  let simulator: Simulator;
  let plain: Caller;
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  beforeAll(async () => {
    simulator = await startSimulator();
    plain = caller(simulator.url);
    simulator.addCredential({
      clientId: 'with-key',
      publicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    });
  });
  afterAll(async () => {
    await plain.close();
    await simulator.close();
  });

  const assertion = (claims: object = {}, key = pair.privateKey): string => {
    const exp = Math.floor(Date.now() / 1000) + 600;
    const all = { iss: 'with-key', sub: 'with-key', aud: AUDIENCE, exp, ...claims };
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(all)}`;
    return `${unsigned}.${sign('sha256', Buffer.from(unsigned), key).toString('base64url')}`;
  };
  const byAssertion = (client_assertion: string) =>
    plain.form('/oauth2/v1/token', {
      grant_type: 'client_credentials',
      client_id: 'with-key',
      client_assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      audience: AUDIENCE,
    });

  it('takes a signed assertion, and its token opens the API', async () => {
    const { status, json } = await byAssertion(assertion());
    expect(status).toBe(200);
    const path = '/zpa/mgmtconfig/v1/admin/customers/216196257331281920/segmentGroup';
    const got = await plain.call('GET', path, undefined, { authorization: `Bearer ${json.access_token}` });
    expect(got.status).toBe(200);
  });

  it('lets clients write under names of their own unless they state one', async () => {
    const { bearer, ...stranger } = { bearer: 'stranger-secret', clientId: 'stranger-of-mine' };
    simulator.addCredential({ ...stranger, clientSecret: bearer });
    simulator.addCredential({ clientId: 'named', clientSecret: bearer, adminId: '216196257331379999' });
    const writerOf = async (clientId: string, clientSecret: string) => {
      const { json } = await plain.form('/oauth2/v1/token', {
        grant_type: 'client_credentials',
        ...{ client_id: clientId, client_secret: clientSecret, audience: AUDIENCE },
      });
      const path = '/zpa/mgmtconfig/v1/admin/customers/216196257331281920/segmentGroup';
      const body = { name: `Group of ${clientId}`, enabled: true };
      const made = await plain.call('POST', path, body, { authorization: `Bearer ${json.access_token}` });
      return made.json.modifiedBy;
    };
    const own = await writerOf('simulator', 'simulator');
    const other = await writerOf('stranger-of-mine', bearer);
    expect(own).toBe('216196257331372705');
    expect(other).toMatch(/^\d{18}$/);
    expect(other).not.toBe(own);
    expect(await writerOf('named', bearer)).toBe('216196257331379999');
  });

  it.each([
    ['signed by another key', () => assertion({}, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)],
    ['expired', () => assertion({ exp: 1 })],
    ['for another audience', () => assertion({ aud: 'https://elsewhere.example' })],
    ['by an unknown client', () => assertion({ iss: 'stranger', sub: 'stranger' })],
    ['not a JWT at all', () => 'nonsense'],
  ])('refuses an assertion %s', async (_why, make) => {
    const { status, text } = await byAssertion(make());
    expect([status, text]).toEqual([401, '{"error":"invalid_client"}']);
  });

  it('wants the audience and the grant type', async () => {
    const fields = { client_id: 'simulator', client_secret: 'simulator', grant_type: 'client_credentials' };
    expect((await plain.form('/oauth2/v1/token', fields)).json).toEqual({ error: 'invalid_request' });
    const password = { ...fields, grant_type: 'password', audience: AUDIENCE };
    expect((await plain.form('/oauth2/v1/token', password)).json).toEqual({ error: 'unsupported_grant_type' });
  });

  it('legacy: a string for expires_in, a JWT with exp, access.denied for the wrong', async () => {
    const secret = { client_id: 'simulator', client_secret: 'simulator' };
    const { status, json } = await plain.form('/signin', secret);
    expect([status, Object.keys(json), json.expires_in]).toEqual([
      200,
      ['token_type', 'access_token', 'expires_in'],
      '3600',
    ]);
    const claims = JSON.parse(Buffer.from(String(json.access_token).split('.')[1] ?? '', 'base64url').toString());
    expect(claims.exp - claims.iat).toBe(3600);
    const wrong = await plain.form('/signin', { ...secret, client_secret: 'no' });
    expect([wrong.status, wrong.json]).toEqual([401, { id: 'access.denied', reason: 'Access denied' }]);
  });

  it('legacy serves the same, without the headers of the gateway', async () => {
    const legacy = await signedIn(simulator, { api: 'legacy' });
    const got = await legacy.call('GET', 'v1/segmentGroup/45096653');
    expect([got.status, got.json.name]).toEqual([200, 'Staging Apps']);
    expect(Object.keys(got.headers).filter((name) => /oneapi|ratelimit|envoy/.test(name))).toEqual([]);
    const stale = await legacy.call('GET', 'v1/segmentGroup', undefined, { authorization: 'Bearer stale' });
    expect([stale.status, stale.json.id]).toEqual([401, 'access.denied']);
    simulator.quirks.set('legacy', 'only-oneapi');
    expect((await plain.form('/signin', {})).text).toMatch(/only through Zscaler OneAPI/);
    simulator.quirks.reset();
    await legacy.close();
  });

  it('a token ends when its time is over', async () => {
    let now = 1_800_000_000_000;
    const timed = await startSimulator({ now: () => now, tokenSeconds: 60 });
    const zpa = await signedIn(timed);
    expect((await zpa.call('GET', 'v1/microtenants')).status).toBe(200);
    now += 61_000;
    expect((await zpa.call('GET', 'v1/microtenants')).status).toBe(401);
    await zpa.close();
    await timed.close();
  });

  it('a read credential may not write, a foreign customer is denied', async () => {
    const other = await startSimulator({
      seed: {
        credentials: [{ clientId: 'simulator', clientSecret: 'simulator', rights: 'read', customers: ['700000001'] }],
        customers: { '700000001': {}, '700000002': { groups: [{ id: '5', name: 'Theirs' }] } },
      },
    });
    const ours = await signedIn(other, { customer: '700000001' });
    expect((await ours.call('GET', 'v1/segmentGroup')).json.totalCount).toBe('0');
    expect((await ours.call('POST', 'v1/segmentGroup', { name: 'A', enabled: true })).status).toBe(403);
    const theirs = await signedIn(other, { customer: '700000002' });
    expect((await theirs.call('GET', 'v1/segmentGroup')).json.id).toBe('access.denied');
    expect(other.storeOf('700000002').groups()).toHaveLength(1);
    await Promise.all([ours.close(), theirs.close()]);
    await other.close();
  });
});
