import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { MemorySecrets } from '../../fakes/memory-secrets.ts';
import { rawUpdate } from '../domain/sample-changes.ts';
import { SCHEMES } from '../domain/source/sample-schemes.ts';
import { createProofWorld } from './proof-world.ts';

const change = rawUpdate({ set: { enabled: true } });

/** Lets the reader answer one secret as it is now, unless the caller accepts no old text. */
function cacheFirst(secrets: MemorySecrets, cached: string) {
  const { read } = secrets;
  const text = secrets.secrets.get(cached) ?? '';
  const asked: (number | undefined)[] = [];
  secrets.read = async (name, options) => {
    if (name !== cached) return await read(name, options);
    asked.push(options?.anewEveryMs);
    return options?.anewEveryMs === undefined ? text : await read(name, options);
  };
  return { asked };
}

describe.each(Object.entries(SCHEMES))('a source that proves itself by %s', (_, scheme) => {
  it('is taken, once, and gets the same answer to the same delivery', async () => {
    const world = createProofWorld({ scheme });
    const event = world.make(change);
    const first = await world.deliver(event);
    expect(first.status).toBe(202);
    expect(await world.deliver(event)).toEqual(first);
    expect(world.ledger.allChanges()).toHaveLength(1);
  });

  it('is refused with a challenge when it does not, and nothing is written', async () => {
    const world = createProofWorld({ scheme });
    for (const answer of [
      await world.send(change, { key: 1 }),
      await world.deliver({ ...world.make(change), headers: { 'content-type': 'application/json' } }),
    ]) {
      expect(answer.status).toBe(401);
      expect(['signature-wrong', 'signature-missing']).toContain(answer.body.code);
      expect(answer.headers['www-authenticate']).toMatch(/^\w+/);
    }
    expect(world.ledger.writes).toBe(0);
  });

  it('changes its secret without a gap and without a deployment', async () => {
    const world = createProofWorld({ scheme });
    const status = async (key: number) =>
      (await world.send({ ...change, idempotencyKey: `K/${key}@1` }, { key })).status;
    world.live(1, 0);
    expect([await status(0), await status(1), await status(2)]).toEqual([202, 202, 401]);
    world.live(1);
    expect([await status(0), await status(1)]).toEqual([401, 202]);
  });

  it('is taken by a secret that replaced a cached one, and costs no read where the proof is missing', async () => {
    const world = createProofWorld({ scheme });
    const { asked } = cacheFirst(world.secrets, 'test/source/hooks');
    world.live(1);
    expect((await world.send(change, { key: 1 })).status).toBe(202);
    expect(asked).toEqual([undefined, 10_000]);
    expect((await world.send(change, { key: 2 })).status).toBe(401);
    asked.length = 0;
    const event = { ...world.make(change), headers: { 'content-type': 'application/json' } };
    expect((await world.deliver(event)).status).toBe(401);
    expect(asked).toEqual([undefined]);
  });

  it('is taken as soon as a secret that could not be used was corrected', async () => {
    const world = createProofWorld({ scheme });
    world.secrets.secrets.set('test/source/hooks', '{"secrets":["hunter2"]}');
    cacheFirst(world.secrets, 'test/source/hooks');
    world.live(0);
    expect((await world.send(change)).status).toBe(202);
  });

  it('is refused by its proof, not by the store that cannot be read again', async () => {
    const world = createProofWorld({ scheme });
    const { read } = world.secrets;
    world.secrets.read = (name, options) =>
      options?.anewEveryMs === undefined ? read(name, options) : Promise.reject(new Error('throttled'));
    expect((await world.send(change, { key: 1 })).status).toBe(401);
  });

  it('answers 503 while its secret is of another scheme', async () => {
    const world = createProofWorld({ scheme });
    world.secrets.secrets.set('test/source/hooks', '{"secrets":["hunter2"]}');
    expect(await world.send(change)).toMatchObject({ status: 503, headers: { 'retry-after': '60' } });
    expect(world.log.text()).not.toContain('hunter2');
  });
});

