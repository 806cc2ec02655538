import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import type { TicketText } from '../../../shared/domain/text/ticket-text.ts';
import type { TicketSystems } from '../../../shared/tickets/ticket-clients.ts';
import { createTicketSystems } from '../../../shared/tickets/ticket-systems.ts';
import { createMemorySecrets, type MemorySecrets } from '../../fakes/memory-secrets.ts';
import { configurationOf, required } from './ticket-world.ts';

const SECRETS = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'];
const TEXT: TicketText = [{ kind: 'line', text: 'All 2 changes are in effect.' }];
const MARKER = 'zpa-changes/0123456789abcdef';

type Heard = { headers: Record<string, string>; body: string };
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const NEW = 'whsec_YW4gZW50aXJlbHkgbmV3IHNlY3JldCBvZiBvdXJz';

/** Replaces the secret behind the cache of the reader, so that only a fresh read finds it. */
function rotateWhileCached(secrets: MemorySecrets, text: string): void {
  const { read } = secrets;
  secrets.read = (name, options) => {
    if (options?.fresh === true) secrets.secrets.set(name, text);
    return read(name, options);
  };
}

/** A receiver that answers as the test specifies, and a writer to it. */
async function startReceiver(answers: { status: number; headers?: Record<string, string> }[] = []) {
  const heard: Heard[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    heard.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(chunks).toString() });
    const { status, headers = {} } = answers.shift() ?? { status: 204 };
    response.writeHead(status, headers).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/outcomes`;
  const secrets = createMemorySecrets({ 'here/tickets/any': JSON.stringify({ secrets: SECRETS }) });
  const systems: TicketSystems = createTicketSystems({
    configuration: configurationOf({ any: { kind: 'webhook', url } }),
    secrets,
    clock: { now: Date.now },
  });
  closers.push(async () => {
    await systems.close();
    server.closeAllConnections();
    await new Promise<void>((done) => server.close(() => done()));
  });
  return { heard, secrets, systems, writer: required(systems.writerOf('any')) };
}

describe('telling any other ticket system', () => {
  it('a new ticket has its marker as id, and the same webhook-id at every attempt', async () => {
    const { heard, systems } = await startReceiver([{ status: 204 }, { status: 204 }, { status: 404 }]);
    const opener = required(systems.openerOf('any'));
    const marker = 'zpa-changes-drift-0123456789abcdef';
    const ticket = { title: 'ZPA drift: acme', text: TEXT, fields: { team: 'network' }, marker };
    expect([await opener.open(ticket), await opener.open(ticket)]).toEqual([marker, marker]);
    const [first, second] = heard.map(({ headers }) => headers['webhook-id']);
    expect(first).toBe(second);
    expect(JSON.parse(heard[0]?.body ?? '')).toMatchObject({
      type: 'ticket.open',
      data: { ticket: { id: marker }, title: 'ZPA drift: acme', fields: { team: 'network' }, text: expect.any(String) },
    });
    await expect(opener.open(ticket)).rejects.toMatchObject({ code: 'tickets-refused' });
  });

  it('is a Standard Webhook: either live secret verifies it, and the marker is its id', async () => {
    const { heard, writer } = await startReceiver();
    await expect(writer.comment('REQ-7', TEXT, MARKER)).resolves.toBe('said');
    const [{ headers, body } = { headers: {}, body: '' }] = heard;
    for (const secret of SECRETS) {
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({
        type: 'ticket.comment',
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
        data: {
          ticket: { id: 'REQ-7' },
          blocks: TEXT,
          text: 'All 2 changes are in effect.',
          markdown: '`All 2 changes are in effect.`  ',
        },
      });
    }
    expect(headers['webhook-id']).toBe(MARKER);
    expect(() => new Webhook(SECRETS[0] ?? '').verify(`${body} `, headers)).toThrow();
  });

  it('a move has an id of its own, the same at every attempt', async () => {
    const { heard, writer } = await startReceiver();
    await writer.comment('REQ-7', TEXT, MARKER);
    await writer.transition('REQ-7', 'closed', { code: 1 }, MARKER);
    await writer.transition('REQ-7', 'closed', { code: 1 }, MARKER);
    const ids = heard.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(2);
    expect(ids[1]).toBe(ids[2]);
    expect(JSON.parse(heard[1]?.body ?? '{}')).toMatchObject({
      type: 'ticket.transition',
      data: { ticket: { id: 'REQ-7' }, to: 'closed', fields: { code: 1 } },
    });
  });

  it.each([
    [400, 'tickets-refused'],
    [403, 'tickets-refused'],
    [410, 'tickets-unavailable'],
    [500, 'tickets-unavailable'],
    [502, 'tickets-unavailable'],
  ])('%i: not taken, to be tried again', async (status, code) => {
    const { writer } = await startReceiver([{ status }]);
    await expect(writer.comment('REQ-7', TEXT, MARKER)).rejects.toMatchObject({ code });
  });

  it('429 says when, 404 says there is no such ticket', async () => {
    const { writer } = await startReceiver([{ status: 429, headers: { 'retry-after': '90' } }, { status: 404 }]);
    const limited = writer.comment('REQ-7', TEXT, MARKER);
    await expect(limited).rejects.toMatchObject({ code: 'tickets-limited', retryAfterMs: 90_000 });
    await expect(writer.comment('REQ-7', TEXT, MARKER)).resolves.toBe('no-ticket');
  });

  it.each([400, 401, 403])(
    '%i may mean that the secret was replaced: it is read anew, and tried once more',
    async (status) => {
      const { heard, secrets, writer } = await startReceiver([{ status }]);
      rotateWhileCached(secrets, JSON.stringify({ secrets: [NEW] }));
      await expect(writer.comment('REQ-7', TEXT, MARKER)).resolves.toBe('said');
      expect(heard).toHaveLength(2);
      expect(() => new Webhook(NEW).verify(heard[1]?.body ?? '', heard[1]?.headers ?? {})).not.toThrow();
    },
  );

  it('is not called again with a secret that it has just refused', async () => {
    const { heard, secrets, writer } = await startReceiver([{ status: 401 }]);
    await expect(writer.comment('REQ-7', TEXT, MARKER)).rejects.toMatchObject({ code: 'tickets-refused' });
    expect(heard).toHaveLength(1);
    expect(secrets.reads.map(({ fresh }) => fresh)).toEqual([false, true]);
  });

  it('is told once a secret that could not be used is put right', async () => {
    const { secrets, writer } = await startReceiver();
    secrets.secrets.set('here/tickets/any', '{"secrets": ["half"]}');
    rotateWhileCached(secrets, JSON.stringify({ secrets: [NEW] }));
    await expect(writer.comment('REQ-7', TEXT, MARKER)).resolves.toBe('said');
  });

  it('cannot be read back', async () => {
    const { systems } = await startReceiver();
    expect(systems.readerOf('any')).toBeUndefined();
  });
});
