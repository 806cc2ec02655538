import { describe, expect, it } from 'vitest';
import { statusHash } from '../../../shared/domain/http/status-token.ts';
import { rawCreate, rawDelete, rawUpdate } from '../domain/sample-changes.ts';
import { CONFIGURATION, createIngestWorld, LANE, PREVIOUS, read, SECRET } from './ingest-world.ts';

const keyed = (idempotencyKey: string, asked = {}) => rawUpdate({ set: { enabled: true }, idempotencyKey, ...asked });

describe('an accepted delivery', () => {
  it('is in the ledger, on the queue and marked before it is answered', async () => {
    const world = createIngestWorld();
    const answer = read(await world.send(rawUpdate()));
    expect(answer.status).toBe(202);
    const [record] = world.ledger.allChanges();
    expect(record).toMatchObject({
      version: 2,
      ref: { lane: LANE, source: 'servicenow', tenant: 'acme-prod', idempotencyKey: 'CHG0031337/1@APPR0007' },
      state: 'queued',
      sequence: 1,
      generation: 1,
      acceptedAt: world.clock.now(),
      sentAt: world.clock.now(),
      pending: [],
      failed: false,
    });
    expect(record?.change).not.toHaveProperty('ticket');
    expect(world.queue.sent).toEqual([
      {
        schemaVersion: 1,
        ref: record?.ref,
        fingerprint: record?.fingerprint,
        generation: 1,
        reason: 'accept',
        correlationId: record?.correlationId,
        change: record?.change,
      },
    ]);
  });

  it('stores the id of the microtenant that each change was accepted for', async () => {
    const world = createIngestWorld();
    const paris = { tenant: 'acme-beta', microtenant: 'paris' };
    expect(read(await world.send({ changes: [keyed('1'), keyed('2', paris)] })).status).toBe(202);
    expect(world.ledger.allChanges().map(({ microtenantId }) => microtenantId)).toEqual(['0', '2']);
  });

  it('is stored with the version of the settings that it was accepted by', async () => {
    const world = createIngestWorld({ configuration: { ...CONFIGURATION, settingsVersion: 7 } });
    expect(read(await world.send(rawUpdate())).status).toBe(202);
    expect(world.ledger.allChanges()).toMatchObject([{ settingsVersion: 7 }]);
  });

  it('is not accepted again for the customer that its tenant has since; what is new is', async () => {
    const first = createIngestWorld();
    await first.send(rawUpdate());
    const { 'acme-prod': prod, ...others } = CONFIGURATION.tenants;
    if (prod === undefined) throw new Error('acme-prod is configured');
    const { ledger, knownLanes, queue } = first;
    const configuration = { ...CONFIGURATION, tenants: { ...others, 'acme-prod': { ...prod, customerId: '8' } } };
    const world = createIngestWorld({ ledger, knownLanes, queue, configuration });
    const answer = read(await world.send({ changes: [rawUpdate(), keyed('new')] }));
    expect(answer).toMatchObject({ status: 409, body: { code: 'key-conflict' } });
    expect(JSON.stringify(answer.body)).toContain('another ZPA customer');
    expect(ledger.allChanges()).toHaveLength(1);
    expect(read(await world.send(keyed('new'))).status).toBe(202);
    expect(ledger.allChanges()[1]?.ref.lane).toBe('PRODUCTION:8');
  });

  it('is answered with the address of its status, which the ledger knows by its hash only', async () => {
    const world = createIngestWorld();
    const answer = read(await world.send(rawUpdate()));
    const url = answer.headers.location;
    expect(url).toMatch(/^https:\/\/hooks\.example\/changes\/[A-Za-z0-9_-]{43}$/);
    expect(answer.body).toEqual({
      changes: [{ idempotencyKey: 'CHG0031337/1@APPR0007', tenant: 'acme-prod', state: 'queued', statusUrl: url }],
    });
    const link = await world.ledger.readStatusLink(statusHash(String(url).split('/').at(-1) ?? ''));
    expect(link).toMatchObject({ ref: { idempotencyKey: 'CHG0031337/1@APPR0007' } });
    expect(world.log.text()).not.toContain(String(url).split('/').at(-1));
  });

  it('of a hundred changes is answered in its order and takes its places in that order', async () => {
    const world = createIngestWorld();
    const changes = Array.from({ length: 100 }, (_, i) => keyed(`CHG1/${i}`));
    const answer = read(await world.send({ changes }));
    expect(answer.status).toBe(202);
    expect(answer.headers).not.toHaveProperty('location');
    expect(answer.body.changes).toMatchObject(changes.map(({ idempotencyKey }) => ({ idempotencyKey })));
    const open = await world.ledger.openChanges(LANE, 200);
    expect(open.map((one) => one.ref.idempotencyKey)).toEqual(changes.map((one) => one.idempotencyKey));
    expect(open.map((one) => one.sequence)).toEqual(changes.map((_, i) => i + 1));
  });

  it('may hold changes of several lanes', async () => {
    const world = createIngestWorld();
    const other = keyed('CHG1/2', { tenant: 'acme-beta', microtenant: 'berlin' });
    expect(read(await world.send({ changes: [keyed('CHG1/1'), other] })).status).toBe(202);
    expect((await world.ledger.openChanges('BETA:7', 10)).map((one) => one.sequence)).toEqual([1]);
  });

  it.each([
    ['base64', { base64: true }],
    ['the previous secret', { secret: PREVIOUS }],
    ['a +json type', { headers: { 'content-type': 'Application/Vnd.Acme+JSON; Charset="UTF-8"' } }],
    ['a clock that is five minutes off', { seconds: -300 }],
  ])('may come with %s', async (_, options) => {
    const world = createIngestWorld();
    expect(read(await world.send(rawCreate({ description: 'Büro' }), options)).status).toBe(202);
    expect(world.ledger.allChanges()).toHaveLength(1);
  });
});