describe('a delivery that its source did not prove', () => {
  const counted = { name: 'DeliveriesUnproven', value: 1, dimensions: { source: 'hooks' } };

  it('is counted by its source, whose secret may be wrong', async () => {
    const world = createProofWorld({ scheme: SCHEMES.jira });
    await world.send(change, { key: 1 });
    expect(world.meter.counts).toContainEqual(counted);
  });

  it('is counted by its source if it comes from another address', async () => {
    const world = createProofWorld({ allowedCidrs: ['203.0.113.0/24'] });
    await world.send(change, { sourceIp: '198.51.100.1' });
    expect(world.meter.counts).toContainEqual(counted);
  });

  it('is not counted by a name that a request made up, nor while the secret is missing, nor if it was proved', async () => {
    const world = createProofWorld({});
    await world.deliver({ ...world.make(change), pathParameters: { source: 'made-up' } });
    expect((await world.send('no JSON')).status).toBe(400);
    const unready = createProofWorld({});
    unready.secrets.secrets.clear();
    expect((await unready.send(change)).status).toBe(503);
    const counts = [...world.meter.counts, ...unready.meter.counts];
    expect(counts.map(({ name }) => name)).toEqual(Array(3).fill('DeliveriesRefused'));
  });
});

describe('a source with address ranges', () => {
  const ranged = () => createProofWorld({ allowedCidrs: ['203.0.113.0/24', '2001:db8::/32'] });

  it.each(['203.0.113.7', '2001:db8::7', '::ffff:203.0.113.7'])('is taken from %s', async (sourceIp) => {
    expect((await ranged().send(change, { sourceIp })).status).toBe(202);
  });

  it.each(['203.0.114.7', '2001:db9::7', '127.0.0.1', '', 'unknown', undefined])(
    'is refused from %s',
    async (sourceIp) => {
      const world = ranged();
      expect(await world.send(change, { sourceIp })).toMatchObject({
        status: 403,
        body: { code: 'address-not-allowed' },
      });
      expect(world.secrets.reads).toEqual([]);
    },
  );

  it('is refused from elsewhere whatever a proxy is said to have seen', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.7', forwarded: 'for=203.0.113.7', 'x-real-ip': '203.0.113.7' };
    expect((await ranged().send(change, { sourceIp: '198.51.100.1', headers })).status).toBe(403);
  });

  it('is refused from elsewhere before its body is looked at', async () => {
    const world = ranged();
    const big = { ...world.make(change, { sourceIp: '198.51.100.1' }), body: 'x'.repeat(2 * 1024 * 1024) };
    expect((await world.deliver(big)).body.code).toBe('address-not-allowed');
    const near = {
      ...big,
      requestContext: { ...big.requestContext, http: { method: 'POST', sourceIp: '203.0.113.7' } },
    };
    expect((await world.deliver(near)).body.code).toBe('body-too-large');
  });
});

describe('a compressed body', () => {
  it.each(['gzip', 'br', 'identity,gzip', 'identity, identity', 'x'])(
    'with content-encoding %s is refused',
    async (coding) => {
      const world = createProofWorld({});
      const answer = await world.send(change, { headers: { 'content-encoding': coding } });
      expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported-content-encoding' } });
      expect(world.secrets.reads).toEqual([]);
    },
  );

  it('is never unpacked: a bomb is what its bytes are', async () => {
    const world = createProofWorld({});
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024)).toString('base64');
    const event = { ...world.make(change), body: bomb, isBase64Encoded: true };
    expect((await world.deliver(event)).body.code).toBe('body-not-utf8');
    expect((await world.send(change, { headers: { 'content-encoding': 'Identity' } })).status).toBe(202);
  });
});

describe('a header that came twice, joined with a comma', () => {
  it.each([
    ['content-type', 'application/json,application/json', 415],
    ['webhook-id', 'a,b', 401],
    ['webhook-timestamp', '1796112000,1796112000', 401],
    ['webhook-signature', 'v1,x,v1,y', 401],
  ])('%s is not taken for one', async (name, value, status) => {
    expect((await createProofWorld({}).send(change, { headers: { [name]: value } })).status).toBe(status);
  });
});
