import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryLedger } from '../../fakes/memory-ledger.ts';
import { rawUpdate } from '../domain/sample-changes.ts';
import { createProofWorld } from './proof-world.ts';

const change = rawUpdate({ set: { enabled: true } });
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('a body that somebody captured', () => {
  it('is refused under another id, of GitHub as of Jira and of whoever else names one in a header', async () => {
    const named = { scheme: { kind: 'hmac', header: 'x-sig', idHeader: 'x-id' } };
    for (const [settings, header] of [
      [{ scheme: 'github' }, 'x-github-delivery'],
      [{ scheme: 'jira', replay: { timestampField: 'timestamp' } }, 'x-atlassian-webhook-identifier'],
      [named, 'x-id'],
      [{ scheme: 'bearer', replay: { idHeader: 'x-request-id' } }, 'x-request-id'],
    ] as const) {
      const world = createProofWorld(settings);
      const event = world.make(change);
      const first = await world.deliver(event);
      expect(first.status).toBe(202);
      const other = { ...event, headers: { ...event.headers, [header]: 'another' } };
      expect(await world.deliver(other)).toMatchObject({ status: 403, body: { code: 'delivery-replayed' } });
      expect(await world.deliver(event)).toEqual(first);
    }
  });

  it('is refused without the id it came with', async () => {
    const world = createProofWorld({ scheme: 'jira', replay: { timestampField: 'timestamp' } });
    const event = world.make(change);
    await world.deliver(event);
    const { 'x-atlassian-webhook-identifier': _id, ...headers } = event.headers as Record<string, string>;
    expect((await world.deliver({ ...event, headers })).body.code).toBe('delivery-replayed');
  });

  it('is refused when its sender would long have given up, and after it was forgotten by its own time', async () => {
    const github = createProofWorld({ scheme: 'github' });
    const event = github.make(change);
    const first = await github.deliver(event);
    await github.clock.advance(3 * DAY);
    expect(await github.deliver(event)).toEqual(first);
    await github.clock.advance(1);
    expect((await github.deliver(event)).body.code).toBe('delivery-replayed');

    const jira = createProofWorld({ scheme: 'jira' });
    const dated = jira.make({ ...change });
    expect((await jira.deliver(dated)).status).toBe(202);
    await jira.clock.advance(3 * HOUR);
    expect((await jira.deliver(dated)).status).toBe(202);
    await jira.clock.advance(300_001);
    expect((await jira.deliver(dated)).body.code).toBe('timestamp-stale');
  });

  it('is not what stands in the ledger past its time', async () => {
    const world = createProofWorld({ scheme: 'github', replay: { retrySeconds: 60 } });
    const event = world.make(change);
    await world.deliver(event);
    await world.clock.advance(31 * DAY);
    const other = { ...event, headers: { ...event.headers, 'x-github-delivery': 'another' } };
    expect((await world.deliver(other)).status).toBe(202);
    expect((await world.deliver(event)).body.code).toBe('delivery-replayed');
  });

  it('of one source is nothing to another, and goes by its keys where nobody wants a guard', async () => {
    const world = createProofWorld({ scheme: 'github', replay: 'none' });
    const event = world.make(change);
    const other = { ...event, headers: { ...event.headers, 'x-github-delivery': 'another' } };
    const first = await world.deliver(event);
    expect(await world.deliver(other)).toEqual(first);
  });
});

it('a delivery of Jira that failed until its last retry is taken: five of them, up to half an hour apart', async () => {
  const world = createProofWorld({ scheme: 'jira' });
  const event = world.make(change);
  await world.clock.advance(150 * MINUTE);
  expect((await world.deliver(event)).status).toBe(202);
});