describe('the ticket', () => {
  const ticketOf = async (ticket: unknown, source = 'servicenow') => {
    const world = createIngestWorld();
    await world.send(rawUpdate({ set: { enabled: true }, ...(ticket === undefined ? {} : { ticket }) }), { source });
    return world.ledger.allChanges()[0]?.ticket;
  };

  it('has system and address from the configuration, whatever the payload says', async () => {
    const told = { system: 'evil', url: 'https://evil.example', id: 'CHG/1 ä', requestedBy: 'kim', approvals: [] };
    expect(await ticketOf(told)).toEqual({
      system: 'servicenow',
      url: 'https://acme.service-now.example/nav_to.do?id=CHG%2F1%20%C3%A4',
      id: 'CHG/1 ä',
      requestedBy: 'kim',
      approvals: [],
    });
  });

  it('has no address where the configuration gives none', async () => {
    expect(await ticketOf({ id: 'A-1', url: 'https://evil.example' }, 'jira')).toEqual({
      system: 'jira',
      id: 'A-1',
      approvals: [],
    });
  });

  it('is named by the key where the payload names none', async () => {
    for (const ticket of [undefined, {}, { id: '' }, { id: ' ' }]) {
      expect(await ticketOf(ticket)).toMatchObject({ system: 'servicenow', id: 'CHG0031337' });
    }
  });
});

describe('a delivery that comes again', () => {
  it('gets the same answer byte for byte and is accepted once', async () => {
    const world = createIngestWorld();
    const first = read(await world.send(rawUpdate()));
    await world.clock.advance(60_000);
    const second = read(await world.send({ ...rawUpdate(), ticket: { id: 'told later' } }));
    expect(second).toEqual(first);
    expect(world.ledger.allChanges()).toHaveLength(1);
    expect(world.queue.sent).toHaveLength(1);
    expect(world.meter.total('ChangesAccepted')).toBe(1);
  });

  it('tells how far its change has come', async () => {
    const world = createIngestWorld();
    await world.send(rawUpdate());
    const [record] = world.ledger.allChanges();
    if (record === undefined) throw new Error('nothing was accepted');
    await world.ledger.writeChange({ ...record, state: 'settled' }, record.version);
    expect(read(await world.send(rawUpdate())).body).toMatchObject({ changes: [{ state: 'settled' }] });
    expect(world.queue.sent).toHaveLength(1);
  });

  it('completes a larger one that shares some of its changes', async () => {
    const world = createIngestWorld();
    await world.send(keyed('CHG1/1'));
    const answer = read(await world.send({ changes: [keyed('CHG1/2'), keyed('CHG1/1')] }));
    expect(answer.body.changes).toMatchObject([{ idempotencyKey: 'CHG1/2' }, { idempotencyKey: 'CHG1/1' }]);
    expect(world.ledger.allChanges()).toHaveLength(2);
  });

  it('with another payload under the same key is refused whole', async () => {
    const world = createIngestWorld();
    await world.send(keyed('CHG1/1'));
    const answer = read(await world.send({ changes: [keyed('CHG1/2'), keyed('CHG1/1', { set: { enabled: false } })] }));
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'key-conflict', detail: expect.stringContaining('CHG1/1') },
    });
    expect(world.ledger.allChanges()).toHaveLength(1);
  });

  it('from another source is another change', async () => {
    const world = createIngestWorld();
    await world.send(keyed('CHG1/1'));
    expect(read(await world.send(keyed('CHG1/1', { set: { enabled: false } }), { source: 'jira' })).status).toBe(202);
  });

  it('at the same moment is accepted once', async () => {
    const world = createIngestWorld();
    const answers = await Promise.all([world.send(rawUpdate()), world.send(rawUpdate()), world.send(rawUpdate())]);
    expect(new Set(answers.map((one) => one.body)).size).toBe(1);
    expect(world.ledger.allChanges()).toHaveLength(1);
  });

  it('with another payload at the same moment: one of the two is accepted', async () => {
    const world = createIngestWorld();
    const other = keyed('CHG1/1', { set: { enabled: false } });
    const answers = await Promise.all([world.send(keyed('CHG1/1')), world.send(other)]);
    expect(answers.map((one) => one.statusCode).sort()).toEqual([202, 409]);
    expect(world.ledger.allChanges()).toHaveLength(1);
  });
});

describe('one key twice in a delivery', () => {
  it('with the same change is one change, answered twice', async () => {
    const world = createIngestWorld();
    const answer = read(await world.send({ changes: [keyed('CHG1/1'), keyed('CHG1/2'), keyed('CHG1/1')] }));
    expect(answer.body.changes).toHaveLength(3);
    expect(world.ledger.allChanges()).toHaveLength(2);
    expect(world.queue.sent).toHaveLength(2);
  });

  it('with two changes is refused whole', async () => {
    const world = createIngestWorld();
    const changes = [keyed('CHG1/2'), keyed('CHG1/1'), rawDelete({ idempotencyKey: 'CHG1/1' })];
    expect(read(await world.send({ changes }))).toMatchObject({ status: 409, body: { code: 'key-conflict' } });
    expect(world.ledger.allChanges()).toHaveLength(0);
  });
});

describe('a secret', () => {
  it('that was rotated out is refused', async () => {
    const world = createIngestWorld();
    world.secrets.secrets.set('test/source/servicenow', JSON.stringify({ secrets: [SECRET] }));
    expect(read(await world.send(rawUpdate(), { secret: PREVIOUS })).status).toBe(401);
  });
});
