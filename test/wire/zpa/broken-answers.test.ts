import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Pool } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { collect } from '../../../shared/zpa/api/paginate.ts';
import { CUSTOMER, type Script, type ScriptedZpa, send, startScriptedZpa } from './scripted-zpa.ts';

let zpa: ScriptedZpa | undefined;
afterEach(() => zpa?.close());
const start = async (script: Script) => {
  zpa = await startScriptedZpa(script);
  return zpa;
};
const WRITE = { kind: 'delete', groupId: '45096653', microtenantId: '0' } as const;
const LIST = { totalPages: '1', list: [{ id: '1', name: 'Web Apps', enabled: true }] };

/** A loopback port on which no server listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

it('a member without a readable name is a member all the same', async () => {
  const applications = [{ id: '11', name: 'R&amp;D' }, { id: '12' }, { id: '13', name: 7 }, { id: '14', name: '' }];
  const server = await start(() => ({ status: 200, body: { id: '1', name: 'Web Apps', applications } }));
  const group = await server.zpa().getGroup('1');
  expect(group.applicationIds).toEqual(['11', '12', '13', '14']);
  const [named, ...unnamed] = group.members?.values() ?? [];
  expect(named).toEqual({ name: 'R&D' });
  expect(unnamed).toEqual([{}, {}, {}]);
});

describe('no whole answer', () => {
  it('nobody listening: nothing was done', async () => {
    const server = await start(() => undefined);
    const endpoint = `http://127.0.0.1:${await closedPort()}`;
    const client = server.zpa({ tenant: { cloud: 'BETA', auth: 'oneapi', customerId: CUSTOMER, endpoint } });
    await expect(client.write(WRITE, null)).rejects.toMatchObject({
      code: 'unreachable',
      fault: { class: 'transient', scope: 'tenant', effect: 'none' },
    });
  });

  it('a name that nobody knows: nothing was done', async () => {
    const server = await start(() => undefined);
    const endpoint = 'http://zpa.invalid';
    const client = server.zpa({ tenant: { cloud: 'BETA', auth: 'oneapi', customerId: CUSTOMER, endpoint } });
    await expect(client.write(WRITE, null)).rejects.toMatchObject({
      code: 'name-not-resolved',
      fault: { class: 'transient', scope: 'tenant', effect: 'none' },
    });
  });

  it('a connection that is cut instead of an answer: a write may have taken effect, a read not', async () => {
    const server = await start((_, response) => void response.socket?.destroy());
    const expected = { code: 'connection-lost', fault: { class: 'transient', scope: 'tenant' } };
    await expect(server.zpa().write(WRITE, null)).rejects.toMatchObject(expected);
    await expect(server.zpa().write(WRITE, null)).rejects.toMatchObject({ fault: { effect: 'unknown' } });
    await expect(server.zpa().probe()).rejects.toMatchObject({ ...expected, fault: { effect: 'none' } });
    expect(server.calls).toHaveLength(3);
  });

  it('a body that is cut', async () => {
    const server = await start((_, response) => {
      response.writeHead(200, { 'content-length': '500' });
      response.write('{"totalPages":');
      setImmediate(() => response.socket?.destroy());
      return undefined;
    });
    await expect(server.zpa().getGroup('1')).rejects.toMatchObject({ code: 'connection-lost' });
  });

  it.each<[string, Script]>([
    ['no answer', () => undefined],
    [
      'an answer that does not end',
      (_, response) => {
        response.writeHead(200, { 'content-length': '500' });
        response.write('{');
        return undefined;
      },
    ],
  ])('%s in time: a write may have taken effect', async (_, script) => {
    const server = await start(script);
    const client = server.zpa({ requestTimeoutMs: 150 });
    await expect(client.write(WRITE, null)).rejects.toMatchObject({
      code: 'timeout',
      fault: { class: 'transient', scope: 'tenant', effect: 'unknown' },
    });
    await expect(client.probe()).rejects.toMatchObject({ code: 'timeout', fault: { effect: 'none' } });
  });

  it('an abort before the request is sent: nothing was done', async () => {
    const server = await start(() => ({ status: 204 }));
    const signal = AbortSignal.abort();
    await expect(server.zpa().write(WRITE, null, { signal })).rejects.toMatchObject({
      code: 'aborted',
      fault: { scope: 'platform', effect: 'none' },
    });
    expect(server.calls).toEqual([]);
  });

  it('an abort while ZPA is at work: a write may have taken effect', async () => {
    const stop = new AbortController();
    const server = await start(() => void stop.abort());
    await expect(server.zpa().write(WRITE, null, { signal: stop.signal })).rejects.toMatchObject({
      code: 'aborted',
      fault: { scope: 'platform', effect: 'unknown' },
    });
  });

  it('an abort ends waiting for the token and for the budget', async () => {
    const stop = new AbortController();
    zpa = await startScriptedZpa(
      () => ({ status: 204 }),
      () => void stop.abort(),
    );
    await expect(zpa.zpa({ requestTimeoutMs: 300 }).write(WRITE, null, { signal: stop.signal })).rejects.toMatchObject({
      code: 'aborted',
      fault: { effect: 'none' },
    });
    expect(zpa.calls).toEqual([]);
  });

  it('a connection that never comes about: our time ends the wait, and nothing was done', async () => {
    const server = await start(() => ({ status: 204 }));
    const dispatcher = new Pool(server.url, { connect: () => undefined });
    const connections = { to: () => dispatcher, close: () => dispatcher.destroy() };
    const tokens = { ...server.pool.tokens, renew: async () => 'token-at-hand' };
    const client = server.zpa({ requestTimeoutMs: 100, pool: { ...server.pool, connections, tokens } });
    await expect(client.write(WRITE, null)).rejects.toMatchObject({
      code: 'timeout',
      fault: { effect: 'none', call: 'DELETE /v1/segmentGroup/{id}' },
    });
    await connections.close();
  });
});

describe('an answer', () => {
  it('zipped is asked for and read', async () => {
    const server = await start(
      (_, response) =>
        send(response, { status: 200, headers: { 'content-encoding': 'gzip' }, body: LIST }) as undefined,
    );
    const groups = await collect(server.zpa().listGroups());
    expect(groups.map(({ name }) => name)).toEqual(['Web Apps']);
    expect(server.calls[0]?.headers['accept-encoding']).toBe('gzip');
  });

  it('zipped badly is unreadable', async () => {
    const half = gzipSync(JSON.stringify(LIST)).subarray(0, 30);
    const server = await start((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(half);
      return undefined;
    });
    await expect(server.zpa().probe()).rejects.toMatchObject({
      code: 'unreadable-answer',
      fault: { class: 'unknown' },
    });
  });

  it.each([false, true])('larger than 32 MiB is given up (zipped: %s)', async (zipped) => {
    const large = Buffer.alloc(33 * 1024 * 1024, ' ');
    const server = await start((_, response) => {
      response.writeHead(200, zipped ? { 'content-encoding': 'gzip' } : {}).end(zipped ? gzipSync(large) : large);
      return undefined;
    });
    await expect(server.zpa().probe()).rejects.toMatchObject({ code: 'answer-too-large' });
  });

  it.each(['', '<html>maintenance</html>', '{"totalPages":"1","li', 'null', '[]', '7'])(
    'of 200 that is no list, %j, is no empty list',
    async (text) => {
      const server = await start(() => ({ status: 200, text }));
      await expect(collect(server.zpa().listGroups())).rejects.toMatchObject({
        fault: { class: 'unknown', effect: 'none' },
      });
    },
  );

  it('429 holds the budget for as long as it says, 503 too', async () => {
    let nth = 0;
    const server = await start(() => {
      nth += 1;
      return nth === 1
        ? { status: 429, headers: { 'retry-after': '4s', 'x-ratelimit-reset': '48' } }
        : { status: 503, headers: { 'retry-after': '10s' } };
    });
    await expect(server.zpa().probe()).rejects.toMatchObject({ code: 'rate-limited', fault: { retryAfterMs: 4_000 } });
    await expect(server.zpa().probe()).rejects.toMatchObject({ code: 'gateway-error' });
    expect(server.limiter.held).toEqual([4_000, 10_000]);
  });
});
