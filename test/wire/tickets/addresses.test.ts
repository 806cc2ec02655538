import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createTicketSystems } from '../../../shared/tickets/ticket-systems.ts';
import { createMemorySecrets } from '../../fakes/memory-secrets.ts';
import { configurationOf, required, SECRETS, startTicketWorld } from './ticket-world.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const NO_ISSUE = JSON.stringify({ errorMessages: ['Issue does not exist.'], errors: {} });

/** A server that counts connections. */
async function startListener(answer: { status: number; headers: Record<string, string>; body?: string }) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.writeHead(answer.status, answer.headers).end(answer.body ?? '{}');
  });
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise<void>((done) => server.close(() => done()));
  });
  return { port: (server.address() as AddressInfo).port, seen, connections: () => connections };
}

function readerOf(tickets: Record<string, unknown>) {
  const configuration = configurationOf({ jira: { kind: 'jira', ...tickets } });
  const systems = createTicketSystems({
    configuration,
    secrets: createMemorySecrets(SECRETS),
    clock: { now: Date.now },
  });
  closers.push(() => systems.close());
  return required(systems.readerOf('jira'));
}

describe('where a ticket system may be', () => {
  it.each(['127.0.0.1', 'localhost', '[::1]'])(
    '%s is private: nobody connects, by address or by name',
    async (host) => {
      const listener = await startListener({ status: 200, headers: {} });
      const reader = readerOf({ url: `http://${host}:${listener.port}`, allowedPrivateCidrs: [] });
      await expect(reader.read('ZPA-42')).rejects.toMatchObject({ code: 'tickets-address' });
      expect(listener.connections()).toBe(0);
    },
  );

  it('a name is judged by what it resolves to, and may be allowed', async () => {
    const listener = await startListener({ status: 404, headers: { 'x-aaccountid': 'us' }, body: NO_ISSUE });
    const url = `http://localhost:${listener.port}`;
    const reader = readerOf({ url, allowedPrivateCidrs: ['127.0.0.0/8', '::1/128'] });
    await expect(reader.read('ZPA-42')).resolves.toBeUndefined();
    const other = readerOf({ url, allowedPrivateCidrs: ['10.0.0.0/8'] });
    await expect(other.read('ZPA-42')).rejects.toMatchObject({ code: 'tickets-address' });
  });

  it('a redirect is not followed, wherever it leads', async () => {
    const elsewhere = await startListener({ status: 200, headers: {} });
    const location = `http://127.0.0.1:${elsewhere.port}/login`;
    const listener = await startListener({ status: 302, headers: { location } });
    const reader = readerOf({ url: `http://127.0.0.1:${listener.port}` });
    await expect(reader.read('ZPA-42')).rejects.toMatchObject({ code: 'tickets-malformed' });
    expect(elsewhere.seen).toEqual([]);
  });
});

describe('a ticket system that does not answer', () => {
  it('is given up when its time is over', async () => {
    await using world = await startTicketWorld({ timeoutMs: 50 });
    world.jira.faults.push({ kind: 'hang' });
    await expect(world.reader('jira').read('ZPA-42')).rejects.toMatchObject({ code: 'tickets-unavailable' });
  });

  it('is given up when the invocation ends', async () => {
    await using world = await startTicketWorld();
    world.jira.faults.push({ kind: 'hang' });
    const reader = required(world.systems.readerOf('jira', AbortSignal.abort()));
    await expect(reader.read('ZPA-42')).rejects.toMatchObject({ code: 'tickets-unavailable' });
  });

  it.each([
    [500, 'tickets-unavailable'],
    [503, 'tickets-unavailable'],
    [403, 'tickets-refused'],
    [418, 'tickets-malformed'],
  ])('HTTP %i is %s', async (status, code) => {
    await using world = await startTicketWorld();
    const answer = { status, json: {}, headers: { 'retry-after': '7' } };
    world.jira.faults.push({ kind: 'answer', answer });
    const met = await world
      .reader('jira')
      .read('ZPA-42')
      .catch((error: unknown) => error);
    expect(met).toMatchObject({ code, ...(status >= 500 ? { retryAfterMs: 7000 } : {}) });
  });

  it('200 with a page instead of JSON is no ticket', async () => {
    await using world = await startTicketWorld();
    const answer = { status: 200, html: '<title>Sign in</title>' };
    world.jira.faults.push({ kind: 'answer', answer });
    await expect(world.reader('jira').read('ZPA-42')).rejects.toMatchObject({ code: 'tickets-unavailable' });
  });
});