describe('the guard', () => {
  it('lets one of two ids win that come with the same body at once', async () => {
    const world = createProofWorld({ scheme: 'github' });
    const event = world.make(change);
    const other = { ...event, headers: { ...event.headers, 'x-github-delivery': 'another' } };
    const answers = await Promise.all([world.deliver(event), world.deliver(other), world.deliver(event)]);
    expect(answers.map(({ status }) => status)).toEqual([202, 403, 202]);
  });

  it('takes the resend of a delivery that met a fault on the way', async () => {
    const world = createProofWorld({ scheme: 'github' });
    const event = world.make(change);
    const { send } = world.queue;
    world.queue.send = () => Promise.reject(new Error('lost'));
    expect((await world.deliver(event)).status).toBe(503);
    world.queue.send = send;
    expect((await world.deliver(event)).status).toBe(202);
  });

  it('takes the resend of a delivery that was remembered when the answer of the ledger was lost', async () => {
    const world = createProofWorld({ scheme: 'github' });
    const { writeDelivery } = world.ledger;
    world.ledger.writeDelivery = async (record, expected) => {
      await writeDelivery(record, expected);
      throw new Error('lost');
    };
    const event = world.make(change);
    expect((await world.deliver(event)).status).toBe(503);
    world.ledger.writeDelivery = writeDelivery;
    expect((await world.deliver(event)).status).toBe(202);
  });

  it('judges any order of bodies, ids and times as its rule in one sentence does', async () => {
    const step = fc.record({
      body: fc.nat(2),
      id: fc.nat(2),
      later: fc.constantFrom(0, HOUR, 3 * DAY, 3 * DAY + 1, 33 * DAY, 34 * DAY),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const world = createProofWorld({ scheme: 'github' });
        const first = new Map<number, { id: number; at: number }>();
        for (const { body, id, later } of steps) {
          await world.clock.advance(later);
          const now = world.clock.now();
          const before = first.get(body);
          const forgotten = before === undefined || now > before.at + 33 * DAY;
          if (forgotten) first.set(body, { id, at: now });
          const taken = forgotten || (before.id === id && now <= before.at + 3 * DAY);
          const answer = await world.send({ ...change, idempotencyKey: `B/${body}` }, { id: `d${id}` });
          expect(answer.status).toBe(taken ? 202 : 403);
        }
      }),
    );
  });

  it('answers 503 while the ledger does not', async () => {
    const ledger = createMemoryLedger();
    ledger.writeDelivery = () => Promise.reject(new Error('lost'));
    const world = createProofWorld({ scheme: 'github' });
    world.ledger.writeDelivery = ledger.writeDelivery;
    expect(await world.send(change)).toMatchObject({ status: 503, headers: { 'retry-after': '10' } });
    expect(world.ledger.allChanges()).toEqual([]);
  });

  it('wants id and time of who only shows a secret, and takes them off our own contract', async () => {
    const world = createProofWorld({ scheme: 'bearer' });
    const event = world.make(change);
    expect(JSON.parse(event.body)).toMatchObject({ requestId: 'delivery-1', timestamp: world.clock.now() });
    expect((await world.deliver(event)).status).toBe(202);
    const bare = { ...event, body: JSON.stringify(change) };
    expect(await world.deliver(bare)).toMatchObject({ status: 400, body: { code: 'delivery-unmarked' } });
    const later = {
      ...event,
      body: JSON.stringify({ ...change, requestId: 'r', timestamp: world.clock.now() + HOUR }),
    };
    expect((await world.deliver(later)).body.code).toBe('timestamp-future');
  });

  it('judges nothing of a body that was not proved', async () => {
    const world = createProofWorld({ scheme: 'bearer' });
    expect((await world.send(change, { key: 1 })).status).toBe(401);
    expect((await world.send(change)).status).toBe(202);
  });

  it('keeps of a delivery its hash and id, and nothing of what it says', async () => {
    const world = createProofWorld({ scheme: 'github' });
    const kept: unknown[] = [];
    const { writeDelivery } = world.ledger;
    world.ledger.writeDelivery = (record, expected) => {
      kept.push(record);
      return writeDelivery(record, expected);
    };
    await world.send(change);
    expect(kept).toEqual([
      {
        version: 0,
        source: 'hooks',
        bodyHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        id: 'delivery-1',
        at: world.clock.now(),
        keptUntil: world.clock.now() + 33 * DAY,
      },
    ]);
  });
});
